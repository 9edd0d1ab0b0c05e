import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CommetError } from '../src/index.ts'
import { walkSeedPage } from './seed-page.ts'
import { clientOf, json, ok, type Stub, startStub } from './stub-server.ts'

let stub: Stub
beforeEach(async () => {
  stub = await startStub()
})
afterEach(() => stub.close())

const sent = () =>
  stub.requests.map(({ method, url, body }) => [method, url, body === '' ? undefined : JSON.parse(body)])

describe('the calls of the documentation page', () => {
  test('become the requests of the documentation page, in its order', async () => {
    const page = {
      success: true,
      data: [{ id: 'cus_2' }, { id: 'cus_1' }],
      hasMore: true,
      nextCursor: 'c/2=',
    }
    stub.answer(
      json(201, { success: true, data: { id: 'cus_1', object: 'customer' } }),
      ok({ id: 'cus_1' }),
      ok({ successful: [{ id: 'cus_2' }], failed: [] }),
      ok({ id: 'cus_1' }),
      ok({ id: 'cus_1', email: 'invoices@north.example' }),
      json(200, page),
      json(200, { success: true, data: [{ id: 'cus_0' }], hasMore: false }),
    )

    const walk = await walkSeedPage(clientOf(stub).commet, 'x')

    expect(sent()).toEqual([
      ['POST', '/api/v1/customers', { email: 'accounts@north.example', id: 'walk_x' }],
      ['POST', '/api/v1/customers', { email: 'accounts@north.example', id: 'walk_x' }],
      [
        'POST',
        '/api/v1/customers/batch',
        {
          customers: [
            { email: 'ann@north.example', id: 'walk_x_1' },
            { email: 'ben@north.example', id: 'walk_x_2' },
            { email: 'cleo@north.example', id: 'walk_x_3' },
          ],
        },
      ],
      ['GET', '/api/v1/customers/cus_1', undefined],
      [
        'PUT',
        '/api/v1/customers/cus_1',
        {
          email: 'invoices@north.example',
          address: { line1: '9 Quay Street', city: 'Portland', postalCode: '97201', country: 'US' },
        },
      ],
      ['GET', '/api/v1/customers?limit=2', undefined],
      ['GET', '/api/v1/customers?limit=2&cursor=c%2F2%3D', undefined],
    ])
    expect(walk.created.id).toBe('cus_1')
    expect(walk.batch.successful).toEqual([{ id: 'cus_2' }])
    expect(walk.batch.failed).toEqual([])
    expect(walk.updated.email).toBe('invoices@north.example')
    expect(walk.firstPage).toEqual({ data: page.data, hasMore: true, nextCursor: 'c/2=' })
    expect(walk.nextPage.hasMore).toBe(false)
    expect(walk.nextPage.nextCursor).toBeUndefined()
  })

  test('answer the same from the bare envelope of later versions', async () => {
    const batch = { successful: [], failed: [], object: 'customer_batch', livemode: false }
    stub.answer(
      json(201, { id: 'cus_1', object: 'customer' }),
      json(200, { id: 'cus_1', object: 'customer' }),
      json(200, batch),
      json(200, { id: 'cus_1' }),
      json(200, { id: 'cus_1' }),
      json(200, { object: 'list', data: [{ id: 'cus_1' }], hasMore: true, nextCursor: 'n' }),
      json(200, { object: 'list', data: [], hasMore: false, nextCursor: null }),
    )
    const walk = await walkSeedPage(clientOf(stub, { apiVersion: '2026-07-31' }).commet, 'x')
    expect(walk.created).toEqual({ id: 'cus_1', object: 'customer' })
    expect(walk.batch).toEqual(batch)
    expect(walk.firstPage).toEqual({ data: [{ id: 'cus_1' }], hasMore: true, nextCursor: 'n' })
    expect(walk.nextPage).toMatchObject({ data: [], hasMore: false, nextCursor: undefined })
    expect(stub.requests[0]?.headers['commet-version']).toBe('2026-07-31')
  })
})

describe('a customer is addressed', () => {
  test('by id, by customerId or bare, alike', async () => {
    const { customers } = clientOf(stub).commet
    await customers.get({ id: 'cus_1' })
    await customers.get({ customerId: 'cus_1' })
    await customers.get('cus_1')
    await customers.delete({ id: 'cus_1' })
    await customers.delete('cus_1')
    await customers.update({ id: 'cus_1', fullName: 'Ann' })
    await customers.update({ customerId: 'cus_1', id: 'cus_1', fullName: 'Ann' })
    expect(sent()).toEqual([
      ...Array(3).fill(['GET', '/api/v1/customers/cus_1', undefined]),
      ...Array(2).fill(['DELETE', '/api/v1/customers/cus_1', undefined]),
      ...Array(2).fill(['PUT', '/api/v1/customers/cus_1', { fullName: 'Ann' }]),
    ])
  })

  test.each([
    'a/b',
    'ünï/ ☃ 日本',
    '  both ends  ',
    'a?b#c',
    '%2e%2e',
    '%',
    '...',
    'a+b&c=d',
    "!'()*",
    '🧾',
    '-_.~',
  ])('by a user ID the server decodes to exactly what was given: %j', async (id) => {
    const { customers } = clientOf(stub).commet
    await customers.get({ id })
    await customers.update({ customerId: id, email: 'a@b.example' })
    await customers.delete({ id })
    expect(stub.requests).toHaveLength(3)
    for (const { url } of stub.requests) {
      expect(url.startsWith('/api/v1/customers/')).toBe(true)
      const segment = url.slice('/api/v1/customers/'.length)
      expect(segment).not.toMatch(/[/?#]/)
      expect(decodeURIComponent(segment)).toBe(id)
    }
  })

  test.each(['.', '..', '', '\ud800', undefined, 7])(
    'never by an ID no URL carries, and nothing is sent: %j',
    async (id) => {
      const { customers } = clientOf(stub).commet
      const calls = [
        customers.get({ id } as { id: string }),
        customers.update({ customerId: id } as { customerId: string }),
        customers.delete({ id } as { id: string }),
      ]
      for (const call of calls) {
        await expect(call).rejects.toThrow(CommetError)
        await expect(call).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      }
      expect(stub.requests).toEqual([])
    },
  )

  test('never by two different names', async () => {
    const { customers } = clientOf(stub).commet
    await expect(customers.get({ id: 'cus_1', customerId: 'cus_2' })).rejects.toThrow(
      'two different customers',
    )
    expect(stub.requests).toEqual([])
  })
})

describe('what is sent', () => {
  test('has metadata untouched, however its keys are spelled', async () => {
    const metadata = {
      team_member: 1,
      teamMember: 2,
      customerId: 'mine',
      id: null,
      'ключ ☃': { deep_key: [true, { x_y: 'ß' }] },
      __proto__key: '',
    }
    const { customers } = clientOf(stub).commet
    await customers.create({ email: 'a@b.example', metadata })
    await customers.update({ id: 'cus_1', metadata })
    await customers.createBatch({ customers: [{ email: 'a@b.example', metadata }] })
    const [created, updated, batch] = stub.requests.map(({ body }) => JSON.parse(body))
    expect(created.metadata).toEqual(metadata)
    expect(updated).toEqual({ metadata })
    expect(batch.customers[0].metadata).toEqual(metadata)
  })

  test('keeps null, which clears a field, and drops undefined, which leaves it', async () => {
    const { customers } = clientOf(stub).commet
    await customers.update({
      id: 'cus_1',
      fullName: null,
      taxDocument: null,
      externalId: null,
      address: null,
      metadata: null,
      email: undefined,
    })
    expect(stub.requests[0]?.body).toBe(
      '{"fullName":null,"taxDocument":null,"externalId":null,"address":null,"metadata":null}',
    )
  })

  test('carries any script as UTF-8', async () => {
    await clientOf(stub).commet.customers.create({ email: 'a@b.example', fullName: '株式会社 Łódź 🧾 ﷽' })
    expect(JSON.parse(stub.requests[0]?.body ?? '').fullName).toBe('株式会社 Łódź 🧾 ﷽')
  })

  test('leaves the caller’s parameters as they were', async () => {
    const params = Object.freeze({ customerId: 'cus_1', email: 'a@b.example' })
    await clientOf(stub).commet.customers.update(params)
    expect(params).toEqual({ customerId: 'cus_1', email: 'a@b.example' })
  })

  test('has every list filter in the query, absent ones left out', async () => {
    stub.answer(json(200, { success: true, data: [], hasMore: false }))
    await clientOf(stub).commet.customers.list({
      limit: 100,
      order: 'asc',
      externalId: 'a/b ☃',
      email: 'A+b@c.example',
      search: '50%_&',
      createdAfter: new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6)),
      createdBefore: '2026-02-01T00:00:00.000Z',
      metadata: { team: 'north', 'a b': 1, paid: true },
      cursor: undefined,
    })
    const query = new URL(stub.requests[0]?.url ?? '', stub.url).searchParams
    expect(Object.fromEntries(query)).toEqual({
      limit: '100',
      order: 'asc',
      externalId: 'a/b ☃',
      email: 'A+b@c.example',
      search: '50%_&',
      createdAfter: '2026-01-02T03:04:05.006Z',
      createdBefore: '2026-02-01T00:00:00.000Z',
      'metadata[team]': 'north',
      'metadata[a b]': '1',
      'metadata[paid]': 'true',
    })
  })

  test('is never an invalid date', async () => {
    const list = clientOf(stub).commet.customers.list({ createdAfter: new Date('never') })
    await expect(list).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(stub.requests).toEqual([])
  })
})

test('the answer tells the status and the request id, and a created customer from an existing one', async () => {
  stub.answer(json(201, { success: true, data: { id: 'cus_1' } }), ok({ id: 'cus_1' }))
  const { customers } = clientOf(stub).commet
  const first = await customers.create({ email: 'a@b.example', id: 'u' })
  expect(first).toEqual({ success: true, data: { id: 'cus_1' }, statusCode: 201, requestId: 'req_stub' })
  expect((await customers.create({ email: 'a@b.example', id: 'u' })).statusCode).toBe(200)
})
