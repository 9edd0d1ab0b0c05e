import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installBehindNetwork, networkFaults } from './lost-network.ts'
import {
  type Fault,
  faults,
  type Installation,
  installEmbedded,
  installOutside,
  outsideFaults,
  runFault,
} from './scenarios.ts'
import { installTwins, twinFaults } from './two-servers.ts'

/**
 * Through the front door: after every fault each acknowledged write is there, nothing is half-written, no idempotency key
 * stands without its effect, and the server is back by itself. `npm run soak` runs many more rounds of the same.
 */

const rounds = 2

function survives<Place extends Installation>(
  name: string,
  install: () => Promise<Place>,
  list: Readonly<Record<string, Fault<Place>>>,
): void {
  describe(`a server on ${name} survives`, () => {
    let installation: Place

    beforeAll(async () => {
      installation = await install()
    })
    afterAll(() => installation.end())

    test.each(Object.entries(list))('%s', { timeout: 120_000 }, async (_, fault) => {
      const figures = await runFault(installation, fault, rounds)
      expect(figures.faults).toEqual([])
      expect(figures.recoveriesMs).toHaveLength(rounds)
    })
  })
}

survives('its embedded PostgreSQL', installEmbedded, faults)
survives('a PostgreSQL outside', installOutside, outsideFaults)
survives('a PostgreSQL behind a network', installBehindNetwork, networkFaults)
survives('a PostgreSQL that another server shares', installTwins, twinFaults)
