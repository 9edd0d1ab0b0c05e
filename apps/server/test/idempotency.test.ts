import { prepareDatabase } from '@commet/server/db/prepare'
import { openDatabase } from '@commet/server/kernel/db'
import { purgeIdempotencyKeys } from '@commet/server/worker/worker'
import { startTestServer, type TestEnvironment, type TestServer, testSecret } from '@commet/testkit'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

let server: TestServer
let sandbox: TestEnvironment
let live: TestEnvironment
let call: TestEnvironment['call']

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  const organization = await server.organization()
  sandbox = organization.sandbox
  live = organization.live
  call = sandbox.call
})

const withKey = (key: string, more = {}) => ({ 'idempotency-key': key, ...more })
const create = (key: string, body: unknown, environment = sandbox) =>
  environment.call('POST', '/api/v1/customers', { body, headers: withKey(key) })
const ada = { email: 'ada@example.com' }
const storedKeys = (environment = sandbox) =>
  server.database.owner<{ key: string; status: number }>(
    'select key, status from idempotency_keys where environment_id = $1',
    [environment.id],
  )
const customerCount = async () =>
  (await server.database.owner('select from customers where environment_id = $1', [sandbox.id])).length

describe('the same request with the same key', () => {
  test('is answered again byte for byte and done once', async () => {
    const first = await create('k', ada)
    const second = await create('k', ada)
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect([second.status, second.text]).toEqual([first.status, first.text])
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'))
    expect(second.headers.get('commet-version')).toBe(first.headers.get('commet-version'))
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'))
    expect(await customerCount()).toBe(1)
  })

  test('is the same request in any order of its fields, under either base path and by either method', async () => {
    const { id } = (await create('k', ada)).json.data
    const change = { fullName: 'Ada', metadata: { a: { x: 1, y: 2 }, b: 3 } }
    const same = { metadata: { b: 3, a: { y: 2, x: 1 } }, fullName: 'Ada' }
    const headers = withKey('change')
    const first = await call('PATCH', `/api/v1/customers/${id}`, { body: change, headers })
    const replies = [
      await call('PATCH', `/api/v1/customers/${id}`, { body: same, headers }),
      await call('PATCH', `/api/customers/${id}`, { body: change, headers }),
      await call('PUT', `/api/v1/customers/${id}`, { body: change, headers }),
      await call('PATCH', `/api/v1/customers/${id.replace('_', '%5F')}`, { body: change, headers }),
    ]
    for (const reply of replies) {
      expect([reply.text, reply.headers.get('idempotent-replayed')]).toEqual([first.text, 'true'])
    }
  })

  test('answers what was, although the thing has changed or gone since', async () => {
    const first = await create('k', { ...ada, id: 'user_1' })
    await call('DELETE', '/api/v1/customers/user_1')
    expect((await create('k', { ...ada, id: 'user_1' })).text).toBe(first.text)
    expect((await call('GET', '/api/v1/customers/user_1')).status).toBe(404)
  })

  test('that was answered is answered to everybody who asks at the same instant', async () => {
    const first = await create('k', ada)
    const replies = await Promise.all(Array.from({ length: 50 }, () => create('k', ada)))
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set([`201 ${first.text}`]),
    )
  })

  test('sent many times at once is done once; all others replay it or are told to wait', async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => create('k', ada)))
    const done = replies.filter(({ status }) => status === 201)
    const waiting = replies.filter(({ status }) => status === 409)
    expect(done.length + waiting.length).toBe(50)
    expect(new Set(done.map(({ text }) => text)).size).toBe(1)
    expect(new Set(waiting.map(({ json }) => json.error.code))).toEqual(
      new Set(waiting.length === 0 ? [] : ['idempotency_in_progress']),
    )
    expect(await customerCount()).toBe(1)
  })
})

describe('another request with a known key', () => {
  test('is refused, whatever differs: body, path, method, version', async () => {
    const { id } = (await create('k', ada)).json.data
    const others = [
      await create('k', { email: 'alan@example.com' }),
      await create('k', { ...ada, fullName: null }),
      await call('POST', '/api/v1/customers/batch', { body: { customers: [ada] }, headers: withKey('k') }),
      await call('DELETE', `/api/v1/customers/${id}`, { headers: withKey('k') }),
      await call('POST', '/api/v1/customers', {
        body: ada,
        headers: withKey('k', { 'commet-version': '2026-07-31' }),
      }),
    ]
    for (const { status, json } of others) {
      expect([status, json.error.type, json.error.code]).toEqual([
        409,
        'conflict_error',
        'idempotency_key_mismatch',
      ])
    }
    expect(await customerCount()).toBe(1)
  })

  test('a key of one environment means nothing in another', async () => {
    const mine = await create('k', ada)
    const theirs = await create('k', { email: 'alan@example.com' }, live)
    expect([mine.status, theirs.status]).toEqual([201, 201])
    expect(theirs.json.data.email).toBe('alan@example.com')
  })
})

describe('what is kept', () => {
  test('declared refusals are kept: they answer again although they would be granted now', async () => {
    const missing = () =>
      call('PATCH', '/api/v1/customers/later', { body: { fullName: 'x' }, headers: withKey('missing') })
    const first = await missing()
    await create('make', { ...ada, id: 'later' })
    const second = await missing()
    expect([first.status, first.json.error.code]).toEqual([404, 'customer_not_found'])
    expect(second.text).toBe(first.text)
    expect(second.headers.get('idempotent-replayed')).toBe('true')

    await create('other', { ...ada, id: 'taken' })
    const duplicate = () =>
      call('PATCH', '/api/v1/customers/later', { body: { externalId: 'taken' }, headers: withKey('dup') })
    const refused = await duplicate()
    await call('DELETE', '/api/v1/customers/taken')
    expect([refused.status, refused.json.error.code]).toEqual([409, 'duplicate'])
    expect((await duplicate()).text).toBe(refused.text)
  })

  test('validation errors are not kept: the mended request may have the same key', async () => {
    expect((await create('k', { email: 'nobody' })).status).toBe(400)
    const { id } = (await create('made', { ...ada, id: 'one' })).json.data
    const headers = withKey('late')
    const other = { body: { customerId: 'two' }, headers }
    expect((await call('PATCH', `/api/v1/customers/${id}`, other)).status).toBe(400)
    expect((await storedKeys()).map(({ key }) => key)).toEqual(['made'])
    expect((await create('k', ada)).status).toBe(201)
    expect((await call('PATCH', `/api/v1/customers/${id}`, { body: {}, headers })).status).toBe(200)
  })

  test('neither 401 nor 429 is kept', async () => {
    const strict = await startTestServer({ database: server.database, rateLimitPerMinute: 1 })
    const { sandbox: own } = await strict.organization()
    const headers = withKey('k', { 'x-api-key': 'ck_sandbox_unknown' })
    expect((await own.call('POST', '/api/v1/customers', { body: ada, headers })).status).toBe(401)
    expect((await create('first', ada, own)).status).toBe(201)
    expect((await create('k', ada, own)).status).toBe(429)
    expect((await storedKeys(own)).map(({ key }) => key)).toEqual(['first'])
    await strict.stop()
  })

  test('reads take no key', async () => {
    await call('GET', '/api/v1/customers', { headers: withKey('k') })
    expect(await storedKeys()).toEqual([])
  })
})

describe('keys', () => {
  test.each(['x', 'x'.repeat(255), '~!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}'])('%j may be a key', async (key) => {
    const first = await create(key, ada)
    expect(first.status).toBe(201)
    expect((await create(key, ada)).text).toBe(first.text)
  })

  test.each(['', 'x'.repeat(256), 'clé', 'a\tb'])('%j may not', async (key) => {
    const reply = await create(key, ada)
    expect([reply.status, reply.json.error?.param]).toEqual([400, 'idempotency-key'])
    expect(await customerCount()).toBe(0)
  })
})

describe('while the first is running', () => {
  const locks: pg.Client[] = []
  afterAll(() => Promise.all(locks.map((lock) => lock.end())))

  /** Holds every write to a table until released. */
  async function hold(table: string) {
    const lock = new pg.Client({ connectionString: server.database.url })
    locks.push(lock)
    await lock.connect()
    await lock.query(`begin; lock table commet.${table} in exclusive mode`)
    return { release: () => lock.query('rollback') }
  }

  /** The backend of the server that waits for a lock. */
  async function waiting(): Promise<number> {
    for (;;) {
      const [row] = await server.database.owner<{ pid: number }>(
        `select pid from pg_stat_activity
         where datname = current_database() and usename = 'commet_app' and wait_event_type = 'Lock'`,
      )
      if (row !== undefined) return row.pid
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  test('the same key is refused at once, and answers once the first is done', async () => {
    const lock = await hold('customers')
    const first = create('k', ada)
    await waiting()
    const second = await create('k', ada)
    const different = await create('k', { email: 'alan@example.com' })
    for (const { status, json } of [second, different]) {
      expect([status, json.error.code]).toEqual([409, 'idempotency_in_progress'])
    }
    await lock.release()
    const answer = await first
    expect(answer.status).toBe(201)
    expect((await create('k', ada)).text).toBe(answer.text)
  })

  test.each(['customers', 'audit_entries', 'idempotency_keys'])(
    'killed while it writes to %s, neither its effect nor its key is there, and it can be sent again',
    async (table) => {
      const lock = await hold(table)
      const first = create('k', { ...ada, id: 'user_1' })
      const pid = await waiting()
      await server.database.owner('select pg_terminate_backend($1)', [pid])
      const killed = await first
      expect([killed.status, killed.json.error.code]).toEqual([503, 'internal_error'])
      await lock.release()
      expect(await customerCount()).toBe(0)
      expect(await storedKeys()).toEqual([])
      const again = await create('k', { ...ada, id: 'user_1' })
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, null])
    },
  )
})

/** Makes every stored answer as old as that. */
const age = (interval: string) =>
  server.database.owner('update idempotency_keys set created_at = now() - $1::interval', [interval])

test('answers are forgotten after 24 hours of real time, in batches, and a key is then new', async () => {
  const first = await create('k', ada)
  await server.database.owner(
    `insert into idempotency_keys select $1, 'aged-' || n, '', 200, '', false, now() - interval '25 hours'
     from generate_series(1, 2500) n`,
    [sandbox.id],
  )
  const { worker } = await prepareDatabase({ connectionString: server.database.url }, testSecret)
  const db = openDatabase(worker)
  expect(await purgeIdempotencyKeys(db, new Date())).toBeGreaterThanOrEqual(2500)
  await age('23 hours 59 minutes')
  expect(await purgeIdempotencyKeys(db, new Date())).toBe(0)
  expect((await create('k', ada)).text).toBe(first.text)
  await age('24 hours 1 minute')
  expect(await purgeIdempotencyKeys(db, new Date())).toBeGreaterThanOrEqual(1)
  await db.close()
  const again = await create('k', ada)
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, null])
  expect(again.json.data.id).not.toBe(first.json.data.id)
})

test("no answer is forgotten while one of two clocks, the database's and the server's, says that its day is not over", async () => {
  const first = await create('k', ada)
  const { worker } = await prepareDatabase({ connectionString: server.database.url }, testSecret)
  const db = openDatabase(worker)
  const aheadByYears = new Date(Date.now() + 5 * 365 * 24 * 3_600_000)
  expect(await purgeIdempotencyKeys(db, aheadByYears)).toBe(0)
  await age('25 hours')
  const twoHoursAgo = new Date(Date.now() - 2 * 3_600_000)
  expect(await purgeIdempotencyKeys(db, twoHoursAgo)).toBe(0)
  expect((await create('k', ada)).text).toBe(first.text)
  await db.close()
})

test('the worker forgets by itself', async () => {
  await create('young', ada)
  await server.database.owner(
    `insert into idempotency_keys values ($1, 'old', '', 200, '', false, now() - interval '25 hours')`,
    [sandbox.id],
  )
  const other = await startTestServer({ database: server.database, worker: true })
  await expect
    .poll(async () => (await storedKeys()).map(({ key }) => key), { timeout: 5_000 })
    .toEqual(['young'])
  await other.stop()
})

test('a replayed creation of an API key answers the same secret, and the database holds it nowhere', async () => {
  const request = () => call('POST', '/api/v1/api-keys', { body: { name: 'Backend' }, headers: withKey('k') })
  const first = await request()
  const second = await request()
  expect(first.status).toBe(201)
  expect(second.text).toBe(first.text)
  expect(second.headers.get('idempotent-replayed')).toBe('true')
  const secret: string = first.json.data.apiKey
  const stored = await server.database.owner<{ row: string; body: Buffer }>(
    'select row_to_json(k)::text as row, body from idempotency_keys k where environment_id = $1',
    [sandbox.id],
  )
  expect(stored).toHaveLength(1)
  for (const { row, body } of stored) {
    expect(row).not.toContain(secret)
    expect(body.includes(secret)).toBe(false)
  }
  const keys = await call('GET', '/api/v1/api-keys')
  expect(keys.json.data.filter(({ name }: { name: string }) => name === 'Backend')).toHaveLength(1)
})
