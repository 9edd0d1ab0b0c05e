import { startTestServer, type TestEnvironment, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

/** The sandbox's clock dates what is billed and seen; the machine's clock dates keys and the history. */

let server: TestServer
let sandbox: TestEnvironment

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  sandbox = (await server.organization()).sandbox
})

const moveClock = (to: string | null) =>
  server.database.owner('update environments set simulated_time = $2 where id = $1', [sandbox.id, to])
const create = (headers = {}) =>
  sandbox.call('POST', '/api/v1/customers', { body: { email: 'a@example.com' }, headers })

test('a clock that was moved dates the very next write, although its key is remembered', async () => {
  await create()
  for (const time of ['2031-05-01T00:00:00.000Z', '2030-01-01T12:00:00.500Z']) {
    await moveClock(time)
    expect((await create()).json.data).toMatchObject({ createdAt: time, updatedAt: time })
    expect((await create({ 'idempotency-key': time })).json.data.createdAt).toBe(time)
  }
  await moveClock(null)
  expect(Math.abs(Date.parse((await create()).json.data.createdAt) - Date.now())).toBeLessThan(60_000)
})

test('events and audit carry both times', async () => {
  await moveClock('2031-05-01T00:00:00.000Z')
  const { id } = (await create()).json.data
  for (const table of ['events', 'audit_entries']) {
    const [row] = await server.database.owner<{ occurred_at: Date; recorded_at: Date }>(
      `select occurred_at, recorded_at from ${table} where subject_id = $1`,
      [id],
    )
    expect(row?.occurred_at.toISOString()).toBe('2031-05-01T00:00:00.000Z')
    expect(Math.abs((row?.recorded_at.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
  }
})

test('API keys and stored answers keep to real time', async () => {
  await moveClock('2031-05-01T00:00:00.000Z')
  const key = await sandbox.call('POST', '/api/v1/api-keys', {
    body: { name: 'x', expiresInDays: 1 },
    headers: { 'idempotency-key': 'k' },
  })
  expect(Math.abs(Date.parse(key.json.data.createdAt) - Date.now())).toBeLessThan(60_000)
  const [stored] = await server.database.owner<{ created_at: Date }>(
    'select created_at from idempotency_keys where environment_id = $1',
    [sandbox.id],
  )
  expect(Math.abs((stored?.created_at.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
})

test('the live environment has no other clock than the real one', async () => {
  const { live } = await server.organization()
  const moved = server.database.owner('update environments set simulated_time = now() where id = $1', [
    live.id,
  ])
  await expect(moved).rejects.toMatchObject({ code: '23514' })
})
