import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { moveData } from '@commet/server/db/move-data'
import { prepareDatabase } from '@commet/server/db/prepare'
import { csvLine } from '@commet/server/kernel/csv'
import {
  callerWithSession,
  createTestDatabase,
  type Reply,
  startTestServer,
  type TestDatabase,
  type TestOrganization,
  type TestPerson,
  type TestServer,
  testSecret,
} from '@commet/testkit'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freePort, startServerProcess } from './faults/server-process.ts'

/** Files of customers: refused with the reason, or carried out row by row, each once, whoever is killed. */

let database: TestDatabase
let server: TestServer
let organization: TestOrganization
let person: TestPerson

beforeAll(async () => {
  database = await createTestDatabase()
  server = await startTestServer({ database, worker: true })
})
afterAll(async () => {
  await server.stop()
  await database.drop()
})
beforeEach(async () => {
  organization = await server.organization()
  person = await server.person(organization, 'member')
})

type Call = TestPerson['sandbox']
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
type Found = any

const upload = (file: string | Uint8Array, call: Call = person.sandbox, fileName = 'customers.csv') =>
  call('POST', `/api/v1/imports?fileName=${fileName}`, {
    body: file,
    headers: { 'content-type': 'text/csv' },
  })

async function uploaded(file: string | Uint8Array, call?: Call): Promise<Found> {
  const reply = await upload(file, call)
  expect([reply.json.error?.message, reply.status]).toEqual([undefined, 201])
  return reply.json.data
}

const fileOf = (...rows: readonly (readonly string[])[]) => rows.map(csvLine).join('')
const find = async (id: string, call: Call = person.sandbox) =>
  (await call('GET', `/api/v1/imports/${id}`)).json.data

/** Asks for a step and waits until a worker has carried it out. */
async function carriedOut(id: string, step: 'check' | 'run', call: Call = person.sandbox): Promise<Found> {
  const reply = await call('POST', `/api/v1/imports/${id}/${step}`)
  expect([reply.json.error?.message, reply.status]).toEqual([undefined, 200])
  const over = step === 'check' ? 'checked' : 'done'
  await expect.poll(async () => (await find(id, call)).status, { timeout: 30_000, interval: 20 }).toBe(over)
  return find(id, call)
}

const counts = ({ rows, processed, created, existed, failed }: Found) => ({
  ...{ rows, processed, created, existed, failed },
})

const list = async (call: Call = person.sandbox, query = 'limit=100&order=asc') =>
  (await call('GET', `/api/v1/customers?${query}`)).json.data

const fieldsOf = ({ columns }: Found) => columns.map(({ field }: Found) => field)

describe('a file', () => {
  test('that was exported comes back as it was, in another environment', async () => {
    const address = { line1: '1 Main St', city: 'Austin', state: 'TX', postalCode: '78701', country: 'US' }
    const metadata = { seats: 12, 'a.b': [1, { c: null }], text: '=SUM(A1)\n"quoted", ;' }
    const customers = [
      { email: 'plain@example.com' },
      { email: '=1+1@example.com', id: '@user', fullName: '=HYPERLINK("http://evil.example")' },
      { email: 'o@example.com', id: `'-quote`, fullName: `''=x`, taxDocument: '+1', metadata },
      { email: 'u@example.com', id: ' spaces ', fullName: '李小龍 🙂\r\nline\ttab', timezone: 'Asia/Tokyo' },
      { email: 'a@example.com', fullName: 'O’Brien, "Bob"; Ltd', address },
      { email: 'b@example.com', address: { ...address, line2: '-2', region: '＝r' }, metadata: { '=k': '' } },
    ]
    const made = await person.sandbox('POST', '/api/v1/customers/batch', { body: { customers } })
    expect(made.json.data.failed).toEqual([])
    const file = (await person.sandbox('GET', '/api/v1/customers.csv?order=asc')).text
    const { id, columns } = await uploaded(file, person.live)
    expect(columns.filter(({ field }: Found) => field === null).map(({ name }: Found) => name)).toEqual([
      ...['id', 'documentType', 'createdAt', 'updatedAt'],
    ])
    expect(counts(await carriedOut(id, 'run', person.live))).toMatchObject({ rows: 6, created: 6, failed: 0 })
    const bare = (rows: readonly Found[]) =>
      rows
        .map(({ id: _, createdAt, updatedAt, livemode, ...rest }) => rest)
        .toSorted((a, b) => (a.email < b.email ? -1 : 1))
    expect(bare(await list(person.live))).toEqual(bare(await list()))
    expect(await list()).toHaveLength(6)
  })

  test('has its columns known by the names that other programs give them', async () => {
    const head = ['Customer ID', 'E-Mail Address', 'Company name', 'VAT number', 'Street', 'ZIP', 'City']
    const found = await uploaded(
      fileOf([...head, 'Country', 'Plan', 'metadata.plan', 'email'], ['7', 'x@y.z']),
    )
    expect(fieldsOf(found)).toEqual([
      ...['externalId', 'email', 'fullName', 'taxDocument', 'address.line1', 'address.postalCode'],
      ...['address.city', 'address.country', null, 'metadata.plan', null],
    ])
    expect(found).toMatchObject({ rows: 1, status: 'uploaded', sample: [['7', 'x@y.z']], failures: [] })
  })

  test('is read whatever program wrote it', async () => {
    const files = {
      'Ada, "the" first': 'email,name\r\na@example.com,"Ada, ""the"" first"\r\n',
      'Ada; semicolons': 'email;name\r\na@example.com;"Ada; semicolons"\r\n',
      tabs: 'email\tname\na@example.com\ttabs\n',
      'no last line feed': 'email,name\na@example.com,no last line feed',
      'carriage returns': 'email,name\ra@example.com,carriage returns\r',
      'Zoë, mark': '\uFEFFemail,name\na@example.com,"Zoë, mark"\n',
      'empty lines': 'email,name\n\n,\n\na@example.com,empty lines\n\n',
      'two\nlines': 'email,name\na@example.com,"two\nlines"\n',
    }
    const ids: string[] = []
    for (const file of Object.values(files)) ids.push((await uploaded(file)).id)
    await Promise.all(ids.map((id) => carriedOut(id, 'run')))
    expect((await list()).map(({ fullName }: Found) => fullName).toSorted()).toEqual(
      Object.keys(files).toSorted(),
    )
  })

  const latin = Buffer.from('email,name\na@example.com,Ada\nb@example.com,Zo\xeb\n', 'latin1')
  const utf16 = Buffer.from('\uFEFFemail\na@example.com\n', 'utf16le')
  test.each([
    ['nothing', '', 400, 'is empty'],
    ['a head alone', 'email,name\n', 400, 'no rows'],
    ['one name twice', 'email,name,email\na@example.com,a,b\n', 400, 'two columns named "email"'],
    ['another encoding', latin, 400, 'UTF-8: see line 3'],
    ['UTF-16', utf16, 400, 'UTF-8: see line 1'],
    ['bytes that are no text', 'email\na\0b\n', 400, 'UTF-8: see line 2'],
    ['another separator', 'email|name\na@example.com|Ada\n', 400, 'commas, semicolons or tabs'],
    ['an open quotation mark', 'email,name\n"a@example.com,Ada\nb@example.com,B\n', 400, 'never closed'],
    ['a stray quotation mark', 'email,name\na@example.com,"A"da\n', 400, 'line 2'],
    ['too many columns', `${Array.from({ length: 201 }, (_, n) => `c${n}`).join()}\n1\n`, 400, '201 columns'],
    ['too many rows', `email\n${'a@example.com\n'.repeat(100_001)}`, 413, 'more than 100,000 rows'],
    ['too many bytes', Buffer.alloc(20 * 1024 * 1024 + 1, 'a'), 413, 'at most 20 MB'],
  ])('with %s is refused, with the reason', async (_, file, status, reason) => {
    const reply = await upload(file)
    expect([reply.status, reply.json.error.message]).toEqual([status, expect.stringContaining(reason)])
    expect((await person.sandbox('GET', '/api/v1/imports')).json.data).toEqual([])
  })

  test('that says it is something else is refused', async () => {
    const headers = { 'content-type': 'application/json' }
    const reply = await person.sandbox('POST', '/api/v1/imports?fileName=a', { body: '{}', headers })
    expect(reply.status).toBe(415)
  })

  test('as large as may be is taken in a few seconds', { timeout: 60_000 }, async () => {
    const line = csvLine(['someone@example.com', 'user', `Name ${'x'.repeat(150)}`])
    const rows = Math.min(100_000, Math.floor((20 * 1024 * 1024 - 100) / line.length))
    const { id } = await uploaded(`email,id,name\r\n${line.repeat(rows)}`)
    expect((await find(id)).rows).toBe(rows)
    await person.sandbox('POST', `/api/v1/imports/${id}/cancel`)
  })
})

describe('a dry run', () => {
  test('says of every row what would become of it, and creates nothing', async () => {
    await person.sandbox('POST', '/api/v1/customers', { body: { email: 'old@example.com', id: 'old' } })
    const { id } = await uploaded(
      fileOf(
        ['email', 'id', 'fullName', 'timezone', 'metadata', 'address.city', 'country'],
        ['new@example.com', 'new', '', '', '', '', ''],
        ['old@example.com', 'old', '', '', '', '', ''],
        ['nobody', 'cus_x', 'x'.repeat(201), 'Mars', '{', 'Austin', 'us'],
        ['twin@example.com', 'new', '', '', '', '', ''],
        ['', '', '', '', '[1]', '', ''],
        ['short@example.com', 'x'],
        ['large@example.com', '', '', '', '{"n": 12345678901234567890}', '', ''],
        ['none@example.com', '', '', '', '{"a": 1}', '', ''],
      ),
    )
    const found = await carriedOut(id, 'check')
    expect(counts(found)).toEqual({ rows: 8, processed: 8, created: 2, existed: 2, failed: 4 })
    expect(found.failures.map(({ row }: Found) => row)).toEqual([4, 6, 7, 8])
    const fields = found.failures.map(({ errors }: Found) => errors.map(({ field }: Found) => field))
    expect(fields[0].toSorted()).toEqual([
      ...['address.country', 'address.line1', 'address.postalCode', 'email'],
      ...['externalId', 'fullName', 'metadata', 'timezone'],
    ])
    expect(fields.slice(1)).toEqual([['email', 'metadata'], ['row'], ['metadata.n']])
    expect(found.failures[0].errors).toContainEqual({ field: 'email', message: 'Invalid email format' })
    expect(await list()).toHaveLength(1)
    expect(counts(await carriedOut(id, 'run'))).toEqual({
      ...{ rows: 8, processed: 8, created: 2, existed: 2, failed: 4 },
    })
    expect(await list()).toHaveLength(3)
  })

  test('finds what customers.create finds, in the same words', async () => {
    const items = [
      { email: 'x' },
      { email: 'a@example.com', fullName: 'x'.repeat(201) },
      { email: 'a@example.com', timezone: 'Nowhere/None' },
      { email: 'a@example.com', externalId: '..' },
      { email: 'a@example.com', externalId: 'tab\there' },
      { email: `${'a'.repeat(200)}@example.com` },
      { email: 'a@example.com', taxDocument: 'x'.repeat(101) },
    ]
    const head = ['email', 'fullName', 'timezone', 'externalId', 'taxDocument']
    const rows = items.map((item) => head.map((name) => (item as Record<string, string>)[name] ?? ''))
    const { id } = await uploaded(fileOf(head, ...rows))
    const { failures } = await carriedOut(id, 'check')
    for (const [place, body] of items.entries()) {
      const { json } = await person.sandbox('POST', '/api/v1/customers', { body })
      expect(failures[place].errors).toEqual(json.error.details)
    }
  })

  test('is over once the columns are mapped anew', async () => {
    const { id } = await uploaded(fileOf(['email', 'contact'], ['wrong', 'right@example.com']))
    expect(counts(await carriedOut(id, 'check'))).toMatchObject({ created: 0, failed: 1 })
    const map = (columns: readonly (string | null)[]) =>
      person.sandbox('PATCH', `/api/v1/imports/${id}`, { body: { columns } })
    const mapped = await map(['metadata.old', 'email'])
    expect(mapped.json.data).toMatchObject({ status: 'uploaded', failed: 0, failures: [] })
    expect(counts(await carriedOut(id, 'check'))).toMatchObject({ created: 1, failed: 0 })
    for (const [columns, param] of [
      [['email'], 'columns'],
      [['email', 'email'], 'columns.1'],
      [['email', 'createdAt'], 'columns.1'],
      [['email', 'metadata.'], 'columns.1'],
    ] as const) {
      const { status, json } = await map(columns)
      expect([columns, status, json.error.param]).toEqual([columns, 400, param])
    }
    await map([null, 'fullName'])
    const without = await person.sandbox('POST', `/api/v1/imports/${id}/check`)
    expect([without.status, without.json.error.message]).toEqual([400, expect.stringContaining('email')])
  })
})

describe('a run', () => {
  test('is in the history under the name of whoever asked, with their request', async () => {
    const { id } = await uploaded(fileOf(['email'], ['a@example.com']))
    const { headers } = await person.sandbox('POST', `/api/v1/imports/${id}/run`)
    await expect.poll(async () => (await find(id)).status, { timeout: 10_000 }).toBe('done')
    const [customer] = await list()
    const entries = await database.owner(
      `select operation, actor_kind, actor_id, request_id from audit_entries where environment_id = $1
       and operation in ('customers.create', 'imports.run') order by operation`,
      [organization.sandbox.id],
    )
    const by = { actor_kind: 'user', actor_id: person.userId, request_id: headers.get('x-request-id') }
    expect(entries).toEqual([
      { operation: 'customers.create', ...by },
      { operation: 'imports.run', ...by },
    ])
    const events = await database.owner('select type from events where subject_id = $1', [customer.id])
    expect(events).toEqual([{ type: 'customer.created' }])
  })

  test('gives the rows that failed as a file, which can be corrected and imported as it is', async () => {
    const head = ['email', 'name', 'note']
    const { id } = await uploaded(
      fileOf(head, ['a', '=A', 'keep'], ['b@example.com', 'B', ''], ['c', 'C', 'x']),
    )
    await carriedOut(id, 'run')
    const report = await person.sandbox('GET', `/api/v1/imports/${id}/failures.csv`)
    expect(report.headers.get('content-disposition')).toMatch(/import-failures-sandbox-[\d-]+\.csv/)
    const rows: readonly Found[] = parse(report.text, { bom: true, columns: true })
    expect(rows).toEqual([
      {
        email: 'a',
        name: `'=A`,
        note: 'keep',
        'import row': '2',
        'import error': 'email Invalid email format',
      },
      { email: 'c', name: 'C', note: 'x', 'import row': '4', 'import error': 'email Invalid email format' },
    ])
    const again = await uploaded(report.text.replace('\r\na,', '\r\na@example.com,'))
    expect(fieldsOf(again)).toEqual(['email', 'fullName', null, null, null])
    expect(counts(await carriedOut(again.id, 'run'))).toMatchObject({ created: 1, failed: 1 })
    const rest = await person.sandbox('GET', `/api/v1/imports/${again.id}/failures.csv`)
    expect(rest.text).toContain('email,name,note,import row,import error\r\nc,C,x,3,email Invalid')
    expect((await list()).map(({ fullName }: Found) => fullName)).toEqual(['B', '=A'])
    const foreign = await server.person(await server.organization())
    for (const call of [foreign.sandbox, person.live]) {
      expect((await call('GET', `/api/v1/imports/${id}/failures.csv`)).status).toBe(404)
    }
  })

  test('is refused twice, and keeps nothing of the file when it is over', async () => {
    const { id } = await uploaded(fileOf(['email'], ['a@example.com'], ['b']))
    await carriedOut(id, 'run')
    for (const path of ['run', 'check', 'cancel']) {
      const { status, json } = await person.sandbox('POST', `/api/v1/imports/${id}/${path}`)
      expect([path, status, json.error.code]).toEqual([path, 409, 'invalid_import_status'])
    }
    for (const table of ['import_chunks', 'import_user_ids']) {
      expect(await database.owner(`select from ${table} where import_id = $1`, [id])).toEqual([])
    }
  })

  test('that meets a failure of the server goes on where it was', async () => {
    const { id } = await uploaded(
      fileOf(['email'], ...Array.from({ length: 250 }, (_, n) => [`${n}@example.com`])),
    )
    await database.owner(
      `create function stumble() returns trigger language plpgsql as
       $$ begin if new.email = '150@example.com' then raise 'no room'; end if; return new; end $$;
       create trigger stumble before insert on customers for each row execute function stumble()`,
    )
    await person.sandbox('POST', `/api/v1/imports/${id}/run`)
    const complaint = () => server.logLines.find(({ import: which }) => which === id)
    await expect.poll(complaint, { timeout: 10_000 }).toMatchObject({ level: 'error', code: 'P0001' })
    expect(await find(id)).toMatchObject({ status: 'running', processed: 100, stalled: false })
    await database.owner('update imports set attempts = 6 where id = $1', [id])
    expect(await find(id)).toMatchObject({ stalled: true })
    await database.owner('drop trigger stumble on customers; drop function stumble()')
    await database.owner('update imports set leased_until = now() where id = $1', [id])
    await expect.poll(async () => (await find(id)).status, { timeout: 10_000 }).toBe('done')
    expect(counts(await find(id))).toMatchObject({ processed: 250, created: 250 })
    expect(await find(id)).toMatchObject({ stalled: false })
  })
})

const manyRows = (many: number) =>
  fileOf(['email'], ...Array.from({ length: many }, (_, number) => [`row${number}@example.com`]))

/** How often each row became a customer, and how often that was told. */
async function timesEach(environmentId: string) {
  const [row] = await database.owner<{ customers: number; emails: number; events: number; entries: number }>(
    `select count(*)::int as customers, count(distinct email)::int as emails,
       (select count(*)::int from events where environment_id = $1) as events,
       (select count(*)::int from audit_entries where environment_id = $1 and operation = 'customers.create') as entries
     from customers where environment_id = $1`,
    [environmentId],
  )
  return row
}
const each = (many: number) => ({ customers: many, emails: many, events: many, entries: many })

describe('with rows that have no user ID, each becomes one customer', () => {
  test('when two servers work at once', { timeout: 30_000 }, async () => {
    const second = await startTestServer({ database, worker: true })
    const ids = await Promise.all(
      [person.sandbox, person.live, person.sandbox].map(
        async (call) => (await uploaded(manyRows(700), call)).id,
      ),
    )
    await Promise.all(
      ids.map((id, place) => carriedOut(id, 'run', place === 1 ? person.live : person.sandbox)),
    )
    await second.stop()
    expect(await timesEach(organization.live.id)).toEqual(each(700))
    expect(await timesEach(organization.sandbox.id)).toEqual({ ...each(1_400), emails: 700 })
  })

  test('when a server stops, and another goes on at once', { timeout: 30_000 }, async () => {
    const idle = await startTestServer({ worker: false })
    const first = await startTestServer({ database: idle.database, worker: true })
    const owner = await idle.organization()
    const { sandbox } = await idle.person(owner)
    const { id } = await uploaded(manyRows(4_000), sandbox)
    await sandbox('POST', `/api/v1/imports/${id}/run`)
    await expect
      .poll(async () => (await find(id, sandbox)).processed, { timeout: 10_000, interval: 5 })
      .toBeGreaterThan(0)
    await first.stop()
    const stopped = await find(id, sandbox)
    expect(stopped.status).toBe('running')
    const next = await startTestServer({ database: idle.database, worker: true })
    await expect.poll(async () => (await find(id, sandbox)).status, { timeout: 10_000 }).toBe('done')
    await next.stop()
    const [row] = await idle.database.owner<{ many: number; emails: number }>(
      'select count(*)::int as many, count(distinct email)::int as emails from customers where environment_id = $1',
      [owner.sandbox.id],
    )
    expect(row).toEqual({ many: 4_000, emails: 4_000 })
    await idle.stop()
  })

  test('when the server is killed in the middle and another one takes over', {
    timeout: 60_000,
  }, async () => {
    const own = await createTestDatabase()
    const idle = await startTestServer({ database: own, worker: false })
    const { sandbox } = await idle.person(await idle.organization())
    const { id } = await uploaded(manyRows(6_000), sandbox)
    await sandbox('POST', `/api/v1/imports/${id}/run`)
    expect(await find(id, sandbox)).toMatchObject({ status: 'running', startedAt: null })
    const env = { DATABASE_URL: own.url, COMMET_SECRET: testSecret }
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'commet-import-'))
    const victim = await startServerProcess({ dataFolder, port: await freePort(), env })
    await expect
      .poll(async () => (await find(id, sandbox)).processed, { timeout: 20_000, interval: 5 })
      .toBeGreaterThan(0)
    await victim.kill()
    const left = await find(id, sandbox)
    expect([left.status, left.processed < 6_000]).toEqual(['running', true])
    const heir = await startTestServer({ database: own, worker: true })
    await expect.poll(async () => (await find(id, sandbox)).status, { timeout: 20_000 }).toBe('done')
    expect(counts(await find(id, sandbox))).toEqual({
      ...{ rows: 6_000, processed: 6_000, created: 6_000, existed: 0, failed: 0 },
    })
    const [row] = await own.owner<{ many: number; emails: number; events: number }>(
      `select count(*)::int as many, count(distinct email)::int as emails,
         (select count(*)::int from events) as events from customers`,
    )
    expect(row).toEqual({ many: 6_000, emails: 6_000, events: 6_000 })
    await heir.stop()
    await idle.stop()
    await own.drop()
    await rm(dataFolder, { recursive: true, force: true })
  })
})

test('an import that is canceled stops, and what it created stays', { timeout: 30_000 }, async () => {
  const { id } = await uploaded(manyRows(4_000))
  await person.sandbox('POST', `/api/v1/imports/${id}/run`)
  await expect
    .poll(async () => (await find(id)).processed, { timeout: 10_000, interval: 5 })
    .toBeGreaterThan(0)
  const { status, json } = await person.sandbox('POST', `/api/v1/imports/${id}/cancel`)
  expect([status, json.data.status]).toEqual([200, 'canceled'])
  const { processed } = json.data
  expect(processed).toBeLessThan(4_000)
  expect(await timesEach(organization.sandbox.id)).toEqual(each(processed))
  expect(await database.owner('select from import_chunks where import_id = $1', [id])).toEqual([])
})

test('without a worker an import waits, and says that nobody has begun', async () => {
  const idle = await startTestServer({ worker: false })
  const { sandbox } = await idle.person(await idle.organization())
  const { id } = await uploaded(manyRows(1), sandbox)
  const reply: Reply = await sandbox('POST', `/api/v1/imports/${id}/run`)
  expect(reply.json.data).toMatchObject({ status: 'running', startedAt: null, processed: 0 })
  await idle.stop()
})

test('uploads that nobody runs are forgotten after a week, reports after thirty days', async () => {
  const ids = { old: '', report: '', fresh: '' }
  for (const name of ['old', 'report', 'fresh'] as const) ids[name] = (await uploaded(manyRows(150))).id
  await carriedOut(ids.report, 'run')
  const age = (id: string, days: number) =>
    database.owner(`update imports set updated_at = now() - make_interval(days => $2) where id = $1`, [
      id,
      days,
    ])
  const purge = () => database.owner('select purge_imports(10)')
  const known = async () =>
    (await person.sandbox('GET', '/api/v1/imports')).json.data.map(({ id }: Found) => id)
  await age(ids.old, 8)
  await age(ids.report, 29)
  await age(ids.fresh, 6)
  await purge()
  expect(await known()).toEqual([ids.fresh, ids.report])
  expect(await database.owner('select from import_chunks where import_id = $1', [ids.old])).toEqual([])
  await age(ids.report, 31)
  await purge()
  expect(await known()).toEqual([ids.fresh])
})

test('imports move to another database, with the rows that wait and the report of those that failed', async () => {
  const file = fileOf(['email', 'id'], ['ada@example.com', 'ada'], ['no address', 'bob'])
  const done = await uploaded(file)
  await carriedOut(done.id, 'run')
  const waiting = await uploaded(file)
  const target = await createTestDatabase({ empty: true })
  await prepareDatabase({ connectionString: target.url }, testSecret)
  const moved = await moveData({ connectionString: database.url }, { connectionString: target.url })
  const rowsOf = (table: string) => moved.find(({ name }) => name === table)?.rows
  expect(rowsOf('import_failures')).toBeGreaterThan(0)
  expect(rowsOf('import_chunks')).toBeGreaterThan(0)
  const next = await startTestServer({ database: target })
  const there = callerWithSession(next.address, person.cookie, 'sandbox')
  for (const { id } of [done, waiting]) expect(await find(id, there)).toEqual(await find(id))
  await next.stop()
  await target.drop()
})
