import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { startTestServer, type TestOrganization, type TestPerson, type TestServer } from '@commet/testkit'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

/** Customers as a CSV file: all of them or none, as they are, and nothing that a spreadsheet would run. */

let server: TestServer
let organization: TestOrganization
let person: TestPerson

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  organization = await server.organization()
  person = await server.person(organization, 'member')
})

type Row = Readonly<Record<string, string>>

async function exported(query = '', call = person.sandbox): Promise<readonly Row[]> {
  const reply = await call('GET', `/api/v1/customers.csv${query}`)
  expect([reply.text.slice(0, 200), reply.status]).toEqual([expect.anything(), 200])
  return parse(reply.text, { bom: true, columns: true })
}

async function create(...customers: readonly object[]): Promise<readonly string[]> {
  const { json } = await person.sandbox('POST', '/api/v1/customers/batch', { body: { customers } })
  expect(json.data.failed).toEqual([])
  return json.data.successful.map(({ id }: { id: string }) => id)
}

const emails = (rows: readonly Row[]) => rows.map(({ email }) => email)

/** Customers put there by the owner of the database: many, at once. */
async function addMany(many: number): Promise<void> {
  await server.database.owner(
    `insert into customers
       (environment_id, id, email, email_folded, full_name, timezone, metadata, search_text, created_at, updated_at)
     select $1, 'cus_' || lpad(n::text, 26, '0'), n || '@example.com', n || '@example.com', 'Customer ' || n, 'UTC', '{}',
       E'\\ncustomer ' || n, now() - n * interval '1 second', now()
     from generate_series(1, $2::int) n`,
    [organization.sandbox.id, many],
  )
}

test('shows every field, absent ones as empty cells, and says what it is called', async () => {
  const address = {
    ...{ line1: 'Straße 1', line2: 'Floor 2', city: 'Köln', state: 'NRW' },
    ...{ postalCode: '50667', country: 'DE', region: 'West' },
  }
  const metadata = {
    seats: 12,
    tags: ['a', 'b'],
    note: 'He said "no"; twice',
    deep: { on: true, none: null },
  }
  await create(
    { email: 'plain@example.com' },
    {
      ...{ email: 'full@example.com', id: 'user_1', fullName: '李小龍', taxDocument: 'DE1', address },
      ...{ timezone: 'Europe/Berlin', metadata },
    },
  )
  const reply = await person.sandbox('GET', '/api/v1/customers.csv?order=asc')
  expect(Object.fromEntries(reply.headers)).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="customers-sandbox-${new Date().toISOString().slice(0, 10)}.csv"`,
    'cache-control': 'no-store',
  })
  const bytes = await fetch(`${server.address}/api/v1/customers.csv`, {
    headers: { cookie: person.cookie, 'commet-environment': 'sandbox', origin: server.address },
  }).then((response) => response.bytes())
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  const [plain, full] = await exported('?order=asc')
  expect(full).toMatchObject({
    ...{ externalId: 'user_1', fullName: '李小龍', taxDocument: 'DE1', documentType: 'VAT' },
    ...{ timezone: 'Europe/Berlin', 'address.line1': 'Straße 1', 'address.region': 'West' },
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  })
  expect(JSON.parse(full?.metadata ?? '')).toEqual(metadata)
  expect(plain).toMatchObject({
    externalId: '',
    fullName: '',
    'address.line1': '',
    metadata: '',
    timezone: 'UTC',
  })
})

test('holds what the list shows under the same filter and order, and nothing of another environment', async () => {
  await create(
    { email: 'one@example.com', fullName: 'Ada', metadata: { plan: 'team' } },
    { email: 'two@example.com', fullName: 'Alan' },
    { email: 'Three@example.com', fullName: 'Adam' },
  )
  await person.live('POST', '/api/v1/customers', { body: { email: 'live@example.com' } })
  for (const query of [
    '',
    '?order=asc',
    '?search=ada',
    '?email=THREE@example.com',
    '?metadata[plan]=team',
    '?createdAfter=2099-01-01T00:00:00Z',
    '?createdBefore=2099-01-01T00:00:00Z&search=al&order=asc',
  ]) {
    const { json } = await person.sandbox('GET', `/api/v1/customers${query}`)
    expect([query, emails(await exported(query))]).toEqual([
      query,
      json.data.map(({ email }: { email: string }) => email),
    ])
  }
  expect(emails(await exported('', person.live))).toEqual(['live@example.com'])
})

test('holds the customers that are named, and only those of the environment', async () => {
  const [first, , third] = await create(
    { email: 'one@example.com' },
    { email: 'two@example.com' },
    { email: 'three@example.com' },
  )
  const foreign = await server.person(await server.organization())
  const theirs = (await foreign.sandbox('POST', '/api/v1/customers', { body: { email: 'x@example.com' } }))
    .json.data.id
  expect(emails(await exported(`?ids=${first},${third},${theirs}&order=asc`))).toEqual([
    'one@example.com',
    'three@example.com',
  ])
  expect(await exported(`?ids=${theirs}`)).toEqual([])
  for (const query of [`?ids=${first}&search=one`, '?ids=', '?ids=user_1', '?ids=cus_1,,cus_2', '?limit=5']) {
    expect([query, (await person.sandbox('GET', `/api/v1/customers.csv${query}`)).status]).toEqual([
      query,
      400,
    ])
  }
})

test('gives a spreadsheet nothing to calculate', async () => {
  const names = [
    '=1+1',
    '+1',
    '-1',
    '@x',
    '\t=1',
    '＝1',
    `'=1`,
    `'quoted'`,
    'a=1',
    ' =1',
    '"=1"',
    'a\r\nb;c,"d"',
  ]
  await create(...names.map((fullName) => ({ email: '=cmd@example.com', fullName })))
  const rows = await exported('?order=asc')
  expect(rows.map(({ fullName }) => fullName)).toEqual([
    ...[`'=1+1`, `'+1`, `'-1`, `'@x`, `'\t=1`, `'＝1`, `''=1`],
    ...[`'quoted'`, 'a=1', ' =1', '"=1"', 'a\r\nb;c,"d"'],
  ])
  expect(new Set(emails(rows))).toEqual(new Set([`'=cmd@example.com`]))
})

test('an empty environment is a file with the names of the columns', async () => {
  const { text } = await person.sandbox('GET', '/api/v1/customers.csv')
  expect(text).toMatch(/^id,externalId,email,[^\n]*updatedAt\r\n$/)
})

test('is not for keys', async () => {
  const { status, json } = await organization.sandbox.call('GET', '/api/v1/customers.csv')
  expect([status, json.error.code]).toEqual([403, 'forbidden'])
})

/** Asks for the file and takes nothing of its body yet. */
async function startExport(query = ''): Promise<IncomingMessage> {
  const request = get(`${server.address}/api/v1/customers.csv${query}`, {
    headers: { cookie: person.cookie, 'commet-environment': 'sandbox' },
    agent: false,
  })
  request.on('error', () => undefined)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response.setEncoding('utf8')
}

async function readAll(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of response) text += part
  return text
}

const openTransactions = async () => {
  const [row] = await server.database.owner<{ many: number }>(
    `select count(*)::int as many from pg_stat_activity
     where datname = current_database() and application_name = 'commet' and xact_start is not null`,
  )
  return row?.many
}

test('waits for a slow client with no transaction open, and goes on where it was', async () => {
  await addMany(20_000)
  const heapBefore = process.memoryUsage().heapUsed
  const response = await startExport()
  await once(response, 'readable')
  await expect.poll(openTransactions).toBe(0)
  expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(50_000_000)
  const rows: readonly Row[] = parse(await readAll(response), { bom: true, columns: true })
  expect(new Set(rows.map(({ id }) => id)).size).toBe(20_000)
})

test('what breaks off in the middle looks broken, and is told in the log', async () => {
  await addMany(20_000)
  const response = await startExport()
  await once(response, 'readable')
  await server.database.owner(`alter table customers rename to customers_away`)
  const outcome = await readAll(response).then(
    () => 'complete',
    (error: NodeJS.ErrnoException) => error.code,
  )
  await server.database.owner(`alter table customers_away rename to customers`)
  expect(outcome).toBe('ECONNRESET')
  expect(server.logLines.filter(({ message }) => message === 'a file was broken off')).toHaveLength(1)
})

test('what fails at once is an error and not a file', async () => {
  await server.database.owner(`alter table customers rename to customers_away`)
  const { status, json } = await person.sandbox('GET', '/api/v1/customers.csv')
  await server.database.owner(`alter table customers_away rename to customers`)
  expect([status, json.error.code]).toEqual([500, 'internal_error'])
})

test('a client that leaves ends the reading', async () => {
  await addMany(20_000)
  const response = await startExport()
  await once(response, 'readable')
  response.destroy()
  const before = server.logLines.length
  await expect
    .poll(() => server.logLines.slice(before).filter(({ route }) => route === '/api/v1/customers.csv').length)
    .toBe(1)
  expect(server.logLines.slice(before).filter(({ level }) => level === 'error')).toEqual([])
})
