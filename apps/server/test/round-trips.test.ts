import {
  countWire,
  createTestDatabase,
  startTestServer,
  type TestDatabase,
  type TestEnvironment,
  type TestServer,
  type WireCounter,
} from '@commet/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** What a request costs between the server and its database, counted on the wire between them. */

let database: TestDatabase
let wire: WireCounter
let server: TestServer
let call: TestEnvironment['call']
let lastNumber = 0

beforeAll(async () => {
  database = await createTestDatabase()
  wire = await countWire(database.url)
  server = await startTestServer({ database, databaseUrl: wire.url })
  call = (await server.organization()).sandbox.call
})
afterAll(async () => {
  await server.stop()
  await wire.close()
  await database.drop()
})

const create = (body: object = {}, headers = {}) =>
  call('POST', '/api/v1/customers', { body: { email: 'a@example.com', ...body }, headers })
const fresh = () => ({ id: `user_${lastNumber++}` })
const key = () => ({ 'idempotency-key': `key_${lastNumber++}` })

/** Runs a request until its statements are prepared and its key is known, then counts it. */
async function costOf(request: () => Promise<{ readonly status: number }>, status: number) {
  for (let warm = 0; warm < 6; warm++) await request()
  let last = 0
  const count = await wire.during(async () => {
    last = (await request()).status
  })
  expect(last).toBe(status)
  return count
}

test('a read is one round trip', async () => {
  const { id } = (await create({ id: 'known', metadata: { plan: 'team' } })).json.data
  for (const path of [
    `/customers/${id}`,
    '/customers/known',
    '/customers',
    '/customers?limit=100&order=asc&email=a@example.com&createdAfter=2020-01-01T00:00:00Z',
    '/customers?search=known&metadata[plan]=team',
    '/api-keys',
  ]) {
    const { roundTrips } = await costOf(() => call('GET', `/api/v1${path}`), 200)
    expect([path, roundTrips]).toEqual([path, 1])
  }
  expect((await costOf(() => call('GET', '/api/v1/customers/nobody'), 404)).roundTrips).toBe(1)
})

test('a new customer is two round trips, with or without a user ID or an Idempotency-Key', async () => {
  expect(await costOf(() => create(), 201)).toEqual({ statements: 6, roundTrips: 2 })
  expect(await costOf(() => create(fresh()), 201)).toEqual({ statements: 6, roundTrips: 2 })
  expect(await costOf(() => create(fresh(), key()), 201)).toEqual({ statements: 8, roundTrips: 2 })
})

// The third is the look at the holder of the user ID, after the insert found it taken. An upsert would save it and pay with
// a write to the disk for every repeated create, which now writes nothing.
test('a create that finds its customer is three round trips', async () => {
  await create({ id: 'existing' })
  expect((await costOf(() => create({ id: 'existing' }), 200)).roundTrips).toBe(3)
})

test('a change is three round trips at most, a delete two', async () => {
  await create({ id: 'changing' })
  const change = () =>
    call('PATCH', '/api/v1/customers/changing', { body: { fullName: `Name ${lastNumber++}` } })
  expect((await costOf(change, 200)).roundTrips).toBeLessThanOrEqual(3)
  const names = Array.from({ length: 7 }, (_, number) => `leaving_${number}`)
  for (const id of names) await create({ id })
  const leave = () => call('DELETE', `/api/v1/customers/${names.pop()}`)
  expect((await costOf(leave, 200)).roundTrips).toBe(2)
})

test('a replay is three round trips at most', async () => {
  const headers = key()
  const { roundTrips } = await costOf(() => create({}, headers), 201)
  expect(roundTrips).toBeLessThanOrEqual(3)
})

test('a request that is refused before it needs data is none', async () => {
  expect(await costOf(() => create({ email: 'nobody' }), 400)).toEqual({ statements: 0, roundTrips: 0 })
  expect(await costOf(() => call('GET', '/api/v1/customers?limit=0'), 400)).toEqual({
    statements: 0,
    roundTrips: 0,
  })
})
