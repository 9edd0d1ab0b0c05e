import { createHash } from 'node:crypto'
import { callerWith, startTestServer, type TestEnvironment, type TestServer } from '@commet/testkit'
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

type CreatedKey = { readonly id: string; readonly apiKey: string; readonly expiresAt: string }

async function create(body: object = { name: 'Backend' }, environment = sandbox): Promise<CreatedKey> {
  return (await environment.call('POST', '/api/v1/api-keys', { body })).json.data
}

const list = async (query = '') => (await call('GET', `/api/v1/api-keys${query}`)).json
const revoke = (id: string, environment = sandbox) => environment.call('DELETE', `/api/v1/api-keys/${id}`)
const use = (key: string, at = server) => callerWith(at.address, key)('GET', '/api/v1/customers?limit=1')
const dayMs = 86_400_000

test('a new key is answered with its secret once, works, and is listed without it', async () => {
  const reply = await call('POST', '/api/v1/api-keys', { body: { name: 'Backend' } })
  expect(reply.status).toBe(201)
  const { apiKey, ...shown } = reply.json.data
  expect(apiKey).toMatch(/^ck_sandbox_[0-9a-z]{32}$/)
  expect(shown).toStrictEqual({
    id: expect.stringMatching(/^key_[0-9a-z]{26}$/),
    name: 'Backend',
    prefix: apiKey.slice(0, 'ck_sandbox_'.length + 4),
    createdAt: expect.any(String),
    expiresAt: new Date(Date.parse(shown.createdAt) + 365 * dayMs).toISOString(),
    object: 'api_key',
    livemode: false,
  })
  expect((await use(apiKey)).status).toBe(200)
  const listed = await list()
  expect(listed.data[0]).toStrictEqual({ ...shown, lastUsedAt: null })
  expect(JSON.stringify(listed)).not.toContain(apiKey)
})

test('a key of the live environment says so and acts there', async () => {
  const key = await create({ name: 'Backend' }, live)
  expect(key.apiKey).toMatch(/^ck_live_/)
  const made = await callerWith(server.address, key.apiKey)('POST', '/api/v1/customers', {
    body: { email: 'a@example.com' },
  })
  expect(made.json.data.livemode).toBe(true)
})

test('keys are listed newest first, in pages, and a revoked one no longer', async () => {
  const keys = []
  for (let number = 0; number < 5; number++) keys.push(await create({ name: `Key ${number}` }))
  await revoke(keys[2]?.id ?? '')
  const first = await list('?limit=2')
  const second = await list(`?limit=2&cursor=${first.nextCursor}`)
  const third = await list(`?limit=2&cursor=${second.nextCursor}`)
  const names = [first, second, third].map(({ data }) => data.map(({ name }: { name: string }) => name))
  expect(names).toEqual([['Key 4', 'Key 3'], ['Key 1', 'Key 0'], ['Test']])
  expect(third.hasMore).toBe(false)
  expect(third.nextCursor).toBeUndefined()
})

test.each([
  [{}, 'name'],
  [{ name: '' }, 'name'],
  [{ name: 'x'.repeat(201) }, 'name'],
  [{ name: 'x', expiresInDays: 0 }, 'expiresInDays'],
  [{ name: 'x', expiresInDays: 1.5 }, 'expiresInDays'],
  [{ name: 'x', expiresInDays: '30' }, 'expiresInDays'],
  [{ name: 'x', expiresInDays: null }, 'expiresInDays'],
  [{ name: 'x', expiresInDays: 1e15 }, 'expiresInDays'],
  [{ name: 'x', scopes: [] }, 'scopes'],
])('%j makes no key', async (body, param) => {
  const reply = await call('POST', '/api/v1/api-keys', { body })
  expect([reply.status, reply.json.error.param]).toEqual([400, param])
  expect((await list()).data).toHaveLength(1)
})

test('a key works until it expires and not after', async () => {
  const key = await create({ name: 'Short', expiresInDays: 1 })
  expect(Date.parse(key.expiresAt) - Date.now()).toBeGreaterThan(dayMs - 60_000)
  const expireAt = (at: Date) =>
    server.database.owner('update api_keys set expires_at = $2 where id = $1', [key.id, at])
  await expireAt(new Date(Date.now() - 1))
  const reply = await use(key.apiKey)
  expect([reply.status, reply.json.error.code]).toEqual([401, 'unauthorized'])
  await expireAt(new Date(Date.now() + dayMs))
  expect((await use(key.apiKey)).status).toBe(200)
})

test('an expiry is noticed by a process that knows the key already', async () => {
  const key = await create()
  const soon = new Date(Date.now() + 400)
  await server.database.owner('update api_keys set expires_at = $2 where id = $1', [key.id, soon])
  expect((await use(key.apiKey)).status).toBe(200)
  await expect.poll(async () => (await use(key.apiKey)).status, { interval: 50 }).toBe(401)
  expect(Date.now()).toBeGreaterThanOrEqual(soon.getTime())
})

describe('a revoked key', () => {
  test('is refused from the very next request on', async () => {
    for (let round = 0; round < 20; round++) {
      const key = await create()
      expect((await use(key.apiKey)).status).toBe(200)
      expect((await revoke(key.id)).json.data).toStrictEqual({
        id: key.id,
        deleted: true,
        object: 'api_key',
        livemode: false,
      })
      expect((await use(key.apiKey)).status).toBe(401)
    }
  })

  test('is refused even where look-ups of it were under way', async () => {
    const key = await create()
    const flood = Array.from({ length: 100 }, () => use(key.apiKey))
    await revoke(key.id)
    const after = await use(key.apiKey)
    expect(after.status).toBe(401)
    await Promise.all(flood)
    expect((await use(key.apiKey)).status).toBe(401)
  })

  test('is refused within a second by another server on the same database', async () => {
    const other = await startTestServer({ database: server.database })
    const key = await create()
    expect((await use(key.apiKey, other)).status).toBe(200)
    await revoke(key.id)
    await expect
      .poll(async () => (await use(key.apiKey, other)).status, { interval: 20, timeout: 1_000 })
      .toBe(401)
    await other.stop()
  })

  test('may revoke itself, once', async () => {
    const key = await create()
    const self = callerWith(server.address, key.apiKey)
    expect((await self('DELETE', `/api/v1/api-keys/${key.id}`)).status).toBe(200)
    expect((await self('DELETE', `/api/v1/api-keys/${key.id}`)).status).toBe(401)
    const again = await revoke(key.id)
    expect([again.status, again.json.error.code]).toEqual([404, 'api_key_not_found'])
  })
})

test('the keys of another environment or organization do not exist', async () => {
  const key = await create()
  const other = await server.organization()
  for (const environment of [live, other.sandbox, other.live]) {
    const reply = await revoke(key.id, environment)
    expect([reply.status, reply.json.error.code]).toEqual([404, 'api_key_not_found'])
    const { data } = (await environment.call('GET', '/api/v1/api-keys')).json
    expect(data.map(({ id }: { id: string }) => id)).not.toContain(key.id)
  }
  expect((await use(key.apiKey)).status).toBe(200)
})

test('the last use is written, by the end of the process at the latest', async () => {
  const other = await startTestServer({ database: server.database })
  const before = Date.now()
  expect((await use(sandbox.apiKey, other)).status).toBe(200)
  await other.stop()
  const [key] = (await list()).data
  expect(Date.parse(key.lastUsedAt)).toBeGreaterThanOrEqual(before)
})

test('the database holds hashes of secrets, and the secrets nowhere', async () => {
  const key = await create()
  await use(key.apiKey)
  const tables = await server.database.owner<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'commet'::regnamespace and relkind = 'r'`,
  )
  for (const { name } of tables) {
    const found = await server.database.owner(
      `select from ${name} t where to_jsonb(t)::text like '%' || $1 || '%'`,
      [key.apiKey.slice('ck_sandbox_'.length + 4)],
    )
    expect([name, found.length]).toEqual([name, 0])
  }
  const [row] = await server.database.owner<{ secret_hash: Buffer }>(
    'select secret_hash from api_keys where id = $1',
    [key.id],
  )
  expect(row?.secret_hash).toEqual(createHash('sha256').update(key.apiKey).digest())
})

test('creation and revocation are in the audit, without the secret', async () => {
  const key = await create({ name: 'Backend', expiresInDays: 2 })
  await revoke(key.id)
  const entries = await server.database.owner(
    'select operation, before, after from audit_entries where subject_id = $1 order by id',
    [key.id],
  )
  expect(entries).toMatchObject([
    { operation: 'apiKeys.create', before: null, after: { name: 'Backend' } },
    { operation: 'apiKeys.delete', before: { revoked: false }, after: { revoked: true } },
  ])
  expect(JSON.stringify(entries)).not.toContain(key.apiKey)
})
