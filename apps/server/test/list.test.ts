import { createHash } from 'node:crypto'
import { startTestServer, type TestEnvironment, type TestServer } from '@commet/testkit'
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

type Row = { readonly id: string; readonly externalId: string | null; readonly createdAt: string }

/** Creates customers one after the other, so that their order is the order given. */
async function add(...customers: readonly Readonly<Record<string, unknown>>[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const customer of customers) {
    const body = { email: 'somebody@example.com', ...customer }
    rows.push((await sandbox.call('POST', '/api/v1/customers', { body })).json.data)
  }
  return rows
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `user_${index}` }))

const list = (query: Readonly<Record<string, string | number>> = {}, environment = sandbox) => {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  return environment.call('GET', `/api/v1/customers?${text}`)
}

const userIds = async (query: Readonly<Record<string, string | number>>) =>
  (await list(query)).json.data.map(({ externalId }: Row) => externalId)

async function allPages(query: Readonly<Record<string, string | number>>) {
  const pages: Row[][] = []
  for (let cursor: string | undefined; ; ) {
    const { json } = await list(cursor === undefined ? query : { ...query, cursor })
    pages.push(json.data)
    if (!json.hasMore) return pages
    cursor = json.nextCursor
  }
}

describe('pages', () => {
  test('an empty environment answers an empty page without a cursor', async () => {
    const reply = await list()
    expect([reply.status, reply.json]).toStrictEqual([200, { success: true, data: [], hasMore: false }])
  })

  test('the newest version answers a list envelope, with the cursor only where there is more', async () => {
    await add(...numbered(3))
    const headers = { 'commet-version': '2026-07-31' }
    const page = await sandbox.call('GET', '/api/v1/customers?limit=2', { headers })
    expect(Object.keys(page.json)).toEqual(['object', 'data', 'hasMore', 'nextCursor'])
    const last = await sandbox.call('GET', `/api/v1/customers?limit=2&cursor=${page.json.nextCursor}`, {
      headers,
    })
    expect(last.json).toStrictEqual({ object: 'list', data: [expect.anything()], hasMore: false })
  })

  test.each([
    ['desc', ['user_4', 'user_3', 'user_2', 'user_1', 'user_0']],
    ['asc', ['user_0', 'user_1', 'user_2', 'user_3', 'user_4']],
  ])('order %s is kept across pages', async (order, wanted) => {
    await add(...numbered(5))
    const pages = await allPages({ limit: 2, order })
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1])
    expect(pages.flat().map(({ externalId }) => externalId)).toEqual(wanted)
  })

  test('newest first is the order when none is asked for, 25 to a page', async () => {
    await add(...numbered(26))
    const { json } = await list()
    expect(json.data).toHaveLength(25)
    expect(json.data[0].externalId).toBe('user_25')
    expect(json.hasMore).toBe(true)
  })

  test('a full last page says that there is no more', async () => {
    await add(...numbered(4))
    expect((await allPages({ limit: 2 })).map(({ length }) => length)).toEqual([2, 2])
    expect((await list({ limit: 4 })).json.hasMore).toBe(false)
  })

  test.each(['1', '100'])('a limit of %s is taken', async (limit) => {
    expect((await list({ limit })).status).toBe(200)
  })

  test.each(['0', '101', '-1', '1.5', 'ten', '', ' ', '1e1', '0x10', '00010', '+5', '9'.repeat(400)])(
    'a limit of %j is refused',
    async (limit) => {
      const reply = await list({ limit })
      expect([reply.status, reply.json.error.code]).toEqual([400, 'validation_error'])
      expect(reply.json.error.details).toEqual([
        { field: 'limit', message: 'must be a whole number from 1 to 100' },
      ])
    },
  )

  test('a cursor belongs to the order that it was made for', async () => {
    await add(...numbered(3))
    const { nextCursor } = (await list({ limit: 1, order: 'asc' })).json
    const reply = await list({ limit: 1, cursor: nextCursor })
    expect([reply.status, reply.json.error.param]).toEqual([400, 'cursor'])
    expect(reply.json.error.message).toContain('order=asc')
  })

  const garbage = [
    'x',
    'null',
    'e30',
    Buffer.from('["desc"]').toString('base64url'),
    Buffer.from('["desc",1e300,"cus_1"]').toString('base64url'),
    Buffer.from('["desc",8640000000000001,"cus_1"]').toString('base64url'),
    Buffer.from('["desc",-8640000000000000,"cus_1"]').toString('base64url'),
    Buffer.from('["desc",8640000000000000,"cus_1"]').toString('base64url'),
    Buffer.from('["desc",1,"cus_\\u0000"]').toString('base64url'),
    Buffer.from('["desc",1,"\\ud800"]').toString('base64url'),
    Buffer.from('["desc",1,{}]').toString('base64url'),
    'é',
    '',
    'x'.repeat(1001),
  ]
  test.each(garbage)('the cursor %j is refused', async (cursor) => {
    const reply = await list({ cursor })
    expect([reply.status, reply.json.error?.code, reply.json.error?.param]).toEqual([
      400,
      'validation_error',
      'cursor',
    ])
  })

  test('a cursor leads on with the same filters, and its row may be gone meanwhile', async () => {
    const rows = await add(...numbered(4))
    const { nextCursor } = (await list({ limit: 2 })).json
    await sandbox.call('DELETE', `/api/v1/customers/${rows[2]?.id}`)
    expect(await userIds({ cursor: nextCursor })).toEqual(['user_1', 'user_0'])
  })

  test("a cursor of another environment shows nothing of that environment's", async () => {
    await add(...numbered(3))
    const { nextCursor } = (await list({ limit: 1 })).json
    const { live } = await server.organization()
    expect((await list({ cursor: nextCursor }, live)).json.data).toEqual([])
  })

  test('rows made in one millisecond are all seen once', async () => {
    const customers = numbered(100).map((customer) => ({ ...customer, email: 'a@example.com' }))
    await sandbox.call('POST', '/api/v1/customers/batch', { body: { customers } })
    const seen = (await allPages({ limit: 7 })).flat()
    expect(new Set(seen.map(({ createdAt }) => createdAt)).size).toBe(1)
    expect(new Set(seen.map(({ id }) => id)).size).toBe(100)
  })

  test('whatever is inserted and deleted meanwhile, rows that stay are seen exactly once', async () => {
    const oneChange = fc.record({
      inserts: fc.integer({ min: 0, max: 3 }),
      deletes: fc.array(fc.nat(), { maxLength: 2 }),
    })
    const course = fc.record({
      before: fc.integer({ min: 0, max: 12 }),
      limit: fc.integer({ min: 1, max: 5 }),
      order: fc.constantFrom('asc', 'desc'),
      changes: fc.array(oneChange, { maxLength: 12 }),
      search: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(course, async ({ before, limit, order, changes, search }) => {
        sandbox = (await server.organization()).sandbox
        const living = new Map((await add(...numbered(before))).map(({ id }) => [id, true]))
        const staying = new Set(living.keys())
        const seen: string[] = []
        const query = { limit, order, ...(search ? { search: 'somebody@' } : {}) }
        let cursor: string | undefined
        for (let page = 0; ; page++) {
          const [reply] = await Promise.all([
            list(cursor === undefined ? query : { ...query, cursor }),
            change(changes[page], living, staying),
          ])
          seen.push(...reply.json.data.map(({ id }: Row) => id))
          if (!reply.json.hasMore) break
          cursor = reply.json.nextCursor
        }
        expect(new Set(seen).size).toBe(seen.length)
        expect([...staying].filter((id) => !seen.includes(id))).toEqual([])
      }),
      { seed: 20260731, numRuns: 25 },
    )
  })

  type Change = { readonly inserts: number; readonly deletes: readonly number[] }

  /** Inserts and deletes as told; what is deleted no longer stays. */
  async function change(told: Change | undefined, living: Map<string, boolean>, staying: Set<string>) {
    if (told === undefined) return
    const gone = told.deletes.flatMap((pick) => [...living.keys()][pick % Math.max(1, living.size)] ?? [])
    for (const id of gone) {
      living.delete(id)
      staying.delete(id)
    }
    await Promise.all([
      ...gone.map((id) => sandbox.call('DELETE', `/api/v1/customers/${id}`)),
      add(...Array.from({ length: told.inserts }, () => ({}))),
    ])
  }
})

describe('filters', () => {
  test('externalId finds exactly that user ID', async () => {
    await add({ id: 'ada' }, { id: 'Ada' }, { id: 'ada ' })
    expect(await userIds({ externalId: 'ada' })).toEqual(['ada'])
    expect(await userIds({ externalId: 'ada ' })).toEqual(['ada '])
    expect(await userIds({ externalId: 'ad' })).toEqual([])
  })

  test('email finds the address in any case, whole', async () => {
    await add({ id: '1', email: 'Ada@Example.com' }, { id: '2', email: 'ada@example.com' }, { id: '3' })
    expect(await userIds({ email: 'ADA@EXAMPLE.COM' })).toEqual(['2', '1'])
    expect(await userIds({ email: 'ada@example' })).toEqual([])
    expect(await userIds({ email: '%@example.com' })).toEqual([])
  })

  test('createdAfter and createdBefore leave out the instants they name, in any offset', async () => {
    await add({ id: '1' }, { id: '2' }, { id: '3' })
    for (const [id, hour] of [
      ['1', '08'],
      ['2', '09'],
      ['3', '10'],
    ]) {
      await server.database.owner(
        'update customers set created_at = $3 where environment_id = $1 and external_id = $2',
        [sandbox.id, id, `2026-07-11T${hour}:00:00.000Z`],
      )
    }
    expect(await userIds({ createdAfter: '2026-07-11T08:00:00.000Z' })).toEqual(['3', '2'])
    expect(await userIds({ createdBefore: '2026-07-11T12:00:00+02:00' })).toEqual(['2', '1'])
    const between = { createdAfter: '2026-07-11T08:00:00Z', createdBefore: '2026-07-11T10:00:00Z' }
    expect(await userIds(between)).toEqual(['2'])
    expect(await userIds({ ...between, search: 'somebody' })).toEqual(['2'])
    for (const far of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999-23:59']) {
      expect((await list({ createdAfter: far })).status).toBe(200)
      expect((await list({ createdAfter: far, search: 'somebody' })).status).toBe(200)
    }
    for (const wrong of ['2026-07-11', 'yesterday', '2026-02-30T00:00:00Z', '']) {
      const reply = await list({ createdAfter: wrong })
      expect([reply.status, reply.json.error.param]).toEqual([400, 'createdAfter'])
    }
  })

  test('metadata finds strings, numbers, booleans and null by their text', async () => {
    await add(
      { id: 'string', metadata: { key: '7' } },
      { id: 'number', metadata: { key: 7 } },
      { id: 'fraction', metadata: { key: 7.5 } },
      { id: 'true', metadata: { key: true } },
      { id: 'word', metadata: { key: 'true' } },
      { id: 'null', metadata: { key: null } },
      { id: 'big', metadata: { key: 9007199254740991 } },
      { id: 'huge', metadata: { key: 1e21 } },
      { id: 'negative', metadata: { key: -0.25 } },
      { id: 'list', metadata: { key: ['7'] } },
      { id: 'other', metadata: { other: '7' } },
    )
    const found = async (value: string) => (await userIds({ 'metadata[key]': value })).toSorted()
    expect(await found('7')).toEqual(['number', 'string'])
    expect(await found('7.5')).toEqual(['fraction'])
    expect(await found('true')).toEqual(['true', 'word'])
    expect(await found('null')).toEqual(['null'])
    expect(await found('9007199254740991')).toEqual(['big'])
    expect(await found('9007199254740993')).toEqual([])
    expect(await found('1e+21')).toEqual(['huge'])
    expect(await found('-0.25')).toEqual(['negative'])
    expect(await found('07')).toEqual([])
    expect(await found('')).toEqual([])
  })

  test.each(['a.b', 'a[b]', 'a]b', "o'clock", '"', '\\', '$1', '%', 'ключ', 'a b', 'constructor', 'x=y&z'])(
    'metadata may have the key %j',
    async (key) => {
      await add({ id: 'with', metadata: { [key]: `it's \\ "${key}" $2 %` } }, { id: 'without' })
      expect(await userIds({ [`metadata[${key}]`]: `it's \\ "${key}" $2 %` })).toEqual(['with'])
      expect(await userIds({ [`metadata[${key}]`]: 'else' })).toEqual([])
    },
  )

  test('a metadata key that nothing can have finds nothing, rather than everything', async () => {
    await add({ id: 'one' })
    const reply = await list({ 'metadata[__proto__]': 'x' })
    expect(reply.json.data ?? []).toEqual([])
  })

  test('several metadata filters must all match', async () => {
    await add(
      { id: 'both', metadata: { plan: 'team', seats: 12 } },
      { id: 'one', metadata: { plan: 'team', seats: 1 } },
    )
    expect(await userIds({ 'metadata[plan]': 'team', 'metadata[seats]': '12' })).toEqual(['both'])
  })

  test('all filters together must all match, and page', async () => {
    const same = { email: 'ada@example.com', fullName: 'Ada', metadata: { plan: 'team' } }
    await add(
      { ...same, id: '1' },
      { ...same, id: '2', metadata: { plan: 'solo' } },
      { ...same, id: '3', fullName: 'Alan' },
      { ...same, id: '4', email: 'alan@example.com' },
      { ...same, id: '5' },
    )
    const query = { email: 'ADA@example.com', search: 'ada', 'metadata[plan]': 'team' }
    expect(await userIds({ ...query, createdAfter: '2000-01-01T00:00:00Z' })).toEqual(['5', '3', '1'])
    expect(await userIds({ ...query, externalId: '1' })).toEqual(['1'])
    const pages = await allPages({ ...query, limit: 2 })
    expect(pages.map((page) => page.map(({ externalId }) => externalId))).toEqual([['5', '3'], ['1']])
    expect(
      (await allPages({ ...query, limit: 1, order: 'asc' })).flat().map((row) => row.externalId),
    ).toEqual(['1', '3', '5'])
  })

  test('deleted customers are in no list', async () => {
    const [row] = await add({ id: 'gone', metadata: { a: 'b' } })
    await sandbox.call('DELETE', `/api/v1/customers/${row?.id}`)
    for (const query of [{}, { externalId: 'gone' }, { search: 'gone' }, { 'metadata[a]': 'b' }]) {
      expect(await userIds(query)).toEqual([])
    }
  })

  test("another environment's customers are in no list", async () => {
    const [row] = await add({ id: 'mine', metadata: { a: 'b' } })
    const { live } = await server.organization()
    for (const query of [{}, { externalId: 'mine' }, { search: row?.id ?? '' }, { 'metadata[a]': 'b' }]) {
      expect((await list(query, live)).json.data).toEqual([])
    }
  })

  test('what is no filter is refused, with the name that was meant', async () => {
    const reply = await list({ externalid: 'x', page: 2 })
    expect(reply.json.error.details).toEqual([
      { field: 'externalid', message: 'is not a field; did you mean externalId?' },
      { field: 'page', message: 'is not a field of this request' },
    ])
    expect((await list({ order: 'up' })).json.error.details).toEqual([
      { field: 'order', message: 'must be "asc" or "desc"' },
    ])
    expect((await list({ metadata: 'x' })).json.error.param).toBe('metadata')
  })
})

describe('search', () => {
  const people = [
    { id: 'ada', fullName: 'Ada Lovelace', email: 'ada@analytical.example.com' },
    { id: 'olga', fullName: 'Ольга Иванова', email: 'olga@example.com' },
    { id: 'elene', fullName: 'ΕΛΈΝΗ ΚΏΣΤΑΣ', email: 'helen@example.com' },
    { id: 'hanako', fullName: '山田 花子', email: 'hanako@example.com' },
    { id: 'sakura', fullName: 'サクラ ｻｸﾗ', email: 'flower@example.com' },
    { id: 'istanbul', fullName: 'İsmail Işık', email: 'turk@example.com' },
    { id: 'strasse', fullName: 'Jörg Straße', email: 'joerg@example.com' },
    { id: 'percent', fullName: '100% a_b c\\d', email: 'odd@example.com' },
    { id: 'zoe', fullName: 'Zoe\u0308 O’Brien', email: 'z.brien+new@sub.example.org' },
  ]

  test.each([
    ['lovelace', ['ada']],
    ['LOVE', ['ada']],
    ['elac', ['ada']],
    ['ada love', ['ada']],
    ['  ada   love ', ['ada']],
    ['analytical.ex', ['ada']],
    ['иван', ['olga']],
    ['ИВАНОВА', ['olga']],
    ['льг', ['olga']],
    ['ελένη', ['elene']],
    ['κώστας', ['elene']],
    ['ΚΏΣ', ['elene']],
    ['κώς', ['elene']],
    ['山田 花', ['hanako']],
    ['花子', ['hanako']],
    ['花', ['hanako']],
    ['サクラ', ['sakura']],
    ['İSMAİL', ['istanbul']],
    ['ismail', ['istanbul']],
    ['ışık', ['istanbul']],
    ['IŞIK', ['istanbul']],
    ['STRASSE', ['strasse']],
    ['straße', ['strasse']],
    ['JÖRG', ['strasse']],
    ['100%', ['percent']],
    ['a_b', ['percent']],
    ['c\\d', ['percent']],
    ['0% a', ['percent']],
    ['%%%', []],
    ['___', []],
    ['a%d', []],
    ['adaXlove', []],
    ['ZOË', ['zoe']],
    ['brien', ['zoe']],
    ['new@sub', ['zoe']],
    ['ad', ['ada']],
    ['lo', ['ada']],
    ['ov', []],
    ['%', []],
    ['_', []],
    ['\\', []],
    ['ol', ['olga']],
    ['lo', ['ada']],
    ['an', ['ada']],
    ['ov', []],
    ['κώ', ['elene']],
    ['ив', ['olga']],
    ['ва', []],
    ['田', []],
    ['sub', ['zoe']],
    ['su', ['zoe']],
    ['ub', []],
    ['lace ada', []],
    ['lovelaceada', []],
    ['comada', []],
    ['com ada', []],
    ['com\nada', []],
    ['lovelace\n', ['ada']],
  ])('%j finds %j', async (search, wanted) => {
    await add(...people)
    expect((await userIds({ search })).toSorted()).toEqual(wanted)
  })

  test('by cus_ ID, whole, in part and in capitals', async () => {
    const [one] = await add({ id: 'one' }, { id: 'two' })
    const id = one?.id ?? ''
    expect(await userIds({ search: id })).toEqual(['one'])
    expect(await userIds({ search: id.slice(-6).toUpperCase() })).toEqual(['one'])
    expect(await userIds({ search: 'cus_' })).toEqual(['two', 'one'])
  })

  test('the same is found among 16,000 customers wherever it is looked for: in the list or in the index', async () => {
    const people = Array.from({ length: 16_000 }, (_, age) => ({
      id: `cus_01kb2v${age.toString(32).padStart(4, '0')}${createHash('md5').update(`${age}`).digest('hex').slice(0, 16)}`,
      externalId: `shop_10001_user_${100_000 + age}`,
      email: `${age % 3 === 0 ? 'anna' : 'bert'}${age % 97}@${age > 1_500 ? 'old.' : ''}example.com`,
      // Some are only among the first of the list, some only among the last, and some names look like patterns.
      fullName: ['', ' Early', ' Middle', ' Late', ' 100%_\\12345', ' 100%_x12345'][
        age < 30
          ? 1
          : age % 401 === 7
            ? 2
            : age > 11_500
              ? 3
              : age % 2_003 === 9
                ? 4
                : age % 2_003 === 10
                  ? 5
                  : 0
      ],
    }))
    await server.database.owner(
      `insert into customers
         (environment_id, id, external_id, email, email_folded, full_name, timezone, metadata, search_text, created_at, updated_at)
       select $1, id, "externalId", email, email, "fullName", 'UTC', jsonb_build_object('old', age > 6000),
         e'\n' || concat_ws(e'\n', lower(trim("fullName")), email, "externalId", id), date_trunc('milliseconds', now()) - age * interval '1 second', now()
       from rows from (json_to_recordset($2) as (id text, "externalId" text, email text, "fullName" text)) with ordinality
         as people (id, "externalId", email, "fullName", age)`,
      [sandbox.id, JSON.stringify(people)],
    )
    await server.database.owner('analyze customers')

    const terms = [
      'anna',
      'old.example',
      'early',
      'middle',
      'late',
      'nobody',
      '100%_\\12345',
      '%_x12345',
      '10001',
      'user_1115',
      'user_111999',
      'nobody_111999',
    ]
    const older = people[11_000] as (typeof people)[number]
    for (const term of [
      ...terms,
      older.id,
      older.id.slice(4, 20),
      older.id.replace('cus_01kb2v', 'cus_01kb2w'),
      older.externalId,
      older.email,
    ])
      for (const order of ['asc', 'desc'])
        for (const filter of [{}, { 'metadata[old]': 'true' }]) {
          const fits = people.filter(
            (person, age) =>
              Object.values(person).some((value) => value?.toLowerCase().includes(term)) &&
              (Object.keys(filter).length === 0 || age >= 6_000),
          )
          const wanted = (order === 'asc' ? fits.toReversed() : fits).map(({ id }) => id)
          const found: string[] = []
          for (let cursor: string | undefined, pages = 0; pages < 3; pages++) {
            const { json } = await list({
              search: term,
              order,
              limit: 20,
              ...filter,
              ...(cursor && { cursor }),
            })
            found.push(...json.data.map(({ id }: Row) => id))
            expect(json.hasMore, term).toBe(found.length < wanted.length)
            if (!json.hasMore) break
            cursor = json.nextCursor
          }
          expect(found, `${term} ${order} ${JSON.stringify(filter)}`).toEqual(wanted.slice(0, found.length))
        }
  })

  test('a term of blanks selects nothing away', async () => {
    await add({ id: 'one' })
    expect(await userIds({ search: '' })).toEqual(['one'])
    expect(await userIds({ search: '   ' })).toEqual(['one'])
  })

  test('a customer is found by the very next request, and after a change under its new name only', async () => {
    for (let round = 0; round < 20; round++) {
      const id = `round-${round}`
      await add({ id, fullName: `Before ${id}` })
      expect(await userIds({ search: `before ${id}`, limit: 1 })).toEqual([id])
      await sandbox.call('PATCH', `/api/v1/customers/${id}`, { body: { fullName: `After ${id}` } })
      expect(await userIds({ search: `before ${id}` })).not.toContain(id)
      expect(await userIds({ search: `after ${id}`, limit: 1 })).toEqual([id])
    }
  })

  test('old clients may filter by customerId, meaning the user ID, and send isActive', async () => {
    await add({ id: 'one' }, { id: 'two' })
    expect(await userIds({ customerId: 'one', isActive: 'true' })).toEqual(['one'])
  })

  test('a term that was not percent-encoded is refused with a word on what is missing', async () => {
    const path = Buffer.from('/api/v1/customers?search=Иванова').toString('latin1')
    const reply = await sandbox.raw(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${sandbox.apiKey}`)
    expect([reply.status, reply.json.error.code]).toEqual([400, 'validation_error'])
    expect(reply.json.error.message).toContain('percent-encoded')
  })
})
