import { prepareDatabase } from '@commet/server/db/prepare'
import type { Kernel } from '@commet/server/kernel/command'
import { type Database, openDatabase } from '@commet/server/kernel/db'
import { createSeal } from '@commet/server/kernel/seal'
import { carryOutDueDeletions, type DueServices } from '@commet/server/worker/due'
import {
  startTestServer,
  type TestEnvironment,
  type TestPerson,
  type TestServer,
  testSecret,
} from '@commet/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

/** A deletion in the dashboard: for ten seconds it is a wish that can be taken back, then the worker carries it out. */

let server: TestServer
let sandbox: TestEnvironment
let person: TestPerson
let workers: readonly [DueServices, DueServices]
let databases: readonly Database[]

beforeAll(async () => {
  server = await startTestServer()
  const { app, worker } = await prepareDatabase({ connectionString: server.database.url }, testSecret)
  const open = () => {
    const [db, kernelDb] = [openDatabase(worker), openDatabase(app)]
    const kernel: Kernel = { db: kernelDb, seal: createSeal(testSecret) }
    const log = { info: silent, warn: silent, error: (fields: object) => expect.fail(JSON.stringify(fields)) }
    return { services: { db, kernel, log }, opened: [db, kernelDb] }
  }
  const [first, second] = [open(), open()]
  workers = [first.services, second.services]
  databases = [...first.opened, ...second.opened]
})
afterAll(async () => {
  await Promise.all(databases.map((db) => db.close()))
  await server.stop()
})
beforeEach(async () => {
  const organization = await server.organization()
  sandbox = organization.sandbox
  person = await server.person(organization, 'member')
})

function silent(): void {}

const create = async (body: object = {}) =>
  (await sandbox.call('POST', '/api/v1/customers', { body: { email: 'a@example.com', ...body } })).json.data
const get = (name: string) => sandbox.call('GET', `/api/v1/customers/${name}`)
const ask = (customerIds: readonly string[]) =>
  person.sandbox('POST', '/api/v1/customer-deletions', { body: { customerIds } })
const takeBack = (id: string) => person.sandbox('DELETE', `/api/v1/customer-deletions/${id}`)
const waiting = async () => (await person.sandbox('GET', '/api/v1/customer-deletions')).json.data

/** Ten seconds later, as far as the deletions of this environment know. */
// Workers look at all environments: what one test leaves waiting would be due in the middle of another on a slow machine.
afterEach(() => server.database.owner('delete from customer_deletions'))

const passTime = () =>
  server.database.owner(
    `update customer_deletions set due_at = due_at - interval '10 seconds' where environment_id = $1`,
    [sandbox.id],
  )
const work = (worker = workers[0]) => carryOutDueDeletions(worker, new Date())

const entriesOf = (id: string) =>
  server.database.owner(
    `select operation, actor_kind, actor_id, request_id, before, after from audit_entries
     where subject_id = $1 and operation = 'customers.delete'`,
    [id],
  )

test('nothing happens to the customers before ten seconds are over, and the wait is shown', async () => {
  const customer = await create({ id: 'user_1' })
  const asked = await ask([customer.id])
  expect(asked.status).toBe(201)
  const { data } = asked.json
  expect(data).toMatchObject({ customerIds: [customer.id], object: 'customer_deletion', livemode: false })
  expect(Date.parse(data.dueAt) - Date.parse(data.createdAt)).toBe(10_000)
  expect(await waiting()).toEqual([data])
  await work()
  expect((await get('user_1')).json.data).toEqual(customer)
  expect(await waiting()).toEqual([data])
})

test('then they are gone by the rules of an immediate deletion, and the history names who asked', async () => {
  const [one, two, other] = [await create({ id: 'user_1' }), await create(), await create()]
  const asked = await ask([two.id, one.id])
  await passTime()
  expect(await work()).toBe(2)
  expect(await waiting()).toEqual([])
  for (const { id } of [one, two]) expect((await get(id)).status).toBe(404)
  expect((await get(other.id)).status).toBe(200)
  expect((await create({ id: 'user_1' })).id).not.toBe(one.id)
  for (const customer of [one, two]) {
    expect(await entriesOf(customer.id)).toEqual([
      {
        operation: 'customers.delete',
        actor_kind: 'user',
        actor_id: person.userId,
        request_id: asked.headers.get('x-request-id'),
        before: customer,
        after: null,
      },
    ])
  }
})

test('taken back in time, all of them stay', async () => {
  const ids = [(await create()).id, (await create()).id]
  const { id } = (await ask(ids)).json.data
  expect((await takeBack(id)).json.data).toEqual({
    id,
    deleted: true,
    object: 'customer_deletion',
    livemode: false,
  })
  await passTime()
  expect(await work()).toBe(0)
  for (const id of ids) expect((await get(id)).status).toBe(200)
})

test('taken back too late, and a second time, it is refused in words', async () => {
  const { id } = (await ask([(await create()).id])).json.data
  await passTime()
  await work()
  const late = await takeBack(id)
  expect(late.status).toBe(404)
  expect(late.json.error).toMatchObject({ code: 'not_found', param: 'id' })
  expect(late.json.error.message).toMatch(/was carried out, or was taken back already/)
})

test('until a worker comes, a deletion that is due can still be taken back', async () => {
  const customer = await create()
  const { id } = (await ask([customer.id])).json.data
  await passTime()
  expect((await takeBack(id)).status).toBe(200)
  await work()
  expect((await get(customer.id)).status).toBe(200)
})

test('a customer that is changed, created again or in a batch meanwhile stays; the others go', async () => {
  const names = ['changed', 'unchanged', 'again', 'batch', 'left']
  const customers = await Promise.all(names.map((id) => create({ id })))
  await ask(customers.map(({ id }) => id))
  await sandbox.call('PATCH', '/api/v1/customers/changed', { body: { fullName: 'Ada' } })
  await sandbox.call('PATCH', '/api/v1/customers/unchanged', { body: { email: 'a@example.com' } })
  await create({ id: 'again' })
  const batch = { customers: [{ id: 'batch', email: 'a@example.com' }] }
  await sandbox.call('POST', '/api/v1/customers/batch', { body: batch })
  const [deletion] = await waiting()
  expect(deletion.customerIds).toEqual([customers[4].id])
  await passTime()
  expect(await work()).toBe(1)
  for (const name of names.slice(0, 4)) expect([name, (await get(name)).status]).toEqual([name, 200])
  expect((await get('left')).status).toBe(404)
})

test('a change of another customer takes nobody from the list', async () => {
  const customer = await create()
  await ask([customer.id])
  const other = await create({ id: 'other' })
  await sandbox.call('PATCH', '/api/v1/customers/other', { body: { fullName: 'Ada' } })
  await create({ id: 'other' })
  expect((await waiting())[0].customerIds).toEqual([customer.id])
  expect(other.id).not.toBe(customer.id)
})

test('asked for twice it happens at the first time, and taking one wish back leaves the other', async () => {
  const customer = await create()
  const first = (await ask([customer.id, customer.id])).json.data
  expect(first.customerIds).toEqual([customer.id])
  await ask([customer.id])
  await takeBack(first.id)
  await passTime()
  expect(await work()).toBe(1)
  expect(await entriesOf(customer.id)).toHaveLength(1)
})

test('a customer that was deleted at once meanwhile is not deleted again', async () => {
  const customer = await create()
  await ask([customer.id])
  await sandbox.call('DELETE', `/api/v1/customers/${customer.id}`)
  await passTime()
  expect(await work()).toBe(0)
  expect(await entriesOf(customer.id)).toMatchObject([{ actor_kind: 'api_key' }])
})

test('two workers at once delete a thousand customers once', async () => {
  const ids: string[] = []
  for (let batch = 0; batch < 10; batch++) {
    const customers = Array.from({ length: 100 }, () => ({ email: 'a@example.com' }))
    const reply = await sandbox.call('POST', '/api/v1/customers/batch', { body: { customers } })
    ids.push(...reply.json.data.successful.map(({ id }: { id: string }) => id))
  }
  const asked = await ask(ids)
  expect(asked.json.data.customerIds).toEqual(ids.toSorted())
  await passTime()
  const counts = await Promise.all([work(workers[0]), work(workers[1])])
  expect(counts.toSorted()).toEqual([0, 1000])
  const [row] = await server.database.owner<{ entries: number; subjects: number }>(
    `select count(*)::int as entries, count(distinct subject_id)::int as subjects from audit_entries
     where environment_id = $1 and operation = 'customers.delete'`,
    [sandbox.id],
  )
  expect(row).toEqual({ entries: 1000, subjects: 1000 })
})

test('of a deletion carried out and creates at the same instant, no create answers a customer that is gone', async () => {
  for (let round = 0; round < 15; round++) {
    const userId = `user_${round}`
    const customer = await create({ id: userId })
    await ask([customer.id])
    await passTime()
    const [deleted, ...created] = await Promise.all([work(), create({ id: userId }), create({ id: userId })])
    const now = (await get(userId)).json.data
    expect(created.map(({ id }) => id)).toEqual([now.id, now.id])
    expect(now.id === customer.id).toBe(deleted === 0)
  }
})

test('of a deletion carried out, taken back and changed at the same instant, one wins', async () => {
  for (let round = 0; round < 15; round++) {
    const customer = await create()
    const { id } = (await ask([customer.id])).json.data
    await passTime()
    const [deleted, undone, changed] = await Promise.all([
      work(),
      round % 2 === 0 ? takeBack(id) : undefined,
      sandbox.call('PATCH', `/api/v1/customers/${customer.id}`, { body: { fullName: 'Ada' } }),
    ])
    expect((await get(customer.id)).status).toBe(deleted === 1 ? 404 : 200)
    expect(changed.status).toBe(deleted === 1 && changed.status === 404 ? 404 : 200)
    if (undone?.status === 200) expect(deleted).toBe(0)
    if (changed.status === 200) expect(deleted).toBe(0)
  }
})

test('a wish survives a restart, and a server with a worker carries it out by itself', async () => {
  const customer = await create()
  await ask([customer.id])
  await passTime()
  const other = await startTestServer({ database: server.database, worker: true })
  await expect.poll(async () => (await get(customer.id)).status, { timeout: 10_000 }).toBe(404)
  const second = await create()
  await ask([second.id])
  await passTime()
  await expect.poll(async () => (await get(second.id)).status, { timeout: 10_000 }).toBe(404)
  await other.stop()
})

test('the sandbox clock neither hurries nor delays it, and dates the deletion', async () => {
  const customer = await create()
  await server.database.owner(
    `update environments set simulated_time = '2031-05-01T00:00:00Z' where id = $1`,
    [sandbox.id],
  )
  const { dueAt } = (await ask([customer.id])).json.data
  expect(Math.abs(Date.parse(dueAt) - Date.now())).toBeLessThan(60_000)
  expect(await work()).toBe(0)
  await passTime()
  expect(await work()).toBe(1)
  const [row] = await server.database.owner<{ deleted_at: Date }>(
    'select deleted_at from customers where id = $1',
    [customer.id],
  )
  expect(row?.deleted_at.toISOString()).toBe('2031-05-01T00:00:00.000Z')
})

test('a server whose clock has jumped ahead deletes nothing early', async () => {
  const customer = await create()
  await ask([customer.id])
  expect(await carryOutDueDeletions(workers[0], new Date(Date.now() + 3_600_000))).toBe(0)
  expect((await get(customer.id)).status).toBe(200)
})

test("another environment's customers are nobody's: they are left out, and stay", async () => {
  const theirs = (await server.organization()).sandbox
  const foreign = (await theirs.call('POST', '/api/v1/customers', { body: { email: 'b@example.com' } })).json
    .data
  const own = await create()
  const { customerIds } = (await ask([foreign.id, own.id, 'cus_of_nobody'])).json.data
  expect(customerIds).toEqual([own.id])
  await passTime()
  await work()
  expect((await theirs.call('GET', `/api/v1/customers/${foreign.id}`)).status).toBe(200)
})

test('what is no list of cus_ IDs is refused with the field named', async () => {
  for (const [customerIds, field] of [
    [[], 'customerIds'],
    ['cus_1', 'customerIds'],
    [['user_1'], 'customerIds.0'],
    [Array(1001).fill('cus_1'), 'customerIds'],
  ] as const) {
    const reply = await ask(customerIds as readonly string[])
    expect([reply.status, reply.json.error.details[0].field]).toEqual([400, field])
  }
})
