import { startTestServer, type TestEnvironment, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

let server: TestServer
let sandbox: TestEnvironment
let call: TestEnvironment['call']

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  sandbox = (await server.organization()).sandbox
  call = sandbox.call
})

const create = (body: unknown) => call('POST', '/api/v1/customers', { body })
const remove = (name: string) => call('DELETE', `/api/v1/customers/${encodeURIComponent(name)}`)

test('a delete answers what is gone, by ID and by user ID', async () => {
  const first = (await create({ email: 'a@example.com', id: 'user/1' })).json.data
  const second = (await create({ email: 'a@example.com' })).json.data
  expect((await remove('user/1')).json).toStrictEqual({
    success: true,
    data: { id: first.id, deleted: true, object: 'customer', livemode: false },
  })
  expect((await remove(second.id)).json.data.id).toBe(second.id)
})

test('every call on a deleted customer answers as if it had never been', async () => {
  const { id } = (await create({ email: 'a@example.com', id: 'user_1' })).json.data
  await remove(id)
  for (const name of [id, 'user_1']) {
    const replies = [
      await call('GET', `/api/v1/customers/${name}`),
      await call('PATCH', `/api/v1/customers/${name}`, { body: { fullName: 'x' } }),
      await remove(name),
    ]
    const never = await call('GET', '/api/v1/customers/never')
    for (const reply of replies) {
      expect(reply.status).toBe(404)
      expect(reply.text.replaceAll(name, 'never')).toBe(never.text)
    }
  }
})

test('the user ID is free at once, for a new customer of its own', async () => {
  const first = (await create({ email: 'a@example.com', id: 'user_1' })).json.data
  await remove('user_1')
  const second = await create({ email: 'b@example.com', id: 'user_1' })
  expect(second.status).toBe(201)
  expect(second.json.data.id).not.toBe(first.id)
  expect((await call('GET', '/api/v1/customers/user_1')).json.data.email).toBe('b@example.com')
  expect((await call('GET', `/api/v1/customers/${first.id}`)).status).toBe(404)
})

test('the history stays: the event of the creation, and an audit entry that holds the last state', async () => {
  const customer = (await create({ email: 'a@example.com', id: 'user_1', metadata: { a: 1 } })).json.data
  const reply = await remove('user_1')
  const events = await server.database.owner('select type, data from events where subject_id = $1', [
    customer.id,
  ])
  expect(events).toEqual([{ type: 'customer.created', data: customer }])
  const entries = await server.database.owner(
    'select operation, request_id, before, after from audit_entries where subject_id = $1 order by id',
    [customer.id],
  )
  expect(entries).toMatchObject([
    { operation: 'customers.create', before: null },
    {
      operation: 'customers.delete',
      request_id: reply.headers.get('x-request-id'),
      before: customer,
      after: null,
    },
  ])
})

test('of many deletes at once, one deletes and the others find nothing', async () => {
  await create({ email: 'a@example.com', id: 'user_1' })
  const replies = await Promise.all(Array.from({ length: 20 }, () => remove('user_1')))
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(404)])
})

test('creates and deletes of one user ID at once leave at most one customer', async () => {
  const replies = await Promise.all(
    Array.from({ length: 100 }, (_, turn) =>
      turn % 2 === 0 ? create({ email: 'a@example.com', id: 'user_1' }) : remove('user_1'),
    ),
  )
  expect(replies.filter(({ status }) => status >= 400 && status !== 404)).toEqual([])
  const created = replies.filter(({ status }) => status === 201).length
  const deleted = replies.filter(({ json }) => json.data?.deleted === true).length
  const living = (await call('GET', '/api/v1/customers')).json.data.length
  expect(created - deleted).toBe(living)
})

test('user IDs exchanged at the same time end in a refusal at worst', async () => {
  for (let round = 0; round < 4; round++) {
    const [a, b] = [`${round}-a`, `${round}-b`]
    const [first, second] = [
      (await create({ email: 'a@example.com', id: a })).json.data.id,
      (await create({ email: 'a@example.com', id: b })).json.data.id,
    ]
    const replies = await Promise.all([
      call('PATCH', `/api/v1/customers/${first}`, { body: { externalId: b } }),
      call('PATCH', `/api/v1/customers/${second}`, { body: { externalId: a } }),
    ])
    for (const { status } of replies) expect([200, 409]).toContain(status)
  }
})
