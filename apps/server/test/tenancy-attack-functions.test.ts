import { prepareDatabase } from '@commet/server/db/prepare'
import { hashOf } from '@commet/server/modules/organizations/api-key-secret'
import { startTestServer, type TestOrganization, type TestServer, testSecret } from '@commet/testkit'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

/**
 * The functions that see past row-level security, attacked by name as the role that the server works as: with every kind of
 * forged value they show nothing but what was entered, or what the caller holds the secret of.
 */

let server: TestServer
let one: TestOrganization
let other: TestOrganization
let app: pg.Client

beforeAll(async () => {
  server = await startTestServer()
  one = await server.organization()
  other = await server.organization()
  for (const { call } of [one.sandbox, other.live])
    await call('POST', '/api/v1/customers', { body: { email: 'customer@example.com' } })
  const { app: login } = await prepareDatabase({ connectionString: server.database.url }, testSecret)
  app = new pg.Client({ ...login, options: '-c search_path=commet,pg_temp' })
  await app.connect()
})
afterAll(async () => {
  await app.end()
  await server.stop()
})

async function inside<T>(setting: string | undefined, work: () => Promise<T>): Promise<T> {
  await app.query('begin')
  try {
    if (setting !== undefined)
      await app.query(`select set_config('commet.environment_id', $1, true)`, [setting])
    return await work()
  } finally {
    await app.query('rollback')
  }
}

const findCustomers = async (values: readonly unknown[] = []) => {
  const given = [...values, ...Array.from({ length: 10 }, () => null)].slice(0, 10)
  given[6] ??= 'desc'
  given[9] ??= 100
  return (await app.query('select * from find_customers($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', given))
    .rows
}
const findApiKey = async (hash: unknown) =>
  (await app.query('select * from find_api_key($1::bytea)', [hash])).rows

test('find_customers shows nothing without an environment, or with one that is none', async () => {
  const forged = [
    undefined,
    '',
    ' ',
    '%',
    '*',
    'null',
    `${one.sandbox.id} `,
    `${one.sandbox.id},${other.live.id}`,
    one.sandbox.id.toUpperCase(),
    `' or true or environment_id = '`,
    `${one.sandbox.id}' or '1' = '1`,
  ]
  for (const setting of forged) expect([setting, await inside(setting, findCustomers)]).toEqual([setting, []])
})

test('an environment is left with its transaction', async () => {
  expect(await inside(one.sandbox.id, findCustomers)).not.toEqual([])
  expect(await findCustomers()).toEqual([])
  expect((await app.query('select from customers')).rows).toEqual([])
})

const injections = [
  `' or true --`,
  `'; drop table customers; --`,
  `$1) or true --`,
  `%' or environment_id <> $1 --`,
  `\\' or true --`,
  `'::jsonb or true or metadata @> '`,
]

test.each(injections)('find_customers takes %s for a value wherever text may stand', async (text) => {
  const metadata = JSON.stringify([[{ [text]: text }]])
  const rows = [
    [text],
    [null, metadata],
    [null, null, text],
    [null, null, null, text],
    [null, null, null, null, null, null, text],
    [null, null, null, null, null, null, 'desc', new Date(), text],
  ]
  for (const values of rows) {
    const found = await inside(other.live.id, () => findCustomers(values))
    for (const { environment_id } of found) expect(environment_id).toBe(other.live.id)
  }
  expect(await inside(one.sandbox.id, findCustomers)).not.toEqual([])
})

test('tables of the same names made by an attacker are not what the functions read', async () => {
  await inside(other.live.id, async () => {
    await app.query(`create temp table customers (like commet.customers)`)
    await app.query(`create temp table api_keys (like commet.api_keys)`)
    await app.query(`insert into pg_temp.api_keys
      select '${one.sandbox.id}', 'key_forged', 'x', 'x', '\\x01', now(), null, null, null`)
    expect(await findApiKey('\\x01')).toEqual([])
    for (const { environment_id } of await findCustomers()) expect(environment_id).toBe(other.live.id)
  })
})

test('find_api_key answers one exact hash, and tells no others', async () => {
  const hash = hashOf(one.sandbox.apiKey)
  expect(await findApiKey(hash)).toHaveLength(1)
  const forged = [
    null,
    Buffer.alloc(0),
    hash.subarray(0, 31),
    Buffer.concat([hash, Buffer.alloc(1)]),
    Buffer.from(hash).reverse(),
    Buffer.from(`' or true --`),
    Buffer.from('%'),
  ]
  for (const bytes of forged) expect(await findApiKey(bytes)).toEqual([])
  const { rows } = await app.query(`select f.* from api_keys k, find_api_key(k.secret_hash) f`)
  expect(rows).toEqual([])
  const inOther = await inside(other.live.id, () =>
    app.query<{ environment_id: string }>(
      `select distinct f.environment_id from api_keys k, find_api_key(k.secret_hash) f`,
    ),
  )
  expect(inOther.rows).toEqual([{ environment_id: other.live.id }])
})

test('find_member answers one exact account in one exact mode, and tells no others', async () => {
  const person = await server.person(one, 'member')
  const findMember = async (userId: unknown, mode: unknown) =>
    (await app.query('select * from find_member($1, $2)', [userId, mode])).rows
  expect(await findMember(person.userId, 'sandbox')).toMatchObject([
    { member_id: person.memberId, environment_id: one.sandbox.id, organization_id: one.id, role: 'member' },
  ])
  const forgedIds = [
    null,
    '',
    '%',
    `${person.userId} `,
    person.userId.toUpperCase(),
    `' or true --`,
    person.memberId,
  ]
  for (const id of forgedIds) expect([id, await findMember(id, 'sandbox')]).toEqual([id, []])
  for (const mode of [null, '', '%', 'SANDBOX', 'test', `sandbox' or true --`])
    expect([mode, await findMember(person.userId, mode)]).toEqual([mode, []])
  await server.database.owner('update members set removed_at = now() where id = $1', [person.memberId])
  expect(await findMember(person.userId, 'sandbox')).toEqual([])
  const overAll = `select f.organization_id from members m, find_member(m.user_id, 'live') f`
  await server.person(other)
  expect((await app.query(overAll)).rows).toEqual([])
  const inOther = await inside(other.live.id, () => app.query(overAll))
  expect(inOther.rows).toEqual([{ organization_id: other.id }])
})

test('find_invitation answers one exact secret while its link is open, and tells no others', async () => {
  const owner = await server.person(one)
  const invite = { email: 'invited@example.com', role: 'member' }
  const invited = await owner.sandbox('POST', '/api/v1/invitations', { body: invite })
  const { id, token } = invited.json.data
  const hash = hashOf(token)
  const findInvitation = async (bytes: unknown, at: unknown = new Date()) =>
    (await app.query('select * from find_invitation($1::bytea, $2)', [bytes, at])).rows
  expect(await findInvitation(hash)).toMatchObject([{ organization_id: one.id, email: invite.email }])
  const forged = [
    null,
    Buffer.alloc(0),
    hash.subarray(0, 31),
    Buffer.from(hash).reverse(),
    Buffer.from(token),
  ]
  for (const bytes of forged) expect(await findInvitation(bytes)).toEqual([])
  expect(await findInvitation(hash, null)).toEqual([])
  expect(await findInvitation(hash, '9999-01-01')).toEqual([])
  const overAll = 'select f.email from invitations i, find_invitation(i.secret_hash, now()) f'
  expect((await app.query(overAll)).rows).toEqual([])
  expect((await inside(other.sandbox.id, () => app.query(overAll))).rows).toEqual([])
  expect((await owner.sandbox('DELETE', `/api/v1/invitations/${id}`)).status).toBe(200)
  expect(await findInvitation(hash)).toEqual([])
})

test('first_organization makes none beside one that there is, and answers nothing but its IDs', async () => {
  const count = () => server.database.owner('select count(*) from organizations')
  const before = await count()
  const first = {
    created: false,
    organization_id: expect.any(String),
    sandbox_id: expect.any(String),
    live_id: expect.any(String),
  }
  for (const text of ['org_forged', other.id, '', null, `' or true --`]) {
    const { rows } = await app.query('select * from first_organization($1, $1, $1, $1, now())', [text])
    expect(rows).toEqual([first])
    expect(rows[0].organization_id).not.toBe(other.id)
  }
  expect(await count()).toEqual(before)
})
