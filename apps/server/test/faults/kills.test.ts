import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  faults,
  type Installation,
  installEmbedded,
  installOutside,
  outsideFaults,
  runFault,
} from './scenarios.ts'

/**
 * Through the front door: after every fault each acknowledged write is there, nothing is half-written, no idempotency key
 * stands without its effect, and the server is back by itself. `npm run soak` runs many more rounds of the same.
 */

const rounds = 2

describe.each([
  ['embedded', installEmbedded, faults],
  ['outside', installOutside, outsideFaults],
] as const)('a server on its %s PostgreSQL survives', (_, install, list) => {
  let installation: Installation

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
