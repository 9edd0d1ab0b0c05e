import { prepareDatabase } from '@commet/server/db/prepare'
import type { ComposedStatement, ReadTransaction } from '@commet/server/kernel/db'
import * as store from '@commet/server/modules/history/store'
import {
  startTestServer,
  type TestEnvironment,
  type TestOrganization,
  type TestPerson,
  type TestServer,
  testSecret,
} from '@commet/testkit'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

/** What people look back at: the timeline of a customer, and what happened lately in an environment. */

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
const create = async (body: object = {}) =>
  (await sandbox.call('POST', '/api/v1/customers', { body: { email: 'ada@example.com', ...body } })).json.data
const change = (id: string, body: object, call = sandbox.call) =>
  call('PATCH', `/api/v1/customers/${id}`, { body })
const timeline = async (id: string, query = '', call = person.sandbox) =>
  (await call('GET', `/api/v1/customers/${id}/timeline${query}`, newest)).json
const activity = async (query = '', call = person.sandbox) =>
  (await call('GET', `/api/v1/activity${query}`, newest)).json

/** Follows nextCursor to the end. */
async function all(page: (query: string) => Promise<Row>, limit: number): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (let cursor = ''; ; ) {
    const { data, hasMore, nextCursor } = await page(`?limit=${limit}${cursor}`)
    expect(data.length).toBeLessThanOrEqual(limit)
    rows.push(...data)
    if (!hasMore) return rows
    cursor = `&cursor=${nextCursor}`
  }
}

describe('the timeline of a customer', () => {
  test('says what happened, newest first: who did it, which fields changed, and under which request', async () => {
    const made = await sandbox.call('POST', '/api/v1/customers', {
      body: { email: 'ada@example.com', id: 'user_ada', metadata: { plan: 'team', seats: 3 } },
    })
    const { id } = made.json.data
    const body = { email: 'new@example.com', metadata: { plan: 'enterprise', seats: 3, trial: true } }
    const changed = await change('user_ada', body, person.sandbox)
    const { data, hasMore } = await timeline('user_ada')
    expect(hasMore).toBe(false)
    expect(data).toEqual([
      {
        id: expect.stringMatching(/^aud_/),
        kind: 'updated',
        operation: 'customers.update',
        events: ['customer.updated'],
        actor: { kind: 'user', id: person.userId, name: 'Test person', hint: null },
        changes: [
          { field: 'email', before: 'ada@example.com', after: 'new@example.com' },
          { field: 'metadata.plan', before: 'team', after: 'enterprise' },
          { field: 'metadata.trial', before: null, after: true },
        ],
        requestId: changed.headers.get('x-request-id'),
        occurredAt: expect.any(String),
        recordedAt: expect.any(String),
        object: 'timeline_entry',
        livemode: false,
      },
      expect.objectContaining({
        kind: 'created',
        operation: 'customers.create',
        events: ['customer.created'],
        actor: {
          kind: 'api_key',
          id: expect.stringMatching(/^key_/),
          name: 'Test',
          hint: sandbox.apiKey.slice(0, 15),
        },
        requestId: made.headers.get('x-request-id'),
      }),
    ])
    expect(data[1].changes).toEqual(
      expect.arrayContaining([
        { field: 'email', before: null, after: 'ada@example.com' },
        { field: 'externalId', before: null, after: 'user_ada' },
        { field: 'metadata.seats', before: null, after: 3 },
      ]),
    )
    expect(data[1].changes.map(({ field }: Row) => field)).not.toContain('taxDocument')
    expect(await timeline(id)).toEqual(await timeline('user_ada'))
  })

  test('carries the time of the sandbox beside the real one', async () => {
    await server.database.owner(`update environments set simulated_time = '2031-05-01' where id = $1`, [
      sandbox.id,
    ])
    const { id } = await create()
    const [entry] = (await timeline(id)).data
    expect(entry.occurredAt).toBe('2031-05-01T00:00:00.000Z')
    expect(Math.abs(Date.parse(entry.recordedAt) - Date.now())).toBeLessThan(60_000)
  })

  test('names a key that was revoked and a person who was removed', async () => {
    const { id } = await create()
    const leaving = await server.person(organization, 'member')
    await change(id, { fullName: 'Ada' }, leaving.sandbox)
    await person.sandbox('DELETE', `/api/v1/members/${leaving.memberId}`)
    const { data: keys } = (await sandbox.call('GET', '/api/v1/api-keys', newest)).json
    await person.sandbox('DELETE', `/api/v1/api-keys/${keys[0].id}`)
    const { data } = await timeline(id)
    expect(data.map(({ actor }: Row) => actor.name)).toEqual(['Test person', 'Test'])
  })

  test.each([1, 2, 3, 100])('is the same in pages of %i', async (limit) => {
    const { id } = await create()
    for (let number = 0; number < 6; number++) await change(id, { fullName: `Name ${number}` })
    const rows = await all((query) => timeline(id, query), limit)
    expect(rows.map(({ changes }) => changes.at(-1)?.after)).toEqual([
      ...[5, 4, 3, 2, 1, 0].map((number) => `Name ${number}`),
      expect.anything(),
    ])
    expect(new Set(rows.map((row) => row.id)).size).toBe(7)
  })

  test('shows events of which no audit entry is kept, in their place, on every size of page', async () => {
    const { id } = await create()
    for (let number = 0; number < 5; number++) await change(id, { fullName: `Name ${number}` })
    await server.database.owner(
      `delete from audit_entries where subject_id = $1 and id in (
         select id from audit_entries where subject_id = $1 order by recorded_at limit 3)`,
      [id],
    )
    await server.database.owner(
      `insert into events (environment_id, id, type, subject_id, data, occurred_at, recorded_at)
       select $1, 'whev_extra' || n, 'customer.updated', $2, '{}', now(), date_trunc('milliseconds', now()) from generate_series(1, 2) n`,
      [sandbox.id, id],
    )
    const kinds = ['event', 'event', 'updated', 'updated', 'updated', 'event', 'event', 'event']
    for (const limit of [1, 2, 3, 100]) {
      const rows = await all((query) => timeline(id, query), limit)
      expect([limit, rows.map(({ kind }) => kind)]).toEqual([limit, kinds])
      expect(rows.flatMap(({ events }) => events)).toHaveLength(8)
      expect(rows.at(-1)).toMatchObject({ events: ['customer.created'], operation: null, actor: null })
    }
  })

  test('of a deleted customer is gone with it', async () => {
    const { id } = await create({ id: 'user_gone' })
    await sandbox.call('DELETE', `/api/v1/customers/${id}`)
    for (const name of [id, 'user_gone', 'nobody']) {
      const reply = await person.sandbox('GET', `/api/v1/customers/${name}/timeline`)
      expect([name, reply.status, reply.json.error.code]).toEqual([name, 404, 'customer_not_found'])
    }
    const { id: successor } = await create({ id: 'user_gone', email: 'second@example.com' })
    const { data } = await timeline('user_gone')
    expect(data).toHaveLength(1)
    expect(JSON.stringify(data)).not.toContain(id)
    expect((await timeline(successor)).data).toEqual(data)
  })

  test('is there for members, and for no other environment or organization', async () => {
    const { id } = await create()
    const member = await server.person(organization, 'member')
    expect((await timeline(id, '', member.sandbox)).data).toHaveLength(1)
    const stranger = await server.person(await server.organization())
    for (const call of [person.live, stranger.sandbox, stranger.live]) {
      expect((await call('GET', `/api/v1/customers/${id}/timeline`)).status).toBe(404)
    }
  })
})

describe('what happened lately', () => {
  test('names who did what to whom and which fields, and shows no value', async () => {
    const { id } = await create({ fullName: 'Ada Lovelace' })
    await change(id, { email: 'secret@example.com' }, person.sandbox)
    await person.sandbox('POST', '/api/v1/invitations', {
      body: { email: 'invited@example.com', role: 'member' },
    })
    const { data } = await activity()
    expect(data.map(({ operation }: Row) => operation)).toEqual([
      'invitations.create',
      'customers.update',
      'customers.create',
    ])
    expect(data[1]).toMatchObject({
      subject: { id, name: 'Ada Lovelace' },
      fields: ['email'],
      actor: { kind: 'user', name: 'Test person' },
    })
    expect(JSON.stringify(data)).not.toMatch(/secret@|invited@|ada@/)
  })

  test('of a deleted customer it keeps the ID and no name', async () => {
    const { id } = await create({ fullName: 'Ada Lovelace' })
    await sandbox.call('DELETE', `/api/v1/customers/${id}`)
    const { data } = await activity()
    expect(data.map(({ operation, subject }: Row) => [operation, subject])).toEqual([
      ['customers.delete', { id, name: null }],
      ['customers.create', { id, name: null }],
    ])
    expect(JSON.stringify(data)).not.toContain('Ada')
  })

  test('comes in pages, newest first, of one environment alone', async () => {
    const customers = Array.from({ length: 7 }, (_, number) => ({ email: `${number}@example.com` }))
    await sandbox.call('POST', '/api/v1/customers/batch', { body: { customers } })
    await organization.live.call('POST', '/api/v1/customers', { body: { email: 'live@example.com' } })
    const rows = await all(activity, 3)
    expect(new Set(rows.map(({ subject }) => subject.id)).size).toBe(7)
    expect(rows.map(({ subject }) => subject.name)).toEqual(customers.map(({ email }) => email).toReversed())
    expect((await activity('', person.live)).data).toHaveLength(1)
  })
})

describe('with 30,000 entries and as many events of one customer, over three months, and no statistics', () => {
  const name = 'cus_busy0000000000000000000000'
  let app: pg.Client
  let environmentId: string

  beforeAll(async () => {
    environmentId = (await server.organization()).sandbox.id
    const run = (text: string, values: readonly unknown[] = []) => server.database.owner(text, values)
    await run(
      `insert into customers (environment_id, id, email, email_folded, timezone, metadata, search_text, created_at, updated_at)
       values ($1, $2, 'b@example.com', 'b@example.com', 'UTC', '{}', '', now(), now())`,
      [environmentId, name],
    )
    for (const months of [0, 1, 2])
      await run('select prepare_audit_month((now() - make_interval(months => $1))::date)', [months])
    await run(
      `insert into audit_entries
       select $1, 'aud_' || lpad((90000 - n)::text, 26, '0'), 'customers.update', $2, 'api_key', 'key_x', null,
         '{"fullName": null}', '{"fullName": "x"}', now() - n * interval '2 minutes', now() - n * interval '2 minutes'
       from generate_series(1, 30000) n`,
      [environmentId, name],
    )
    await run(
      `insert into events (environment_id, id, type, subject_id, data, occurred_at, recorded_at)
       select environment_id, replace(id, 'aud', 'whev'), 'customer.updated', $1, '{}', occurred_at, recorded_at
       from audit_entries where subject_id = $1`,
      [name],
    )
    const logins = await prepareDatabase({ connectionString: server.database.url }, testSecret)
    app = new pg.Client({ ...logins.app, options: '-c search_path=commet,pg_temp' })
    await app.connect()
  })
  afterAll(() => app.end())

  /** The rows that the statement of a list looks at, when the restricted role sends it. */
  async function rowsRead(list: (tx: ReadTransaction) => Promise<unknown>): Promise<number> {
    let plans: readonly Plan[] = []
    const explain = async ({ text, values }: ComposedStatement) => {
      const { rows } = await app.query(`explain (analyze, format json) ${text}`, [...values])
      plans = rows[0]['QUERY PLAN'].map(({ Plan }: { Plan: Plan }) => Plan)
      return []
    }
    await app.query('begin')
    await app.query(`select set_config('commet.environment_id', $1, true)`, [environmentId])
    await list({ manyComposed: explain } as unknown as ReadTransaction)
    await app.query('rollback')
    return plans.reduce((sum, plan) => sum + rowsOf(plan), 0)
  }

  type Plan = {
    readonly Plans?: readonly Plan[]
    readonly 'Actual Rows': number
    readonly 'Actual Loops': number
    readonly 'Rows Removed by Filter'?: number
  }

  function rowsOf(plan: Plan): number {
    const own = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
    return own + (plan.Plans ?? []).reduce((sum, inner) => sum + rowsOf(inner), 0)
  }

  const middle = { createdAt: new Date(Date.now() - 20_000 * 120_000), id: `aud_${'0'.repeat(21)}70000` }

  test.each([
    ['a first page', undefined],
    ['a page in the middle', middle],
  ])('%s looks at a few hundred rows', async (_, after) => {
    const window = { customer: name, after, limit: 101 }
    for (const list of [store.listEntries, store.listEvents, store.listActivity]) {
      const rows = await rowsRead((tx) => list(tx, environmentId, window))
      expect([list.name, rows > 100, rows < 2_000]).toEqual([list.name, true, true])
    }
  })
})
