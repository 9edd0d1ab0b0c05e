import { moveData } from '@commet/server/db/move-data'
import { prepareDatabase } from '@commet/server/db/prepare'
import {
  callerWith,
  createTestDatabase,
  startTestServer,
  type TestDatabase,
  type TestOrganization,
  type TestServer,
  testSecret,
} from '@commet/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** What `npm run move` copies: every row of every table, whichever there are, as it was. */

let server: TestServer
let target: TestDatabase
let organization: TestOrganization

beforeAll(async () => {
  server = await startTestServer()
  target = await createTestDatabase({ empty: true })
  await prepareDatabase({ connectionString: target.url }, testSecret)
  organization = await server.organization()
  await fillTables(server, organization)
})
afterAll(async () => {
  await server.stop()
  await target.drop()
})

/** Text that a copy might take for its own. */
const awkward = 'tab\t back\\slash \\N "quoted" \'it\' {a,b} \\x41 — ü €\r\nline'

/** Leaves something in every table. What no request leaves lying is put there by the owner. */
async function fillTables({ database, person, address }: TestServer, { sandbox, ...rest }: TestOrganization) {
  const owner = await person({ sandbox, ...rest })
  const made = await sandbox.call('POST', '/api/v1/customers', {
    body: {
      email: 'a@example.com',
      id: 'user_1',
      fullName: awkward,
      metadata: { [awkward]: [awkward, null] },
    },
    headers: { 'idempotency-key': 'moved' },
  })
  await sandbox.call('PATCH', '/api/v1/customers/user_1', { body: { metadata: { changed: 1.5 } } })
  await owner.sandbox('POST', '/api/v1/customer-deletions', { body: { customerIds: [made.json.data.id] } })
  const invite = (email: string) =>
    owner.sandbox('POST', '/api/v1/invitations', { body: { email, role: 'member' } })
  await invite('open@example.com')
  const { token } = (await invite('new@example.com')).json.data
  await callerWith(address, undefined)('POST', '/auth/accept', {
    body: { token, name: awkward.replaceAll(/\s/g, ' '), password: 'correct horse battery' },
    headers: { origin: address },
  })
  const file = { body: `Email\n${'x@example.com\n'.repeat(250)}`, headers: { 'content-type': 'text/csv' } }
  const { id } = (await owner.sandbox('POST', '/api/v1/imports?fileName=a.csv', file)).json.data
  await database.owner(
    `insert into import_failures values ($1, $2, 3, to_jsonb(array[$3]), '[{"field": "email"}]')`,
    [sandbox.id, id, awkward],
  )
  await database.owner('insert into import_user_ids values ($1, $2, $3)', [sandbox.id, id, awkward])
  await database.owner(
    `insert into commet_auth.verifications (id, identifier, value, "expiresAt") values ('1', $1, $1, now())`,
    [awkward],
  )
}

/** Every table of ours, the partitions of one taken together. */
async function tablesOf(database: TestDatabase): Promise<readonly string[]> {
  const rows = await database.owner<{ name: string }>(
    `select format('%I.%I', relnamespace::regnamespace, relname) as name from pg_class
     where relnamespace::regnamespace::text in ('commet', 'commet_auth') and relkind in ('r', 'p')
       and not relispartition and relname <> 'migrations' order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** The rows of a table as text, in an order of their own. What counts transactions counts those of its PostgreSQL. */
async function contentOf(database: TestDatabase, table: string): Promise<readonly string[]> {
  const rows = await database.owner<{ row: string }>(
    `select (to_jsonb(t) - 'transaction_id')::text as row from ${table} as t order by 1`,
  )
  return rows.map(({ row }) => row)
}

test('a move copies every table, row by row', async () => {
  const noted = () => server.database.owner('select from request_log')
  await expect.poll(async () => (await noted()).length, { timeout: 10_000 }).toBeGreaterThan(0)
  const tables = await tablesOf(server.database)
  const before = await Promise.all(tables.map((table) => contentOf(server.database, table)))
  expect(tables.filter((_, place) => before[place]?.length === 0)).toEqual([])
  await moveData({ connectionString: server.database.url }, { connectionString: target.url })
  expect(await tablesOf(target)).toEqual(tables)
  for (const [place, table] of tables.entries())
    expect([table, await contentOf(target, table)]).toEqual([table, before[place]])
})

test('events go on behind those that were moved, also when the newest were forgotten before', async () => {
  const newest = (database: TestDatabase) =>
    database.owner<{ id: string; sequence: string }>(
      'select id, sequence from events order by transaction_id desc, sequence desc limit 1',
    )
  const [last] = await newest(server.database)
  const emptied = await createTestDatabase({ empty: true })
  await prepareDatabase({ connectionString: emptied.url }, testSecret)
  await server.database.owner('delete from events')
  await moveData({ connectionString: server.database.url }, { connectionString: emptied.url })
  for (const database of [target, emptied]) {
    const next = await startTestServer({ database })
    const call = callerWith(next.address, organization.sandbox.apiKey)
    const made = await call('POST', '/api/v1/customers', { body: { email: 'next@example.com' } })
    expect(made.status).toBe(201)
    const [event] = await newest(database)
    expect(event?.id).not.toBe(last?.id)
    expect(BigInt(event?.sequence ?? 0)).toBeGreaterThan(BigInt(last?.sequence ?? 0))
    await next.stop()
  }
  await emptied.drop()
})
