import {
  callerWith,
  createTestDatabase,
  startTestServer,
  type TestDatabase,
  type TestEnvironment,
  type TestServer,
} from '@commet/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

/** Two server processes on one database share everything but their memory. */

let database: TestDatabase
let servers: readonly [TestServer, TestServer]
let sandbox: TestEnvironment
let elsewhere: TestEnvironment['call']

beforeAll(async () => {
  database = await createTestDatabase()
  servers = await Promise.all([startTestServer({ database }), startTestServer({ database })])
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await database.drop()
})
beforeEach(async () => {
  sandbox = (await servers[0].organization()).sandbox
  elsewhere = callerWith(servers[1].address, sandbox.apiKey)
})

const both = () => [sandbox.call, elsewhere]
const eachInTurn = <T>(count: number, work: (call: TestEnvironment['call'], turn: number) => Promise<T>) =>
  Promise.all(
    Array.from({ length: count }, (_, turn) => work(turn % 2 === 0 ? sandbox.call : elsewhere, turn)),
  )

test('started at once, they agree on one first organization', async () => {
  const organizations = await database.owner(`select from organizations where name = 'My organization'`)
  expect(organizations).toHaveLength(1)
})

test('a customer made by one is read, found and changed by the other at once', async () => {
  for (let round = 0; round < 10; round++) {
    const id = `user_${round}`
    await sandbox.call('POST', '/api/v1/customers', { body: { email: 'a@example.com', id } })
    expect((await elsewhere('GET', `/api/v1/customers/${id}`)).status).toBe(200)
    const { data } = (await elsewhere('GET', `/api/v1/customers?search=${id}`)).json
    expect(data).toHaveLength(1)
    await elsewhere('PATCH', `/api/v1/customers/${id}`, { body: { fullName: 'New' } })
    expect((await sandbox.call('GET', `/api/v1/customers/${id}`)).json.data.fullName).toBe('New')
  }
})

test('one user ID asked for at both makes one customer', async () => {
  const replies = await eachInTurn(200, (call, turn) =>
    call('POST', '/api/v1/customers', { body: { email: `u${turn}@example.com`, id: 'the one' } }),
  )
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(1)
})

test('one Idempotency-Key sent to both is done once', async () => {
  const replies = await eachInTurn(60, (call) =>
    call('POST', '/api/v1/customers', {
      body: { email: 'a@example.com' },
      headers: { 'idempotency-key': 'k' },
    }),
  )
  expect(replies.filter(({ status }) => status !== 201 && status !== 409)).toEqual([])
  expect(new Set(replies.filter(({ status }) => status === 201).map(({ text }) => text)).size).toBe(1)
  expect(await database.owner('select from customers where environment_id = $1', [sandbox.id])).toHaveLength(
    1,
  )
})

test('a secret answered by one is answered again by the other', async () => {
  const [first, second] = [sandbox.call, elsewhere].map(
    (call) => () =>
      call('POST', '/api/v1/api-keys', { body: { name: 'x' }, headers: { 'idempotency-key': 'secret' } }),
  )
  expect((await second?.())?.text).toBe((await first?.())?.text)
})

test('a cursor of one leads on at the other', async () => {
  for (let number = 0; number < 4; number++) {
    await sandbox.call('POST', '/api/v1/customers', {
      body: { email: 'a@example.com', id: `user_${number}` },
    })
  }
  const seen: string[] = []
  let cursor = ''
  for (const call of [...both(), ...both()]) {
    const { json } = await call('GET', `/api/v1/customers?limit=1${cursor}`)
    seen.push(json.data[0].externalId)
    cursor = `&cursor=${json.nextCursor}`
  }
  expect(seen).toEqual(['user_3', 'user_2', 'user_1', 'user_0'])
})

test('a server that stops finishes the requests under way, and the other goes on', async () => {
  const third = await startTestServer({ database })
  const leaving = callerWith(third.address, sandbox.apiKey)
  await leaving('GET', '/api/v1/customers')
  const underWay = Array.from({ length: 20 }, (_, number) =>
    leaving('POST', '/api/v1/customers', { body: { email: 'a@example.com', id: `late_${number}` } }).catch(
      () => undefined,
    ),
  )
  await underWay[0]
  await third.stop()
  const answered = (await Promise.all(underWay)).filter((reply) => reply !== undefined)
  expect(answered.length).toBeGreaterThan(0)
  for (const { status, json } of answered) {
    expect(status).toBe(201)
    expect((await elsewhere('GET', `/api/v1/customers/${json.data.id}`)).status).toBe(200)
  }
})
