import { startTestServer, type TestEnvironment, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

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

const create = (body: unknown, headers = {}) => call('POST', '/api/v1/customers', { body, headers })
const events = (environment = sandbox) =>
  server.database.owner<{ type: string; subject_id: string; data: Record<string, unknown> }>(
    'select type, subject_id, data from events where environment_id = $1 order by transaction_id, sequence',
    [environment.id],
  )

describe('create', () => {
  test('a customer has every field that was sent, and defaults for the rest', async () => {
    const address = {
      line1: '500 Congress Ave',
      line2: 'Floor 3',
      city: 'Austin',
      state: 'TX',
      postalCode: '78701',
      country: 'US',
    }
    const full = await create({
      email: 'Billing@Example.com',
      id: 'user_1',
      fullName: 'Ada Lovelace',
      address,
      timezone: 'America/Argentina/Buenos_Aires',
      taxDocument: '12-3456789',
      metadata: { plan: 'team', nested: { a: [1, null, 'x'] } },
    })
    expect(full.status).toBe(201)
    expect(full.json).toStrictEqual({
      success: true,
      data: {
        id: expect.stringMatching(/^cus_[0-9a-z]{26}$/),
        externalId: 'user_1',
        fullName: 'Ada Lovelace',
        email: 'Billing@Example.com',
        taxDocument: '12-3456789',
        documentType: 'EIN',
        timezone: 'America/Argentina/Buenos_Aires',
        address,
        metadata: { plan: 'team', nested: { a: [1, null, 'x'] } },
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updatedAt: full.json.data.createdAt,
        object: 'customer',
        livemode: false,
      },
    })
    const bare = await create({ email: 'a@example.com' })
    expect(bare.json.data).toMatchObject({
      externalId: null,
      fullName: null,
      taxDocument: null,
      documentType: null,
      timezone: 'UTC',
      address: null,
      metadata: {},
    })
  })

  test('the same user ID answers the same customer with 200 and changes nothing', async () => {
    const first = await create({ email: 'a@example.com', id: 'user_1' })
    const second = await create({ email: 'b@example.com', externalId: 'user_1', fullName: 'Somebody Else' })
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.json).toStrictEqual(first.json)
    expect((await events()).map(({ type }) => type)).toEqual(['customer.created'])
  })

  test('e-mail addresses need not be unique', async () => {
    const [first, second] = [
      await create({ email: 'a@example.com' }),
      await create({ email: 'a@example.com' }),
    ]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.json.data.id).not.toBe(second.json.data.id)
  })

  test('a thousand concurrent creates of one user ID make one row and equal answers', async () => {
    const replies = await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        create({ email: `user${index}@example.com`, id: 'the one' }),
      ),
    )
    const bodies = new Set(replies.map(({ text }) => text))
    expect(bodies.size).toBe(1)
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(999)
    const rows = await server.database.owner('select from customers where environment_id = $1', [sandbox.id])
    expect(rows).toHaveLength(1)
    expect(await events()).toHaveLength(1)
  })

  test('user IDs are compared byte for byte, and spaces at their ends are kept', async () => {
    const ids = ['user', 'User', ' user', 'user ', 'u\u0301ser', '\u00faser', 'a/b', '50%', 'Ω😀']
    const made = await Promise.all(ids.map((id) => create({ email: 'a@example.com', id })))
    expect(new Set(made.map(({ json }) => json.data.id)).size).toBe(ids.length)
    for (const id of ids) {
      const found = await call('GET', `/api/v1/customers/${encodeURIComponent(id)}`)
      expect(found.json.data.externalId).toBe(id)
    }
  })

  test.each(['', '.', '..', 'a\nb', 'tab\t', '\u0085', 'cus_mine', 'x'.repeat(101)])(
    'the user ID %j is refused',
    async (id) => {
      const reply = await create({ email: 'a@example.com', id })
      expect(reply.status).toBe(400)
      expect(reply.json.error).toMatchObject({ code: 'validation_error', param: 'id' })
    },
  )

  test('id and externalId may repeat each other and must not differ', async () => {
    expect((await create({ email: 'a@example.com', id: 'x', externalId: 'x' })).status).toBe(201)
    const differing = await create({ email: 'a@example.com', id: 'x', externalId: 'y' })
    expect(differing.json.error.details).toEqual([
      { field: 'externalId', message: 'must equal id when both are sent; send one of them' },
    ])
  })

  test('all bad fields are reported at once, each with what to send', async () => {
    const reply = await create({
      email: 'nobody',
      emial: 'x',
      full_name: 'Ada',
      timezone: 'Mars/Olympus',
      address: { line1: 'x', city: 'y', postal_code: '1', country: 'usa' },
      metadata: [],
    })
    expect(reply.status).toBe(400)
    expect(reply.json.error.type).toBe('validation_error')
    expect(reply.json.error.details).toEqual(
      expect.arrayContaining([
        { field: 'email', message: 'Invalid email format' },
        { field: 'emial', message: 'is not a field; did you mean email?' },
        { field: 'full_name', message: 'is not a field; did you mean fullName?' },
        { field: 'timezone', message: 'must be an IANA time zone, such as "UTC" or "America/New_York"' },
        { field: 'address.postalCode', message: 'is required' },
        { field: 'address.postal_code', message: 'is not a field; did you mean postalCode?' },
        { field: 'address.country', message: expect.stringContaining('two-letter') },
        { field: 'metadata', message: 'must be an object of your own keys and values' },
      ]),
    )
  })

  test('names that older clients still send are ignored', async () => {
    const reply = await create({
      billingEmail: 'a@example.com',
      domain: 'example.com',
      website: 'x',
      language: 'en',
      industry: 'x',
      isActive: true,
      addressId: '0190a1b2-0000-7000-8000-000000000000',
    })
    expect(reply.status).toBe(201)
    expect(reply.json.data.email).toBe('a@example.com')
  })

  test('metadata is kept as sent up to 16 KB and refused above', async () => {
    const metadata = {
      snake_key: 1,
      camelKey: { 'dotted.key': [] },
      ключ: '値',
      '': '',
      constructor: 'x',
      big: 9007199254740991,
    }
    const reply = await create({ email: 'a@example.com', metadata })
    expect(reply.json.data.metadata).toEqual(metadata)
    const found = await call('GET', `/api/v1/customers/${reply.json.data.id}`)
    expect(found.json.data.metadata).toEqual(metadata)
    const fits = { text: 'x'.repeat(16 * 1024 - '{"text":""}'.length) }
    expect((await create({ email: 'a@example.com', metadata: fits })).status).toBe(201)
    const over = await create({ email: 'a@example.com', metadata: { text: `${fits.text}x` } })
    expect(over.json.error.details).toEqual([{ field: 'metadata', message: 'must be at most 16 KB as JSON' }])
  })

  test('the kind of tax document follows the country of the address', async () => {
    const address = { line1: 'x', city: 'y', postalCode: 'z' }
    const kinds = await Promise.all(
      ['AR', 'MX', 'CL', 'DE', 'AQ'].map(async (country) => {
        const reply = await create({
          email: 'a@example.com',
          taxDocument: '1',
          address: { ...address, country },
        })
        return reply.json.data.documentType
      }),
    )
    expect(kinds).toEqual(['CUIT', 'RFC', 'RUT', 'VAT', null])
  })
})

describe('get', () => {
  test('a customer is found by its ID and by its user ID, and nowhere else', async () => {
    const { json } = await create({ email: 'a@example.com', id: 'user_1' })
    const byId = await call('GET', `/api/v1/customers/${json.data.id}`)
    const byUserId = await call('GET', '/api/customers/user_1')
    expect(byId.json).toStrictEqual(json)
    expect(byUserId.json).toStrictEqual(json)
    const unknown = await call('GET', '/api/v1/customers/nobody')
    expect(unknown.status).toBe(404)
    expect(unknown.json.error.code).toBe('customer_not_found')
  })

  test("another environment's customer does not exist", async () => {
    const { json } = await create({ email: 'a@example.com', id: 'user_1' })
    const { live } = await server.organization()
    for (const name of [json.data.id, 'user_1']) {
      const reply = await live.call('GET', `/api/v1/customers/${name}`)
      expect([reply.status, reply.json.error.code]).toEqual([404, 'customer_not_found'])
      expect(
        (await live.call('PATCH', `/api/v1/customers/${name}`, { body: { fullName: 'x' } })).status,
      ).toBe(404)
    }
  })

  test.each(['%E0%A4%A', '%', '%00', 'a%00b', '%ff'])(
    'the path %s is refused as it cannot be a name',
    async (name) => {
      const reply = await call('GET', `/api/v1/customers/${name}`)
      expect([reply.status, reply.json.error.code, reply.json.error.param]).toEqual([
        400,
        'validation_error',
        'id',
      ])
    },
  )
})

describe('update', () => {
  test.each(['PUT', 'PATCH'])('%s changes what is sent and leaves the rest', async (method) => {
    const before = (
      await create({ email: 'a@example.com', id: 'user_1', fullName: 'Ada', metadata: { a: 1, b: 2 } })
    ).json.data
    const reply = await call(method, '/api/v1/customers/user_1', {
      body: { fullName: 'Ada King', metadata: { c: 3 } },
    })
    expect(reply.status).toBe(200)
    expect(reply.json.data).toStrictEqual({
      ...before,
      fullName: 'Ada King',
      metadata: { c: 3 },
      updatedAt: reply.json.data.updatedAt,
    })
    expect(reply.json.data.updatedAt >= before.updatedAt).toBe(true)
  })

  test('null clears what may be empty and is refused where it may not', async () => {
    const address = { line1: 'x', city: 'y', postalCode: 'z', country: 'US' }
    const { json } = await create({
      email: 'a@example.com',
      id: 'u',
      fullName: 'A',
      taxDocument: '1',
      address,
      metadata: { a: 1 },
    })
    const body = { fullName: null, taxDocument: null, address: null, externalId: null, metadata: null }
    const cleared = await call('PATCH', `/api/v1/customers/${json.data.id}`, { body })
    expect(cleared.json.data).toMatchObject({ ...body, metadata: {} })
    const refused = await call('PATCH', `/api/v1/customers/${json.data.id}`, {
      body: { email: null, timezone: null },
    })
    expect(refused.json.error.details.map(({ field }: { field: string }) => field)).toEqual([
      'email',
      'timezone',
    ])
  })

  test('externalId moves the user ID; a taken one is a duplicate', async () => {
    await create({ email: 'a@example.com', id: 'one' })
    await create({ email: 'b@example.com', id: 'two' })
    const moved = await call('PATCH', '/api/v1/customers/one', { body: { externalId: 'three' } })
    expect(moved.json.data.externalId).toBe('three')
    expect((await call('GET', '/api/v1/customers/one')).status).toBe(404)
    const taken = await call('PATCH', '/api/v1/customers/three', { body: { externalId: 'two' } })
    expect([taken.status, taken.json.error.code, taken.json.error.param]).toEqual([
      409,
      'duplicate',
      'externalId',
    ])
  })

  test('id and customerId in the body may name the same customer, and no other', async () => {
    const { json } = await create({ email: 'a@example.com', id: 'one' })
    const same = { id: json.data.id, customerId: 'one', fullName: 'A' }
    expect((await call('PUT', '/api/v1/customers/one', { body: same })).json.data.externalId).toBe('one')
    const other = await call('PUT', '/api/v1/customers/one', { body: { customerId: 'two' } })
    expect([other.status, other.json.error.param]).toEqual([400, 'customerId'])
  })

  test('an event is kept for a visible change, and none for a change that nobody could see', async () => {
    const { json } = await create({ email: 'a@example.com', id: 'one', metadata: { a: 1, b: 2 } })
    await call('PATCH', '/api/v1/customers/one', {
      body: { email: 'a@example.com', metadata: { b: 2, a: 1 } },
    })
    await call('PATCH', '/api/v1/customers/one', { body: {} })
    expect(await events()).toHaveLength(1)
    await call('PATCH', '/api/v1/customers/one', { body: { email: 'b@example.com' } })
    const [, updated, ...none] = await events()
    expect(none).toEqual([])
    expect(updated).toMatchObject({
      type: 'customer.updated',
      subject_id: json.data.id,
      data: { email: 'b@example.com' },
    })
  })

  test('the audit names who changed which fields, before and after', async () => {
    const { json } = await create({ email: 'a@example.com', id: 'one' })
    const changed = await call('PATCH', '/api/v1/customers/one', { body: { email: 'b@example.com' } })
    const [, entry] = await server.database.owner(
      'select * from audit_entries where environment_id = $1 order by id',
      [sandbox.id],
    )
    expect(entry).toMatchObject({
      operation: 'customers.update',
      subject_id: json.data.id,
      actor_kind: 'api_key',
      request_id: changed.headers.get('x-request-id'),
      before: { email: 'a@example.com' },
      after: { email: 'b@example.com' },
    })
  })

  test('concurrent changes of different fields are all kept', async () => {
    await create({ email: 'a@example.com', id: 'one' })
    const changes = [
      { fullName: 'Ada' },
      { timezone: 'Asia/Tokyo' },
      { taxDocument: '1' },
      { metadata: { a: 1 } },
    ]
    await Promise.all(changes.map((body) => call('PATCH', '/api/v1/customers/one', { body })))
    const found = await call('GET', '/api/v1/customers/one')
    expect(found.json.data).toMatchObject(Object.assign({}, ...changes))
  })
})
