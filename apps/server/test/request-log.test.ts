import { prepareDatabase } from '@commet/server/db/prepare'
import { createRequestLog } from '@commet/server/http/request-log'
import { openDatabase } from '@commet/server/kernel/db'
import { newId } from '@commet/server/kernel/ids'
import {
  callerWith,
  startTestServer,
  type TestEnvironment,
  type TestOrganization,
  type TestPerson,
  type TestServer,
  testSecret,
} from '@commet/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

/** The last 1,000 requests of an environment: what is kept of them, what is not, and that no request waits for it. */

let server: TestServer
let organization: TestOrganization
let sandbox: TestEnvironment
let person: TestPerson

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  organization = await server.organization()
  sandbox = organization.sandbox
  person = await server.person(organization)
})

// biome-ignore lint/suspicious/noExplicitAny: rows are looked into as they come.
type Row = any

const newest = { headers: { 'commet-version': '2026-07-31' } }
const list = async (query = '', call = person.sandbox): Promise<Row> =>
  (await call('GET', `/api/v1/requests${query}`, newest)).json

/** The log once it holds as many requests as were made. */
async function logOf(many: number, query = '', call = person.sandbox): Promise<readonly Row[]> {
  await expect
    .poll(async () => (await list(query, call)).data.length, { interval: 50, timeout: 5_000 })
    .toBe(many)
  return (await list(query, call)).data
}

const create = (body: object, headers = {}) =>
  sandbox.call('POST', '/api/v1/customers', { body: { email: 'a@example.com', ...body }, headers })

test('a request is there within seconds: who asked what, in which version, how it ended and how long it took', async () => {
  const made = await create({ id: 'user_1' }, { 'commet-version': '2026-06-10' })
  const [row] = await logOf(1)
  expect(row).toEqual({
    id: made.headers.get('x-request-id'),
    method: 'POST',
    path: '/api/v1/customers',
    status: 201,
    errorCode: null,
    durationMs: expect.any(Number),
    apiVersion: '2026-06-10',
    caller: {
      kind: 'api_key',
      id: expect.stringMatching(/^key_/),
      name: 'Test',
      hint: sandbox.apiKey.slice(0, 15),
    },
    idempotentReplay: false,
    createdAt: expect.any(String),
    object: 'request',
    livemode: false,
  })
  expect(row.durationMs).toBeGreaterThan(0)
  expect(Math.abs(Date.parse(row.createdAt) - Date.now())).toBeLessThan(60_000)
  const one = await person.sandbox('GET', `/api/v1/requests/${row.id}`, newest)
  expect(one.json).toEqual(row)
})

test('refusals say their code, kept ones and replays as well', async () => {
  const key = { 'idempotency-key': 'k' }
  await create({ email: 'nobody' })
  await sandbox.call('PATCH', '/api/v1/customers/nobody', { body: { fullName: 'x' }, headers: key })
  await sandbox.call('PATCH', '/api/v1/customers/nobody', { body: { fullName: 'x' }, headers: key })
  await create({}, { ...key, 'commet-version': '2026-05-12' })
  await create({}, { 'commet-version': '2020-01-01' })
  const rows = await logOf(5)
  expect(
    rows.map(({ status, errorCode, idempotentReplay }) => [status, errorCode, idempotentReplay]),
  ).toEqual([
    [400, 'validation_error', false],
    [409, 'idempotency_key_mismatch', false],
    [404, 'customer_not_found', true],
    [404, 'customer_not_found', false],
    [400, 'validation_error', false],
  ])
})

test('what a person changed is there with a name; what pages read is not', async () => {
  await person.sandbox('POST', '/api/v1/customers', { body: { email: 'a@example.com' } })
  await person.sandbox('GET', '/api/v1/customers')
  await person.sandbox('GET', '/api/v1/session')
  await create({})
  const rows = await logOf(2)
  expect(rows.map(({ method, caller }) => [method, caller.kind, caller.name])).toEqual([
    ['POST', 'api_key', 'Test'],
    ['POST', 'user', 'Test person'],
  ])
})

test('no body, no search, no e-mail address of a query and no key is kept anywhere in it', async () => {
  await create({ fullName: 'body-secret' })
  for (const path of [
    '/customers?search=query-secret&limit=10&email=query-secret@example.com&metadata[plan]=query-secret',
    '/customers?query-secret=1&order=asc&createdAfter=2026-01-01T00:00:00Z',
    '/customers?limit=query-secret',
    `/api-keys/${sandbox.apiKey}?x=${sandbox.apiKey}`,
    `/customers/${'x'.repeat(99)}?limit=${'9'.repeat(2_000)}`,
  ]) {
    await sandbox.call(path.startsWith('/api-keys') ? 'DELETE' : 'GET', `/api/v1${path}`)
  }
  const rows = await logOf(6)
  expect(rows.map(({ path }) => path)).toEqual([
    `/api/v1/customers/${'x'.repeat(99)}?…`,
    '/api/v1/api-keys/ck_sandbox_…?…',
    '/api/v1/customers?limit=…',
    '/api/v1/customers?…&order=asc&createdAfter=2026-01-01T00:00:00Z',
    '/api/v1/customers?search=…&limit=10&email=…&metadata[plan]=…',
    '/api/v1/customers',
  ])
  const kept = JSON.stringify(await server.database.owner('select * from request_log'))
  for (const secret of ['body-secret', 'query-secret', sandbox.apiKey]) expect(kept).not.toContain(secret)
})

test('is filtered by status, method and caller, and paged without losing or repeating one', async () => {
  const other = callerWith(
    server.address,
    (await sandbox.call('POST', '/api/v1/api-keys', { body: { name: 'Other' } })).json.data.apiKey,
  )
  for (let number = 0; number < 4; number++) await sandbox.call('GET', '/api/v1/customers')
  for (let number = 0; number < 3; number++) await other('GET', '/api/v1/customers/nobody')
  const rows = await logOf(8)
  expect((await list('?status=2xx')).data).toHaveLength(5)
  expect((await list('?status=4xx')).data).toHaveLength(3)
  expect((await list('?status=5xx')).data).toHaveLength(0)
  expect((await list('?method=POST')).data).toHaveLength(1)
  expect((await list(`?callerId=${rows[0].caller.id}&method=GET`)).data).toHaveLength(3)
  const pages: Row[] = []
  for (let cursor = ''; ; ) {
    const page = await list(`?limit=3${cursor}`)
    pages.push(...page.data)
    if (!page.hasMore) break
    cursor = `&cursor=${page.nextCursor}`
  }
  expect(pages).toEqual(rows)
  for (const wrong of ['?status=200', '?method=HEAD', '?callerId=']) {
    expect([wrong, (await person.sandbox('GET', `/api/v1/requests${wrong}`)).status]).toEqual([wrong, 400])
  }
})

test('is shown to members, and of one environment alone', async () => {
  await create({})
  const [row] = await logOf(1)
  const member = await server.person(organization, 'member')
  expect((await list('', member.sandbox)).data).toEqual([row])
  const stranger = await server.person(await server.organization())
  for (const call of [person.live, stranger.sandbox, stranger.live]) {
    expect((await list('', call)).data).toEqual([])
    const reply = await call('GET', `/api/v1/requests/${row.id}`)
    expect([reply.status, reply.json.error.code]).toEqual([404, 'not_found'])
  }
})

test('what waits is written when the server stops', async () => {
  const other = await startTestServer({ database: server.database })
  const call = callerWith(other.address, sandbox.apiKey)
  for (let number = 0; number < 5; number++) await call('GET', '/api/v1/customers')
  await other.stop()
  expect((await list()).data).toHaveLength(5)
})

describe('the writer', () => {
  const note = (environmentId: string) => ({
    ...{ environment_id: environmentId, id: newId('request'), received_at: new Date(), method: 'GET' },
    ...{
      path: '/api/v1/customers',
      status: 200,
      error_code: null,
      duration_ms: 1,
      api_version: '2026-07-11',
    },
    ...{ caller_kind: 'api_key', caller_id: 'key_x', replayed: false },
  })
  const lines: unknown[] = []
  const log = { info: () => {}, warn: (fields: unknown) => lines.push(fields), error: () => {} }
  const worker = async () =>
    openDatabase((await prepareDatabase({ connectionString: server.database.url }, testSecret)).worker)

  test('keeps the newest 1,000 of each environment, and of a burst writes no more than that', async () => {
    const db = await worker()
    const first = createRequestLog(db, log)
    const ids: string[] = []
    const burst = (many: number) => {
      for (let number = 0; number < many; number++) {
        const one = note(sandbox.id)
        ids.push(one.id)
        first.note(one)
      }
    }
    burst(700)
    first.note(note(organization.live.id))
    await first.close()
    burst(5_000)
    await first.close()
    burst(10)
    await first.close()
    const kept = await server.database.owner<{ id: string }>(
      'select id from request_log where environment_id = $1 order by id',
      [sandbox.id],
    )
    expect(kept.map(({ id }) => id)).toEqual(ids.slice(-1_000))
    expect(first.measure()).toEqual({ written: 1_711, dropped: 0, superseded: 4_000, waiting: 0 })
    expect((await list('', person.live)).data).toHaveLength(1)
    await db.close()
  })

  test('keeps what it could not write while the database was away, and writes it once', async () => {
    const db = await worker()
    let away = true
    const cut = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })
    const flaky = {
      ...db,
      call: (...args: Parameters<typeof db.call>) => (away ? Promise.reject(cut) : db.call(...args)),
    }
    const requestLog = createRequestLog(flaky as typeof db, log)
    const ids = Array.from({ length: 3 }, () => note(sandbox.id))
    for (const one of ids) requestLog.note(one)
    await requestLog.close()
    expect(requestLog.measure()).toMatchObject({ written: 0, dropped: 0, waiting: 3 })
    away = false
    await requestLog.close()
    await requestLog.close()
    expect(requestLog.measure()).toMatchObject({ written: 3, dropped: 0, waiting: 0 })
    expect((await list()).data.map(({ id }: Row) => id)).toEqual(ids.map(({ id }) => id).toReversed())
    expect(lines).toEqual([])
    await db.close()
  })

  test('drops and counts what has no room, and what the database refuses', async () => {
    const db = await worker()
    const requestLog = createRequestLog(db, log)
    for (let number = 0; number < 250; number++) requestLog.note(note(`env_${number}`))
    expect(requestLog.measure()).toMatchObject({ dropped: 50, waiting: 200 })
    await requestLog.close()
    expect(requestLog.measure()).toMatchObject({ written: 200, dropped: 50 })
    requestLog.note({ ...note(sandbox.id), status: 100_000 })
    await requestLog.close()
    expect(requestLog.measure()).toMatchObject({ written: 200, dropped: 51 })
    expect(lines).toHaveLength(1)
    await db.close()
  })
})
