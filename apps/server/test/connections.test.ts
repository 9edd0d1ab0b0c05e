import { startTestServer, type TestEnvironment, type TestServer } from '@commet/testkit'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** The database may cut every connection (a restart, a failover): the server notices and goes on. */

let server: TestServer
let sandbox: TestEnvironment

beforeAll(async () => {
  server = await startTestServer()
  sandbox = (await server.organization()).sandbox
})
afterAll(() => server.stop())

const cutAll = () =>
  server.database.owner(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and usename in ('commet_app', 'commet_worker', 'commet_auth')`,
  )
const read = () => sandbox.call('GET', '/api/v1/customers')
const write = () => sandbox.call('POST', '/api/v1/customers', { body: { email: 'a@example.com' } })

test('after every connection was cut, reads and writes work again, and no answer is half a truth', async () => {
  let written = 0
  for (let round = 0; round < 3; round++) {
    await Promise.all([read(), write().then(({ status }) => status === 201 && written++)])
    const underWay = Array.from({ length: 20 }, (_, turn) => (turn % 2 === 0 ? read() : write()))
    await cutAll()
    for (const reply of await Promise.all(underWay)) {
      expect([200, 201, 503]).toContain(reply.status)
      if (reply.status === 503) expect(reply.json.error.code).toBe('internal_error')
      if (reply.status === 201) written++
    }
    await expect.poll(async () => (await read()).status, { timeout: 5_000 }).toBe(200)
    await expect
      .poll(async () => (await write()).status === 201 && ++written > 0, { timeout: 5_000 })
      .toBe(true)
  }
  const rows = await server.database.owner('select from customers where environment_id = $1', [sandbox.id])
  expect(rows.length).toBeGreaterThanOrEqual(written)
  const events = await server.database.owner('select from events where environment_id = $1', [sandbox.id])
  expect(events.length).toBe(rows.length)
})

test('people whose session was being looked up are told to come back, and nothing is logged for each', async () => {
  const person = await server.person(await server.organization())
  const holder = new pg.Client({ connectionString: server.database.url })
  await holder.connect()
  await holder.query('begin; lock table commet_auth.sessions')
  const underWay = Array.from({ length: 3 }, () => person.sandbox('GET', '/api/v1/customers'))
  const waiting = `from pg_stat_activity where usename = 'commet_auth' and wait_event_type = 'Lock' and datname = current_database()`
  await expect.poll(async () => (await server.database.owner(`select ${waiting}`)).length).toBe(3)
  await server.database.owner(`select pg_terminate_backend(pid) ${waiting}`)
  const told = (await Promise.all(underWay)).map(
    ({ status, headers }) => `${status}, again after ${headers.get('retry-after')}`,
  )
  await holder.query('rollback')
  await holder.end()
  expect(told).toEqual(told.map(() => '503, again after 1'))
  expect(server.logLines.filter(({ message }) => message === 'request failed')).toEqual([])
  expect((await person.sandbox('GET', '/api/v1/customers')).status).toBe(200)
})

test('health says whether the database answers', async () => {
  await cutAll()
  await expect
    .poll(async () => (await fetch(`${server.address}/health`)).status, { timeout: 5_000 })
    .toBe(200)
})

test('revocations are heard again after the listening connection was cut', async () => {
  const other = await startTestServer({ database: server.database })
  await cutAll()
  await expect.poll(async () => (await read()).status, { timeout: 5_000 }).toBe(200)
  const listening = async () =>
    (
      await server.database.owner(
        `select from pg_stat_activity where datname = current_database() and query like 'listen "commet_api_keys"'`,
      )
    ).length
  await expect.poll(listening, { timeout: 5_000 }).toBe(2)
  const key = (await sandbox.call('POST', '/api/v1/api-keys', { body: { name: 'x' } })).json.data
  const headers = { 'x-api-key': key.apiKey }
  const use = async () => (await fetch(`${other.address}/api/v1/customers`, { headers })).status
  await expect.poll(use, { timeout: 5_000 }).toBe(200)
  await sandbox.call('DELETE', `/api/v1/api-keys/${key.id}`)
  await expect.poll(use, { interval: 20, timeout: 1_000 }).toBe(401)
  await other.stop()
})
