import { callerWith } from '@commet/testkit'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runFault } from './scenarios.ts'
import { type ClockInstallation, clockFaults, hourMs, installWithClock, jumps } from './shifted-clock.ts'

/** The machine's clock jumps, forwards and back, while the server runs. */

let installation: ClockInstallation

beforeAll(async () => {
  installation = await installWithClock()
})
afterAll(() => installation.end())

test('writes go on, keys keep their answers, and nothing is half-written', { timeout: 120_000 }, async () => {
  const [fault] = Object.values(clockFaults)
  const figures = await runFault(installation, fault!, jumps.length)
  expect(figures.faults).toEqual([])
})

test('IDs are unique and sorted by creation, whatever the clock says', async () => {
  const call = callerWith(installation.address, installation.apiKey)
  const ids: string[] = []
  for (const offset of jumps) {
    await installation.jumpTo(offset)
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

test('an answer that was stored while the clock was behind or ahead is kept for its whole day', async () => {
  const call = callerWith(installation.address, installation.apiKey)
  for (const hours of [-30, 30]) {
    await installation.jumpTo(hours * hourMs)
    const headers = { 'idempotency-key': `stored ${hours}` }
    await call('POST', '/api/v1/customers', { body: { email: 'a@example.com' }, headers })
  }
  const owner = new pg.Client({ ...installation.owner, options: '-c search_path=commet' })
  await owner.connect()
  const { rows } = await owner.query(
    `select from idempotency_keys where key like 'stored%' and created_at > now() - interval '1 hour'`,
  )
  await owner.end()
  expect(rows).toHaveLength(2)
})

test('a server that starts in a later month, with history from that month already there, starts', async () => {
  await installation.jumpTo(700 * hourMs * 3)
  await installation.server.stop()
  await installation.start()
  await installation.jumpTo(700 * hourMs * 3)
})
