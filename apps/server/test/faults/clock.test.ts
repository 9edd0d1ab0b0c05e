import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { callerWith } from '@commet/testkit'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Installation, installEmbedded, runFault } from './scenarios.ts'

/** The machine's clock jumps, forwards and back, while the server runs. */

const hourMs = 3_600_000
const jumps = [20, -20, 700, -3, 0.01].map((hours) => hours * hourMs)

let folder: string
let installation: Installation

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'commet-clock-'))
  await jumpTo(1)
  installation = await installEmbedded({
    nodeArguments: [`--import=${path.join(import.meta.dirname, 'shifted-clock.mjs')}`],
    env: { FAULT_CLOCK_FILE: path.join(folder, 'offset') },
  })
})
afterAll(async () => {
  await installation.end()
  await rm(folder, { recursive: true, force: true })
})

async function jumpTo(offsetMs: number): Promise<void> {
  await writeFile(path.join(folder, 'offset'), String(offsetMs))
}

/** The server has noticed when its answers carry the new time. */
async function untilNoticed(offsetMs: number): Promise<void> {
  const call = callerWith(installation.address, installation.apiKey)
  for (;;) {
    const { json } = await call('POST', '/api/v1/customers', { body: { email: 'a@example.com' } })
    if (Math.abs(Date.parse(json.data.createdAt) - Date.now() - offsetMs) < hourMs / 4) return
    await delay(10)
  }
}

test('writes go on, keys keep their answers, and nothing is half-written', { timeout: 120_000 }, async () => {
  const figures = await runFault(
    installation,
    {
      strike: async (_, round) => {
        const offset = jumps[round % jumps.length]!
        await jumpTo(offset)
        await untilNoticed(offset)
      },
      says: [],
    },
    jumps.length,
  )
  expect(figures.faults).toEqual([])
})

test('IDs are unique and sorted by creation, whatever the clock says', async () => {
  const call = callerWith(installation.address, installation.apiKey)
  const ids: string[] = []
  for (const offset of jumps) {
    await jumpTo(offset)
    await untilNoticed(offset)
    for (let turn = 0; turn < 5; turn++) {
      ids.push((await call('POST', '/api/v1/customers', { body: { email: 'a@example.com' } })).json.data.id)
    }
  }
  expect(ids).toEqual([...new Set(ids)].toSorted())
})

test('pages show every customer once', async () => {
  const call = callerWith(installation.address, installation.apiKey)
  const seen: string[] = []
  let cursor = ''
  do {
    const { json } = await call('GET', `/api/v1/customers?limit=50${cursor}`)
    seen.push(...json.data.map(({ id }: { id: string }) => id))
    cursor = json.hasMore ? `&cursor=${json.nextCursor}` : ''
  } while (cursor !== '')
  const owner = new pg.Client({ ...installation.owner, options: '-c search_path=commet' })
  await owner.connect()
  const { rows } = await owner.query('select id from customers')
  await owner.end()
  expect(seen.toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
})

test('a server that starts in a later month, with history from that month already there, starts', async () => {
  await jumpTo(700 * hourMs * 3)
  await untilNoticed(700 * hourMs * 3)
  await installation.server.stop()
  await installation.start()
  await untilNoticed(700 * hourMs * 3)
})
