import { randomInt } from 'node:crypto'
import { defaultVersion, isWrite, latestVersion, type OperationShape } from '@commet/contract'
import { tableOwners } from '@commet/server/db/owners'
import { newId } from '@commet/server/kernel/ids'
import { hashOf, newSecret, prefixOf } from '@commet/server/modules/organizations/api-key-secret'
import {
  type Caller,
  type CallOptions,
  callerWith,
  callerWithSession,
  type Reply,
  sessionCookie,
  startTestServer,
  type TestServer,
} from '@commet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { digestOf } from './tenancy-digest.ts'
import { type Mode, namesFor, type Place, parameter, pathOf, populate, shapes } from './tenancy-places.ts'

/**
 * Every operation of the contract with every name it takes, from every other environment, with keys and with sessions. What
 * belongs to somebody else must not be read, changed or noticed: the answer is the one for a name that nobody has, and not
 * one row of the victim is another afterwards.
 */

let server: TestServer
const places = new Map<string, Place>()
const placeNames = ['one sandbox', 'one live', 'other sandbox', 'other live']
const pairs = placeNames.flatMap((victim) =>
  placeNames.filter((name) => name !== victim).map((attacker) => [attacker, victim] as const),
)
/** Each once as attacker and once as victim, within an organization and across: for what is asked with many values. */
const somePairs = pairs.filter((_, place) => [0, 5, 6, 11].includes(place))
const of = (name: string) => places.get(name) as Place

beforeAll(async () => {
  server = await startTestServer()
  for (const name of ['one', 'other']) {
    const organization = await server.organization()
    for (const mode of ['sandbox', 'live'] as const)
      places.set(`${name} ${mode}`, await populate(server, `${name} ${mode}`, organization, mode))
  }
})
afterAll(() => server.stop())

/** People belong to an organization, whose environments they share. */
const ofPeople = new Set(['/members', '/invitations'])
const isShared = ({ path }: OperationShape, attacker: Place, victim: Place) =>
  attacker.organization.id === victim.organization.id && ofPeople.has(path.split(parameter)[0] ?? '')

/** Who asks: a key where keys may, and a session for everything. */
const ways = ['byKey', 'bySession'] as const
type Way = (typeof ways)[number]

/** A name of the same length and kind that nobody has. */
function nobodys(name: string): string {
  const [prefix = '', rest = name] = /^([a-z]+_)(\w+)$/.exec(name)?.slice(1) ?? []
  return prefix + rest.replaceAll(/[0-9a-z]/g, () => 'abcdefghjkmnpqrstvwxyz'.charAt(randomInt(22)))
}

const anId = /\b[a-z]{3,4}_[0-9a-hjkmnp-tv-z]{26}\b/g
const aTime = /\d{4}-\d\d-\d\dT[\d:.]+Z/g
const aSecret = /"(token|url|key|apiKey|prefix)":"[^"]*"/g

const ofOneRequest = new Set(['date', 'x-request-id', 'content-length', 'connection', 'keep-alive'])

/** All that an answer shows, but for what the request itself said and what differs from one request to the next. */
function shown({ status, text, headers }: Reply, name: string) {
  const without = (value: string) =>
    value
      .replaceAll(name, '{name}')
      .replaceAll(aSecret, '"$1":"{secret}"')
      .replaceAll(anId, '{id}')
      .replaceAll(aTime, '{time}')
  const kept = [...headers].filter(([header]) => !ofOneRequest.has(header))
  return {
    status,
    text: without(text),
    headers: kept.map(([header, value]) => `${header}: ${without(value)}`),
  }
}

/** What each attacker has written into its own things: that may come back. */
const written = new Map(placeNames.map((name) => [name, new Set<string>()]))

/** Fails where an answer holds anything of the victim that the attacker has not named itself; its log holds the paths it asked for. */
function showsNothingOf(victim: Place, attacker: Place, { text }: Reply, sent: string): void {
  const known = [...sharedTexts(attacker, victim), ...(written.get(attacker.name) ?? []), sent]
  for (const secret of victim.texts.filter((one) => !known.some((other) => other.includes(one))))
    expect(text.replaceAll(/"path":"[^"]*"/g, '')).not.toContain(secret)
}

/** What is known of a victim in the same organization. */
function sharedTexts(attacker: Place, { organization, names, owner }: Place): readonly string[] {
  if (attacker.organization.id !== organization.id) return []
  return [...[...ofPeople].flatMap((path) => names.get(path) ?? []), owner.email, owner.userId]
}

/** A request with a name in it, and the operation it asks for. */
type Attack = {
  readonly operation: OperationShape
  readonly name: string
  /** Asks with this name instead, and answers all that comes. */
  ask(name: string): Promise<readonly Reply[]>
}

const reached = new Set<string>()

/** What stands in for a name, always the same for one attacker: both have been written by it as often. */
const nobodysNames = new Map<string, string>()

function nobodyFor(attacker: Place, name: string): string {
  const key = `${attacker.name} ${name}`
  const never = nobodysNames.get(key) ?? nobodys(name)
  nobodysNames.set(key, never)
  return never
}

/** Sends it with the victim's name and with one that nobody has: both are answered alike, and show nothing of the victim. */
async function compare(
  { operation, name, ask }: Attack,
  attacker: Place,
  victim: Place,
): Promise<readonly Reply[]> {
  reached.add(operation.id)
  const never = nobodyFor(attacker, name)
  const theirs = await ask(name)
  const nothing = await ask(never)
  expect(theirs.map((reply) => [operation.id, shown(reply, name)])).toEqual(
    nothing.map((reply) => [operation.id, shown(reply, never)]),
  )
  for (const reply of theirs) showsNothingOf(victim, attacker, reply, name)
  return theirs
}

/** Asks for one name in the path: by every method, in the versions that differ in shape, and under a key, twice. */
async function askFor(call: Caller, operation: OperationShape, name: string): Promise<readonly Reply[]> {
  const path = `/api/v1${operation.path.replace(parameter, `/${encodeURIComponent(name)}`)}`
  const body = operation.exampleBody === undefined ? {} : { body: operation.exampleBody }
  const at = (version: string) => ({ 'commet-version': version })
  const replies: Reply[] = []
  for (const method of [operation.method, ...(operation.aliases ?? [])]) {
    const ask = (headers: Readonly<Record<string, string>>) => call(method, path, { ...body, headers })
    if (operation.internal !== true) replies.push(await ask(at(defaultVersion)))
    replies.push(await ask(at(latestVersion)))
    if (!isWrite(operation)) continue
    const key = { ...at(latestVersion), 'idempotency-key': `attack ${newId('request')}` }
    replies.push(await ask(key), await ask(key))
  }
  return replies
}

async function unchanged(victim: Place, work: () => Promise<void>, attacker?: Place): Promise<void> {
  const before = await digestOf(server, victim, attacker)
  await work()
  expect(await digestOf(server, victim, attacker)).toEqual(before)
}

/** What is asked one way: what keys may ask by keys, and what only people may by sessions. */
function reachable(way: Way): readonly OperationShape[] {
  return shapes.filter(({ internal }) => (way === 'byKey' ? internal !== true : internal === true))
}

test('the digest watches every table there is', async () => {
  const tables = await server.database.owner<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'commet'::regnamespace and c.relkind in ('r', 'p')
       and not exists (select from pg_inherits where inhrelid = c.oid and c.relname ~ '_\\d{4}_\\d\\d$')
     order by 1`,
  )
  expect(tables.map(({ name }) => name)).toEqual(Object.keys(tableOwners).toSorted())
})

test('every list has a place to go on from, and every path a name to be asked for', () => {
  for (const name of placeNames) {
    for (const [operation, cursor] of of(name).cursors)
      expect([name, operation, cursor]).toEqual([name, operation, expect.any(String)])
    for (const { path } of shapes.filter(({ params }) => params !== undefined))
      expect([path, namesFor(path, of(name))]).toEqual([path, [expect.any(String), expect.any(String)]])
  }
})

describe.each(pairs)('from the %s environment on the %s one', (attackerName, victimName) => {
  test.each(ways)('a name in the path, %s, is answered like a name that nobody has', async (way) => {
    const [attacker, victim] = [of(attackerName), of(victimName)]
    const withNames = shapes.filter(
      (operation) => operation.params !== undefined && !isShared(operation, attacker, victim),
    )
    await unchanged(victim, async () => {
      for (const operation of withNames) {
        const ask = (name: string) => askFor(attacker[way], operation, name)
        const refused = way === 'byKey' && operation.internal === true ? 403 : 404
        for (const name of kindsOf(operation.path, victim)) {
          for (const { status } of await compare({ operation, name, ask }, attacker, victim))
            expect([operation.id, name, status]).toEqual([operation.id, name, refused])
        }
      }
    })
  })

  test.each(ways)('a cursor, %s, shows nothing but what the asking environment holds', async (way) => {
    const [attacker, victim] = [of(attackerName), of(victimName)]
    await unchanged(victim, async () => {
      for (const operation of reachable(way).filter(({ list }) => list === true)) {
        reached.add(operation.id)
        const stolen = victim.cursors.get(operation.id) ?? ''
        const reply = await attacker[way]('GET', `${pathOf(operation, attacker)}?cursor=${stolen}`)
        expect([200, 400]).toContain(reply.status)
        showsNothingOf(victim, attacker, reply, stolen)
      }
    })
  })

  test.each(ways)('what names nothing, %s, shows nothing of it', async (way) => {
    const [attacker, victim] = [of(attackerName), of(victimName)]
    await unchanged(victim, async () => {
      const alone = reachable(way).filter((one) => !isWrite(one) && one.params === undefined)
      for (const operation of alone) {
        reached.add(operation.id)
        const reply = await attacker[way]('GET', pathOf(operation, attacker))
        expect([operation.id, reply.status]).toEqual([operation.id, 200])
        showsNothingOf(victim, attacker, reply, attacker.id)
      }
    })
  })
})

describe.each(somePairs)('from the %s environment on the %s one', (attackerName, victimName) => {
  test.each(ways)('a value in the query, %s, finds what it finds when nobody has it', async (way) => {
    const [attacker, victim] = [of(attackerName), of(victimName)]
    await unchanged(victim, async () => {
      for (const operation of reachable(way).filter((one) => one.query !== undefined && !isWrite(one))) {
        const names = [...Object.keys(operation.query?.shape ?? {}), 'metadata[mark]']
        for (const parameter of names.filter((name) => name !== 'limit')) {
          const ask = async (value: string) => {
            const query = new URLSearchParams({ ...operation.exampleQuery, [parameter]: value })
            const path = `${pathOf(operation, attacker)}?${query}`
            return [await attacker[way](operation.method, path, exampleOf(operation))]
          }
          for (const name of tellingOf(victim, attacker))
            await compare({ operation, name, ask }, attacker, victim)
        }
      }
    })
  })
})

/** Behind the readings: what attackers write into their own things, they read there. */
describe.each(somePairs)('from the %s environment on the %s one', (attackerName, victimName) => {
  test.each(ways)('a name in the body, %s, is taken as one that nobody has', async (way) => {
    const [attacker, victim] = [of(attackerName), of(victimName)]
    await unchanged(
      victim,
      async () => {
        for (const operation of reachable(way).filter(isWrite)) {
          const example = exampleOf(operation)
          for (const put of placesIn(operation)) {
            const ask = async (value: string) => {
              const query = new URLSearchParams(operation.exampleQuery)
              const path = `${pathOf(operation, attacker)}?${query}`
              return [await attacker[way](operation.method, path, { ...example, body: put(value) })]
            }
            for (const name of tellingOf(victim, attacker)) {
              await compare({ operation, name, ask }, attacker, victim)
              written.get(attacker.name)?.add(name)
            }
          }
        }
      },
      attacker,
    )
  })

  test('a user ID, an idempotency key and an ID in the body are free for whoever has not used them', async () => {
    const [attacker, victim] = [of(attackerName), of(victimName)]
    const mark = victim.id.slice(-8)
    const [id = ''] = victim.names.get('/customers') ?? []
    await unchanged(victim, async () => {
      const { byKey } = attacker
      const headers = { 'idempotency-key': `key-${mark}` }
      const body = { id: `user-of-${mark}`, email: 'attacker@example.com' }
      const theirs = await byKey('POST', '/api/v1/customers', { body, headers })
      expect([201, 200]).toContain(theirs.status)
      expect(theirs.headers.get('idempotent-replayed')).toBeNull()
      expect(theirs.json.data.id).not.toBe(id)
      const own = `/api/v1/customers/${theirs.json.data.id}`
      for (const field of ['id', 'customerId']) {
        const never = newId('customer')
        const told = await byKey('PATCH', own, { body: { [field]: id } })
        const nothing = await byKey('PATCH', own, { body: { [field]: never } })
        expect(shown(told, id)).toEqual(shown(nothing, never))
        expect(told.status).toBe(400)
      }
      expect((await byKey('DELETE', own)).status).toBe(200)
    })
  })
})

test('every operation was attacked', () => {
  expect(shapes.map(({ id }) => id).filter((id) => !reached.has(id))).toEqual([])
})

/** One name of every kind that may stand in a path: a customer has two. */
function kindsOf(path: string, victim: Place): readonly string[] {
  const names = namesFor(path, victim)
  return path.startsWith('/customers/') ? names : names.slice(0, 1)
}

/** One of every kind of thing that the victim has, and what is written into them; the user ID first, which may answer an ID. */
function tellingOf(victim: Place, attacker: Place): readonly string[] {
  const { names, owner, texts } = victim
  const [id = '', userId = ''] = names.get('/customers') ?? []
  const others = [...names.values()].flatMap(([one = '']) => (one === id ? [] : [one]))
  const shared = sharedTexts(attacker, victim)
  return [userId, id, ...others, owner.email, texts[0] ?? ''].filter((text) => !shared.includes(text))
}

function exampleOf({ exampleBody, exampleUpload }: OperationShape): CallOptions {
  if (exampleUpload !== undefined) return { body: exampleUpload, headers: { 'content-type': 'text/csv' } }
  return exampleBody === undefined ? {} : { body: exampleBody }
}

/** What the body of an operation may hold a name in: each text of the example, each cell of the example's first row. */
function placesIn({ exampleBody, exampleUpload }: OperationShape): readonly ((value: string) => unknown)[] {
  if (typeof exampleUpload === 'string') {
    const [head = '', row = '', ...others] = exampleUpload.split('\n')
    return row.split(',').map((_, place) => (value) => {
      const cells = row.split(',').with(place, value)
      return [head, cells.join(','), ...others].join('\n')
    })
  }
  return exampleBody === undefined ? [] : textsIn(exampleBody)
}

/** The user IDs beside the text are new every time: one that is known would answer what was written the first time. */
function textsIn(value: unknown): readonly ((text: string) => unknown)[] {
  if (typeof value === 'string') return [(text) => text]
  if (Array.isArray(value)) {
    return value.flatMap((part, place) =>
      textsIn(part).map((put) => (text: string) => fresh(value).with(place, put(text))),
    )
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) =>
    textsIn(part).map((put) => (text: string) => ({ ...fresh(value), [key]: put(text) })),
  )
}

function fresh<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value).replaceAll(/"user_\w+"/g, () => `"user_${newId('customer').slice(4)}"`),
  )
}

describe.each(placeNames)('with keys and sessions that do not stand, on the %s environment', (victimName) => {
  test('every operation is refused alike, whatever it names', async () => {
    const victim = of(victimName)
    const callers = [...(await fallenKeys(victim)), ...(await fallenSessions(victim))]
    await unchanged(victim, async () => {
      for (const call of callers) {
        const seen = new Set<string>()
        for (const operation of shapes) {
          const [name = 'none'] = namesFor(operation.path, victim)
          const path = `/api/v1${operation.path.replace(parameter, `/${name}`)}`
          seen.add(JSON.stringify(shown(await call(operation.method, path, exampleOf(operation)), name)))
        }
        expect([...seen]).toEqual([expect.stringContaining('"status":401')])
      }
    })
  })
})

async function fallenKeys({ id, mode, apiKey }: Place): Promise<readonly Caller[]> {
  const keys = [
    await keyThatWas(id, mode, 'revoked_at'),
    await keyThatWas(id, mode, 'expires_at'),
    newSecret(mode),
    apiKey.replace(/^ck_(live|sandbox)_/, mode === 'live' ? 'ck_sandbox_' : 'ck_live_'),
    `${apiKey}0`,
    apiKey.slice(0, -1),
    apiKey.toUpperCase().replace(/^CK_(LIVE|SANDBOX)_/, `ck_${mode}_`),
  ]
  return keys.map((key) => callerWith(server.address, key))
}

async function keyThatWas(id: string, mode: Mode, column: 'revoked_at' | 'expires_at'): Promise<string> {
  const secret = newSecret(mode)
  await server.database.owner(
    `insert into api_keys (environment_id, id, name, prefix, secret_hash, created_at, ${column})
     values ($1, $2, 'Over', $3, $4, now(), now() - interval '1 second')`,
    [id, newId('apiKey'), prefixOf(secret), hashOf(secret)],
  )
  return secret
}

async function fallenSessions({ mode, organization, owner }: Place): Promise<readonly Caller[]> {
  const someone = () => server.person(organization)
  const [expired, ended, removed] = [await someone(), await someone(), await someone()]
  await server.database.owner(
    `update commet_auth.sessions set "expiresAt" = now() - interval '1 second' where "userId" = $1`,
    [expired.userId],
  )
  await server.database.owner('delete from commet_auth.sessions where "userId" = $1', [ended.userId])
  await server.database.owner('update members set removed_at = now() where id = $1', [removed.memberId])
  const cookies = [
    ...[expired, ended, removed].map(({ cookie }) => cookie),
    sessionCookie('unknown'),
    sessionCookie('unknown', 'another secret of 32 or more characters'),
    owner.cookie.slice(0, -4),
    owner.cookie.replace('.', 'x.'),
  ]
  return cookies.map((cookie) => callerWithSession(server.address, cookie, mode))
}
