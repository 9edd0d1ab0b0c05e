import {
  countWire,
  createTestDatabase,
  startTestServer,
  type TestDatabase,
  type TestEnvironment,
  type TestServer,
} from '@commet/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

let server: TestServer
let sandbox: TestEnvironment

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  sandbox = (await server.organization()).sandbox
})

const batch = (customers: unknown, environment = sandbox, headers = {}) =>
  environment.call('POST', '/api/v1/customers/batch', { body: { customers }, headers })
const create = (body: unknown, environment = sandbox) =>
  environment.call('POST', '/api/v1/customers', { body })
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ email: `user${index}@example.com`, id: `user_${index}` }))
const countOf = async (table: 'customers' | 'events' | 'audit_entries', environment = sandbox) => {
  const [row] = await server.database.owner<{ count: number }>(
    `select count(*)::int as count from ${table} where environment_id = $1`,
    [environment.id],
  )
  return row?.count
}

describe('what a batch answers', () => {
  test('every item in its order, with one event and one audit entry each', async () => {
    const reply = await batch(numbered(100))
    expect(reply.status).toBe(200)
    const { successful, failed, ...rest } = reply.json.data
    expect(successful.map(({ externalId }: { externalId: string }) => externalId)).toEqual(
      numbered(100).map(({ id }) => id),
    )
    expect([failed, rest]).toStrictEqual([[], { object: 'customer', livemode: false }])
    expect([await countOf('customers'), await countOf('events'), await countOf('audit_entries')]).toEqual([
      100, 100, 100,
    ])
  })

  test('a customer in a batch equals the same customer asked for alone', async () => {
    const [, item] = (await batch(numbered(3))).json.data.successful
    expect((await sandbox.call('GET', '/api/v1/customers/user_1')).json.data).toStrictEqual(item)
  })

  test('an item whose user ID exists resolves to that customer, unchanged and without an event', async () => {
    const existing = (await create({ email: 'first@example.com', id: 'user_1' })).json.data
    const { successful } = (await batch(numbered(3))).json.data
    expect(successful[1]).toStrictEqual(existing)
    expect(await countOf('events')).toBe(3)
  })

  test('twins resolve to one customer, the first of them', async () => {
    const { successful, failed } = (
      await batch([
        { email: 'first@example.com', id: 'twin' },
        { email: 'second@example.com', externalId: 'twin' },
        { email: 'other@example.com' },
        { email: 'other@example.com' },
      ])
    ).json.data
    expect(failed).toEqual([])
    expect(successful[1]).toStrictEqual(successful[0])
    expect(successful[0].email).toBe('first@example.com')
    expect(successful[3].id).not.toBe(successful[2].id)
    expect(await countOf('customers')).toBe(3)
    expect(await countOf('events')).toBe(3)
  })

  test('a bad item is reported with its place, what is wrong and the item as it was sent', async () => {
    const items = [
      { email: 'good@example.com', id: 'a' },
      { email: 'nobody', id: 'b', metadata: { kept: [1] } },
      {},
      { email: 'good@example.com', id: 'cus_mine' },
      { email: 'good@example.com', emial: 'x' },
      { email: 'good@example.com', id: 'a', externalId: 'b' },
      { email: 'good@example.com', id: 'z', isActive: false, domain: 'x' },
    ]
    const reply = await batch(items)
    expect(reply.status).toBe(200)
    const { successful, failed } = reply.json.data
    expect(successful.map(({ externalId }: { externalId: string }) => externalId)).toEqual(['a', 'z'])
    expect(failed).toEqual([
      { index: 1, error: 'email: Invalid email format', data: items[1] },
      { index: 2, error: 'email is required', data: items[2] },
      { index: 3, error: expect.stringContaining('must not start with "cus_"'), data: items[3] },
      { index: 4, error: 'emial is not a field; did you mean email?', data: items[4] },
      { index: 5, error: 'externalId must equal id when both are sent; send one of them', data: items[5] },
    ])
  })

  test('where every item is bad, nothing is written and the answer is still 200', async () => {
    const reply = await batch([{ email: 'x' }, { email: 'y' }])
    expect([reply.status, reply.json.data.successful, reply.json.data.failed.length]).toEqual([200, [], 2])
    expect(await countOf('customers')).toBe(0)
  })

  test.each([
    ['no item', []],
    ['101 items', numbered(101)],
    ['an item that is no object', [{ email: 'a@example.com', id: 'a' }, 'b']],
    ['an item that is a list', [[]]],
    ['an object for the list', { 0: { email: 'a@example.com' } }],
    ['null', null],
  ])('%s refuses the whole batch', async (_, customers) => {
    const reply = await batch(customers)
    expect([reply.status, reply.json.error.code]).toEqual([400, 'validation_error'])
    expect(reply.json.error.param).toMatch(/^customers/)
    expect(await countOf('customers')).toBe(0)
  })

  test('names of older clients are taken in every item', async () => {
    const reply = await batch([{ billingEmail: 'old@example.com', isActive: true }])
    expect(reply.json.data.successful[0].email).toBe('old@example.com')
  })

  test('a bad item comes back as it was sent, under whichever names', async () => {
    const items = [
      { billingEmail: 'nobody', isActive: true },
      { email: 'nobody', id: 'x' },
    ]
    for (const version of ['2026-05-01', '2026-06-07', '2026-07-11']) {
      const { failed } = (await batch(items, sandbox, { 'commet-version': version })).json.data
      expect(failed.map(({ data }: { data: object }) => data)).toStrictEqual(items)
    }
  })

  test('a batch and single creates give the same customers and the same failures', async () => {
    const userId = fc.constantFrom('a', 'b', 'c', 'd', undefined, '', '..', 'cus_x')
    const item = fc.record(
      {
        email: fc.constantFrom('a@example.com', 'B@Example.com', 'nobody', null, 7),
        id: userId,
        externalId: fc.constantFrom('a', 'b', 'e'),
        fullName: fc.constantFrom('Ada', '', null, 'x'.repeat(201)),
        timezone: fc.constantFrom('UTC', 'Mars/Olympus', null),
        metadata: fc.constantFrom({ a: 1 }, [], null),
        unknown: fc.constant(1),
      },
      { requiredKeys: ['email'] },
    )
    const usual = fc.record({ email: fc.constant('a@example.com'), id: userId })
    const items = fc.array(fc.oneof({ weight: 2, arbitrary: usual }, item), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(items, async (customers) => {
        const [together, alone] = [
          (await server.organization()).sandbox,
          (await server.organization()).sandbox,
        ]
        const { successful, failed } = (await batch(customers, together)).json.data
        const replies = []
        for (const customer of customers) replies.push(await create(customer, alone))
        const good = replies.filter(({ status }) => status < 300).map(({ json }) => json.data)
        expect(numberIds(successful)).toEqual(numberIds(good))
        expect(failed.map(({ index, error }: Failure) => [index, error])).toEqual(
          replies.flatMap(({ status, json }, index) => (status < 300 ? [] : [[index, json.error.message]])),
        )
      }),
      { seed: 20260711, numRuns: 40 },
    )
  })

  type Failure = { readonly index: number; readonly error: string }
  type Made = { readonly id: string; readonly createdAt: string; readonly updatedAt: string }

  /** Customers without times, and with the number of their ID in place of it: equal where the same ones are equal. */
  function numberIds(customers: readonly Made[]): readonly object[] {
    const ids = [...new Set(customers.map(({ id }) => id))]
    return customers.map(({ id, createdAt: _, updatedAt: __, ...rest }) => ({ ...rest, id: ids.indexOf(id) }))
  }
})

describe('what a batch costs', () => {
  test('the same number of statements and round trips for one customer and for a hundred', async () => {
    const database = await createTestDatabase()
    const wire = await countWire(database.url)
    const counted = await startTestServer({ database, databaseUrl: wire.url })
    const { sandbox: own } = await counted.organization()
    const warm = [{ email: 'a@example.com', id: 'warm' }]
    await batch(warm, own)
    await batch([{ email: 'a@example.com' }], own)
    // Listening for revoked keys begins beside the first requests, and must not be counted with them.
    await expect.poll(() => listening(database)).toBe(2)
    const made = (count: number, prefix: string) =>
      numbered(count).map(({ email, id }) => ({ email, id: prefix + id }))
    const one = await wire.during(() => batch(made(1, 'one'), own))
    const hundred = await wire.during(() => batch(made(100, 'hundred'), own))
    const existing = await wire.during(() => batch(made(100, 'hundred'), own))
    expect(one).toEqual({ statements: 6, roundTrips: 2 })
    expect(hundred.statements).toBe(6)
    expect(existing.statements).toBeLessThanOrEqual(7)
    await counted.stop()
    await wire.close()
    await database.drop()
  })
})

async function listening(database: TestDatabase): Promise<number> {
  const [row] = await database.owner<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where datname = current_database() and query like 'listen%'`,
  )
  return row?.count ?? 0
}

describe('batches at the same time', () => {
  test('overlapping batches in opposite orders all succeed and make each customer once', async () => {
    for (let round = 0; round < 5; round++) {
      const items = numbered(60).map(({ email, id }) => ({ email, id: `${round}-${id}` }))
      const orders = [items, items.toReversed(), [...items.slice(30), ...items.slice(0, 30)], items]
      const replies = await Promise.all(orders.map((order) => batch(order)))
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
      const ids = replies.flatMap(({ json }) => json.data.successful.map(({ id }: { id: string }) => id))
      expect([ids.length, new Set(ids).size]).toEqual([240, 60])
    }
    expect(await countOf('customers')).toBe(300)
    expect(await countOf('events')).toBe(300)
  })

  test('batches, single creates and deletes of the same user IDs never fail', async () => {
    const items = numbered(8)
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, turn) => {
        const item = items[turn % items.length]
        if (turn % 3 === 0) return batch(turn % 2 === 0 ? items : items.toReversed())
        if (turn % 3 === 1) return sandbox.call('DELETE', `/api/v1/customers/${item?.id}`)
        return create(item)
      }),
    )
    expect(replies.filter(({ status }) => ![200, 201, 404].includes(status))).toEqual([])
  })
})
