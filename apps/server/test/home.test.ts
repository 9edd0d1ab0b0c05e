import { startTestServer, type TestOrganization, type TestPerson, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

/** The figures of the first page: right, in the reader's days, and bounded in what they cost. */

let server: TestServer
let organization: TestOrganization
let person: TestPerson

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  organization = await server.organization()
  person = await server.person(organization)
})

const home = async (timezone?: string, call = person.sandbox) =>
  (
    await call('GET', `/api/v1/home${timezone === undefined ? '' : `?timezone=${timezone}`}`, {
      headers: { 'commet-version': '2026-07-31' },
    })
  ).json

type Day = { readonly date: string; readonly created: number; readonly isMore: boolean }

/** The days on which customers were created. */
const busy = ({ customers }: { customers: { days: readonly Day[] } }) =>
  customers.days.filter(({ created }) => created > 0).map(({ date, created }) => [date, created])

/** Puts customers there as if they had been created at these instants. */
const add = (instants: readonly string[], prefix = 'x') =>
  server.database.owner(
    `insert into customers (environment_id, id, email, email_folded, timezone, metadata, search_text, created_at, updated_at)
     select $1, 'cus_' || $3 || n, 'a@example.com', 'a@example.com', 'UTC', '{}', '', at, at
     from unnest($2::timestamptz[]) with ordinality as c (at, n)`,
    [organization.sandbox.id, instants, prefix],
  )

/** From here on the sandbox believes that it is this instant. */
const itIs = (instant: string) =>
  server.database.owner('update environments set simulated_time = $2 where id = $1', [
    organization.sandbox.id,
    instant,
  ])

test('customers are counted by the days of the reader, those with 23 and 25 hours as well', async () => {
  await itIs('2026-04-01T12:00:00Z')
  await add([
    '2026-03-03T04:59:59Z',
    '2026-03-28T22:59:59Z',
    '2026-03-28T23:00:00Z',
    '2026-03-29T21:59:59Z',
    '2026-03-29T22:00:00Z',
    '2026-04-01T11:00:00Z',
  ])
  expect(busy(await home())).toEqual([
    ['2026-03-03', 1],
    ['2026-03-28', 2],
    ['2026-03-29', 2],
    ['2026-04-01', 1],
  ])
  expect(busy(await home('Europe/Berlin'))).toEqual([
    ['2026-03-03', 1],
    ['2026-03-28', 1],
    ['2026-03-29', 2],
    ['2026-03-30', 1],
    ['2026-04-01', 1],
  ])
  expect(busy(await home('America/New_York'))).toEqual([
    ['2026-03-28', 2],
    ['2026-03-29', 2],
    ['2026-04-01', 1],
  ])
  const { customers } = await home('America/New_York')
  expect(customers.days).toHaveLength(30)
  expect([customers.days[0].date, customers.days[29].date]).toEqual(['2026-03-03', '2026-04-01'])
  expect(customers).toMatchObject({ total: 6, isMore: false })
})

test('a deleted customer is counted no more, and one of another environment never was', async () => {
  const { call } = organization.sandbox
  const made = await call('POST', '/api/v1/customers', { body: { email: 'a@example.com' } })
  await organization.live.call('POST', '/api/v1/customers', { body: { email: 'a@example.com' } })
  expect((await home()).customers).toMatchObject({ total: 1 })
  expect(busy(await home())).toHaveLength(1)
  await call('DELETE', `/api/v1/customers/${made.json.data.id}`)
  expect((await home()).customers).toMatchObject({ total: 0 })
  expect(busy(await home())).toEqual([])
})

test('counting ends where a day has more than a page shows, and says so', async () => {
  await itIs('2026-04-01T12:00:00Z')
  await add(
    Array.from({ length: 5_001 }, () => '2026-03-31T12:00:00Z'),
    'many',
  )
  await add(
    Array.from({ length: 5_000 }, () => '2026-03-30T12:00:00Z'),
    'enough',
  )
  const { customers } = await home()
  expect(customers.days.slice(-3)).toEqual([
    { date: '2026-03-30', created: 5_000, isMore: false },
    { date: '2026-03-31', created: 5_000, isMore: true },
    { date: '2026-04-01', created: 0, isMore: false },
  ])
  expect(customers).toMatchObject({ total: 10_001, isMore: false })
})

test('says whether a key could be used, and when one was', async () => {
  expect((await home()).keys).toEqual({ exist: true, lastUsedAt: null })
  const other = await startTestServer({ database: server.database })
  await fetch(`${other.address}/api/v1/customers`, { headers: { 'x-api-key': organization.sandbox.apiKey } })
  await other.stop()
  const { keys } = await home()
  expect(Math.abs(Date.parse(keys.lastUsedAt) - Date.now())).toBeLessThan(60_000)
  await server.database.owner('update api_keys set revoked_at = now() where environment_id = $1', [
    organization.sandbox.id,
  ])
  expect((await home()).keys).toEqual({ exist: false, lastUsedAt: keys.lastUsedAt })
  expect((await home(undefined, person.live)).keys).toEqual({ exist: true, lastUsedAt: null })
})

test.each(['Mars/Olympus', '', '+02:00', 'x'.repeat(101)])('the time zone %j is refused', async (zone) => {
  const reply = await person.sandbox('GET', `/api/v1/home?timezone=${encodeURIComponent(zone)}`)
  expect([reply.status, reply.json.error.param]).toEqual([400, 'timezone'])
})
