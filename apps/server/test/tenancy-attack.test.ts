import { defaultVersion, isPublic, latestVersion, type OperationShape, operations } from '@commet/contract'
import { tableOwners } from '@commet/server/db/owners'
import { prepareDatabase } from '@commet/server/db/prepare'
import { newId } from '@commet/server/kernel/ids'
import { hashOf, newSecret, prefixOf } from '@commet/server/modules/organizations/api-key-secret'
import {
  type Caller,
  callerWith,
  type Reply,
  startTestServer,
  type TestEnvironment,
  type TestOrganization,
  type TestServer,
  testSecret,
} from '@commet/testkit'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/**
 * Every operation of the contract with every name it takes, from every other environment and with every kind of key. What
 * belongs to somebody else must not be read, changed or noticed: the answer is the one for a name that nobody has, and not
 * one row of the victim is another afterwards.
 */

let server: TestServer
let environments: Readonly<Record<string, TestEnvironment>>

const environmentNames = ['one sandbox', 'one live', 'other sandbox', 'other live']
const pairs = environmentNames.flatMap((victim) =>
  environmentNames.filter((name) => name !== victim).map((attacker) => [attacker, victim] as const),
)

beforeAll(async () => {
  server = await startTestServer()
  const [one, other] = [await server.organization(), await server.organization()]
  environments = { ...named('one', one), ...named('other', other) }
  for (const environment of Object.values(environments)) await populate(environment)
})
afterAll(() => server.stop())

function named(name: string, { sandbox, live }: TestOrganization) {
  return { [`${name} sandbox`]: sandbox, [`${name} live`]: live }
}

/** What an environment holds, by the place in a request where it may be named. */
type Holdings = { readonly ids: readonly string[]; readonly texts: readonly string[] }
const holdings = new Map<string, Holdings>()
let cursors: Readonly<Record<string, string>> = {}

async function populate({ id, call }: TestEnvironment): Promise<void> {
  const mark = id.slice(-6)
  const userId = `user-of-${mark}`
  const body = {
    ...{ id: userId, email: `owner-${mark}@example.com`, fullName: `Owner ${mark}` },
    metadata: { mark },
  }
  const headers = { 'idempotency-key': `key-${mark}` }
  const customer = await call('POST', '/api/v1/customers', { body, headers })
  await call('POST', '/api/v1/customers', { body: { email: `second-${mark}@example.com` } })
  const key = await call('POST', '/api/v1/api-keys', { body: { name: `Key ${mark}` } })
  const page = await call('GET', '/api/v1/customers?limit=1')
  cursors = { ...cursors, [id]: page.json.nextCursor }
  holdings.set(id, {
    ids: [customer.json.data.id, userId, key.json.data.id],
    texts: [body.email, userId, mark, customer.json.data.id],
  })
}

/** Names of the same length and kind that nobody has. */
function nobodys(names: readonly string[]): readonly string[] {
  return names.map((name) => {
    const prefix = /^(cus_|key_)/.exec(name)?.[0]
    if (prefix !== undefined) return newId(prefix === 'cus_' ? 'customer' : 'apiKey')
    return name.replaceAll(/[^@.-]/g, 'z')
  })
}

/** What keys may do. What only people do is asked with sessions by the table of the contract. */
const shapes = (operations as readonly OperationShape[]).filter(isPublic)
const withIds = shapes.filter(({ params }) => params !== undefined)
const lists = shapes.filter(({ list }) => list === true)

/** Asks for one name in the path, in the versions that differ in shape. */
async function askFor(call: Caller, operation: OperationShape, name: string): Promise<readonly Reply[]> {
  const path = `/api/v1${operation.path.replaceAll(/\{\w+\}/g, encodeURIComponent(name))}`
  const body = operation.exampleBody === undefined ? {} : { body: operation.exampleBody }
  const replies: Reply[] = []
  for (const method of [operation.method, ...(operation.aliases ?? [])]) {
    for (const version of [defaultVersion, latestVersion]) {
      replies.push(await call(method, path, { ...body, headers: { 'commet-version': version } }))
      if (operation.method !== 'GET' && version === latestVersion) {
        const key = `attack ${newId('request')}`
        const headers = { 'commet-version': version, 'idempotency-key': key }
        replies.push(await call(method, path, { ...body, headers }))
        replies.push(await call(method, path, { ...body, headers }))
      }
    }
  }
  return replies
}

/** All that an answer shows, but for what the request itself said and what differs from one request to the next. */
function shown({ status, text, headers }: Reply, name: string) {
  const names = [...headers].filter(([header]) => header !== 'date' && header !== 'x-request-id')
  const without = (value: string) => value.replaceAll(name, '{name}').replaceAll(/req_\w+/g, '{request}')
  return {
    status,
    text: without(text),
    headers: names.map(
      ([header, value]) => `${header}: ${header === 'content-length' ? '' : without(value)}`,
    ),
  }
}

/**
 * A digest of every row of an environment and of its organization, as the owner of the database sees them. The log of
 * requests is not among them: it is written a moment after them. A table that names neither fails.
 */
async function digestOf(environmentId: string): Promise<string> {
  const digests: string[] = []
  for (const name of Object.keys(tableOwners).filter((one) => !['migrations', 'request_log'].includes(one))) {
    const [row] = await server.database.owner<{ digest: string }>(
      `select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest
       from (select to_jsonb(x) - 'last_used_at' as t from ${name} x where ${ownRows(name)}) as rows`,
      [environmentId],
    )
    digests.push(`${name} ${row?.digest}`)
  }
  return digests.join('\n')
}

/** Which rows of a table belong to the environment $1 or to its organization. */
function ownRows(table: string): string {
  const organization = '(select organization_id from environments where id = $1)'
  if (table === 'organizations') return `id = ${organization}`
  if (['environments', 'invitations', 'members'].includes(table)) return `organization_id = ${organization}`
  return 'environment_id = $1'
}

async function unchanged(victim: TestEnvironment, work: () => Promise<void>): Promise<void> {
  const before = await digestOf(victim.id)
  await work()
  expect(await digestOf(victim.id)).toBe(before)
}

const of = (name: string) => environments[name]!

describe.each(pairs)('from the %s environment on the %s one', (attackerName, victimName) => {
  test('a name in the path is answered like a name that nobody has', async () => {
    const [attacker, victim] = [of(attackerName), of(victimName)]
    const { ids } = holdings.get(victim.id)!
    const never = nobodys(ids)
    await unchanged(victim, async () => {
      await Promise.all(
        withIds.flatMap((operation) =>
          ids.map(async (id, place) => {
            const nobody = never[place]!
            const theirs = await askFor(attacker.call, operation, id)
            const nothing = await askFor(attacker.call, operation, nobody)
            expect(theirs.map((reply) => [operation.id, shown(reply, id)])).toEqual(
              nothing.map((reply) => [operation.id, shown(reply, nobody)]),
            )
            for (const { status } of theirs)
              expect([operation.id, id, status]).toEqual([operation.id, id, 404])
          }),
        ),
      )
    })
  })

  test('a value in the query finds what it finds when nobody has it', async () => {
    const [attacker, victim] = [of(attackerName), of(victimName)]
    const { texts, ids } = holdings.get(victim.id)!
    const all = [...new Set([...texts, ...ids])]
    const never = nobodys(all)
    await unchanged(victim, async () => {
      for (const operation of lists) {
        const parameters = [...Object.keys(operation.query?.shape ?? {}), 'metadata[mark]']
        for (const parameter of parameters.filter((name) => name !== 'limit')) {
          const ask = (value: string) =>
            attacker.call(
              'GET',
              `/api/v1${operation.path}?${encodeURIComponent(parameter)}=${encodeURIComponent(value)}`,
            )
          await Promise.all(
            all.map(async (text, place) => {
              const nobody = never[place]!
              const [theirs, nothing] = [await ask(text), await ask(nobody)]
              expect([operation.id, parameter, shown(theirs, text)]).toEqual([
                operation.id,
                parameter,
                shown(nothing, nobody),
              ])
            }),
          )
        }
      }
    })
  })

  test('a cursor shows nothing but what the asking environment holds', async () => {
    const [attacker, victim] = [of(attackerName), of(victimName)]
    await unchanged(victim, async () => {
      const stolen = cursors[victim.id]!
      const { status, text } = await attacker.call('GET', `/api/v1/customers?cursor=${stolen}`)
      expect([200, 400]).toContain(status)
      for (const name of [...holdings.get(victim.id)!.texts, ...holdings.get(victim.id)!.ids])
        expect(text).not.toContain(name)
    })
  })

  test('a user ID, an idempotency key and names in the body are free for whoever has not used them', async () => {
    const [attacker, victim] = [of(attackerName), of(victimName)]
    const mark = victim.id.slice(-6)
    const { ids } = holdings.get(victim.id)!
    await unchanged(victim, async () => {
      const create = (userId: string, key: string) =>
        attacker.call('POST', '/api/v1/customers', {
          body: { id: userId, email: 'attacker@example.com' },
          headers: { 'idempotency-key': key },
        })
      const theirs = await create(`user-of-${mark}`, `key-${mark}`)
      expect([theirs.status, theirs.headers.get('idempotent-replayed')]).toEqual([201, null])
      expect(ids).not.toContain(theirs.json.data.id)
      const batch = await attacker.call('POST', '/api/v1/customers/batch', {
        body: { customers: [{ id: `user-of-${mark}`, email: 'attacker@example.com' }] },
      })
      expect(batch.json.data.successful[0].id).toBe(theirs.json.data.id)
      const own = `/api/v1/customers/${theirs.json.data.id}`
      for (const field of ['id', 'customerId']) {
        const [name, never] = [ids[0]!, newId('customer')]
        const told = await attacker.call('PATCH', own, { body: { [field]: name } })
        const nothing = await attacker.call('PATCH', own, { body: { [field]: never } })
        expect(shown(told, name)).toEqual(shown(nothing, never))
        expect(told.status).toBe(400)
      }
      expect((await attacker.call('DELETE', own)).status).toBe(200)
    })
  })
})

describe.each(environmentNames)('with keys that do not stand, on the %s environment', (victimName) => {
  test('every operation is refused alike, whatever it names', async () => {
    const victim = of(victimName)
    const { ids } = holdings.get(victim.id)!
    const mode = victimName.endsWith('live') ? 'live' : 'sandbox'
    const keys = [
      await keyThatWas(victim, mode, 'revoked_at'),
      await keyThatWas(victim, mode, 'expires_at'),
      newSecret(mode),
      victim.apiKey.replace(/^ck_(live|sandbox)_/, mode === 'live' ? 'ck_sandbox_' : 'ck_live_'),
      `${victim.apiKey}0`,
      victim.apiKey.slice(0, -1),
      victim.apiKey.toUpperCase().replace(/^CK_(LIVE|SANDBOX)_/, `ck_${mode}_`),
    ]
    await unchanged(victim, async () => {
      const seen = new Set<string>()
      const attack = async (key: string, operation: OperationShape) => {
        const name = operation.params === undefined ? 'none' : ids[operation.path.includes('keys') ? 2 : 0]!
        for (const reply of await askFor(callerWith(server.address, key), operation, name)) {
          expect(reply.status).toBe(401)
          const { text, headers } = shown(reply, name)
          seen.add(`${reply.headers.get('commet-version')} ${text} ${headers.join()}`)
        }
      }
      await Promise.all(keys.flatMap((key) => shapes.map((operation) => attack(key, operation))))
      expect(seen.size).toBe(2)
    })
  })
})

async function keyThatWas(
  victim: TestEnvironment,
  mode: 'sandbox' | 'live',
  column: 'revoked_at' | 'expires_at',
): Promise<string> {
  const secret = newSecret(mode)
  await server.database.owner(
    `insert into api_keys (environment_id, id, name, prefix, secret_hash, created_at, ${column})
     values ($1, $2, 'Over', $3, $4, now(), now() - interval '1 second')`,
    [victim.id, newId('apiKey'), prefixOf(secret), hashOf(secret)],
  )
  return secret
}

describe('as the role the server works as, straight on the database', () => {
  let app: pg.Client
  let victim: TestEnvironment

  beforeAll(async () => {
    const { app: login } = await prepareDatabase({ connectionString: server.database.url }, testSecret)
    app = new pg.Client({ ...login, options: '-c search_path=commet,pg_temp' })
    await app.connect()
    victim = of('one sandbox')
  })
  afterAll(() => app.end())

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
      `${victim.id} `,
      `${victim.id},${of('other live').id}`,
      victim.id.toUpperCase(),
      `' or true or environment_id = '`,
      `${victim.id}' or '1' = '1`,
    ]
    for (const setting of forged)
      expect([setting, await inside(setting, findCustomers)]).toEqual([setting, []])
  })

  test('an environment is left with its transaction', async () => {
    expect(await inside(victim.id, findCustomers)).not.toEqual([])
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
      const found = await inside(of('other live').id, () => findCustomers(values))
      for (const { environment_id } of found) expect(environment_id).toBe(of('other live').id)
    }
    expect(await inside(victim.id, findCustomers)).not.toEqual([])
  })

  test('tables of the same names made by an attacker are not what the functions read', async () => {
    await inside(of('other live').id, async () => {
      await app.query(`create temp table customers (like commet.customers)`)
      await app.query(`create temp table api_keys (like commet.api_keys)`)
      await app.query(`insert into pg_temp.api_keys
        select '${victim.id}', 'key_forged', 'x', 'x', '\\x01', now(), null, null, null`)
      expect(await findApiKey('\\x01')).toEqual([])
      for (const { environment_id } of await findCustomers()) expect(environment_id).toBe(of('other live').id)
    })
  })

  test('find_api_key answers one exact hash, and tells no others', async () => {
    const hash = hashOf(victim.apiKey)
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
    const inOther = await inside(of('other live').id, () =>
      app.query<{ environment_id: string }>(
        `select distinct f.environment_id from api_keys k, find_api_key(k.secret_hash) f`,
      ),
    )
    expect(inOther.rows).toEqual([{ environment_id: of('other live').id }])
  })
})
