import {
  commonErrors,
  defaultVersion,
  type ErrorCode,
  errors,
  folds,
  isWrite,
  type JsonObject,
  latestVersion,
  type OperationShape,
  operations,
  versions,
  writeErrors,
} from '@commet/contract'
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
  type TestEnvironment,
  type TestOrganization,
  type TestServer,
} from '@commet/testkit'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

/**
 * What every operation of the contract keeps to. Nothing here knows an operation by name: requests are made from the
 * examples that the contract holds, and the thing that `{id}` names by the POST on the path before it.
 */

let server: TestServer
let sandbox: TestEnvironment
let other: TestEnvironment
/** Both environments as a test asks them: with a key, or with the session of an owner. */
type Way = 'key' | 'session'
let ways: Readonly<Record<Way, { readonly sandbox: TestEnvironment; readonly other: TestEnvironment }>>
let organizations: ReadonlyMap<string, TestOrganization>

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  const [first, second] = [await server.organization(), await server.organization()]
  organizations = new Map([first, second].map((one) => [one.sandbox.id, one]))
  ways = {
    key: { sandbox: first.sandbox, other: second.sandbox },
    session: { sandbox: await signedIn(first), other: await signedIn(second) },
  }
})

async function signedIn(organization: TestOrganization): Promise<TestEnvironment> {
  return { ...organization.sandbox, call: (await server.person(organization)).sandbox }
}

/** From here on, the environments are asked this way. */
function ask(way: Way): void {
  sandbox = ways[way].sandbox
  other = ways[way].other
}

const all: readonly OperationShape[] = operations
const table = all.flatMap((operation) =>
  (operation.internal === true ? (['session'] as const) : (['key', 'session'] as const)).map(
    (way) => [operation.id, operation, way] as const,
  ),
)
const asCase = ([id, operation, way]: (typeof table)[number]) => ({ id, operation, way })
const writes = table.filter(([, operation]) => isWrite(operation))
const withBody = table.filter(([, operation]) => operation.body !== undefined)
const onThings = table.filter(([, operation]) => operation.params !== undefined)
const lists = table.filter(([, operation]) => operation.list === true)
const dates = versions.map(({ date }) => date)

type Params = Readonly<Record<string, string>>

/** The path of an operation with its parameters in place. */
function pathOf({ path }: OperationShape, params: Params, base = '/api/v1'): string {
  return base + path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? name))
}

/** Makes what the parameters of an operation name, each by the POST on the path before it. */
async function make({ path }: OperationShape, environment = sandbox): Promise<Params> {
  const params: Record<string, string> = {}
  for (const { 0: parameter, index } of path.matchAll(/\/\{\w+\}/g)) {
    const creator = table.find(
      ([, { method, path: one }]) => method === 'POST' && one === path.slice(0, index),
    )
    if (path.slice(0, index) === '/members') {
      params[parameter.slice(2, -1)] = await newMember(environment)
      continue
    }
    if (path.slice(0, index) === '/requests') {
      params[parameter.slice(2, -1)] = await loggedRequest(environment)
      continue
    }
    if (creator === undefined)
      throw new Error(`Nothing creates what ${path.slice(0, index)}${parameter} names`)
    const reply = await send(creator[1], params, {}, environment)
    params[parameter.slice(2, -1)] = reply.json.data.id
  }
  return params
}

/** Nobody creates a member by a request: people come in through links. */
async function newMember(environment: TestEnvironment): Promise<string> {
  const organization = organizations.get(environment.id)
  if (organization === undefined) throw new Error('The environment belongs to this test')
  return (await server.person(organization, 'member')).memberId
}

/** Requests are written to their log a moment after they were answered, so nobody waits for one here. */
async function loggedRequest({ id }: TestEnvironment): Promise<string> {
  const requestId = newId('request')
  await server.database.owner(
    `insert into request_log values ($1, $2, now(), 'GET', '/api/v1/customers', 200, null, 1, $3, 'api_key', 'key_x', false)`,
    [id, requestId, defaultVersion],
  )
  return requestId
}

/** What a test sends otherwise than the contract shows. */
type Options = CallOptions & { readonly method?: string; readonly query?: Params }

function send(operation: OperationShape, params: Params, options: Options = {}, environment = sandbox) {
  return sendTo(pathOf(operation, params), operation, options, environment)
}

/** Sends the request that the contract shows for an operation to a path of it; `options` say what is other. */
function sendTo(path: string, operation: OperationShape, options: Options = {}, environment = sandbox) {
  const example = exampleOf(operation)
  const headers = { ...example.headers, ...options.headers }
  const query = new URLSearchParams({ ...operation.exampleQuery, ...options.query }).toString()
  const { method = operation.method, ...others } = options
  return environment.call(method, query === '' ? path : `${path}?${query}`, {
    ...example,
    ...others,
    headers,
  })
}

function exampleOf({ exampleBody, exampleUpload }: OperationShape): CallOptions {
  if (exampleUpload !== undefined) return { body: exampleUpload, headers: { 'content-type': 'text/csv' } }
  return exampleBody === undefined ? {} : { body: exampleBody }
}

const at = (version: string) => ({ headers: { 'commet-version': version } })

/** Checks an answer of success against the schema that the contract declares for a version. */
function expectDeclared(operation: OperationShape, version: string, reply: Reply): void {
  expect([operation.id, version, Object.keys(operation.answers)]).toEqual([
    operation.id,
    version,
    expect.arrayContaining([String(reply.status)]),
  ])
  expect(reply.headers.get('commet-version')).toBe(version)
  expect(reply.headers.get('x-request-id')).toMatch(/^req_/)
  if (operation.download === undefined) expectObject(operation, version, reply)
  else expectFile(operation, reply)
}

function expectObject(operation: OperationShape, version: string, reply: Reply): void {
  expect(reply.headers.get('content-type')).toBe('application/json')
  const result = schemaOf(operation, version).safeParse(reply.json)
  expect([operation.id, version, result.error?.issues]).toEqual([operation.id, version, undefined])
  if (version === latestVersion) {
    const rows = operation.list === true ? reply.json.data : [reply.json]
    for (const row of rows) expect(operation.data.safeParse(row).error).toBeUndefined()
  }
}

/** Checks that an answer is a file to be kept, whose rows are as declared. */
function expectFile(operation: OperationShape, reply: Reply): void {
  expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(reply.headers.get('content-disposition')).toMatch(/^attachment; filename="[a-z0-9.-]+\.csv"$/)
  const rows: readonly unknown[] = parse(reply.text, { bom: true, columns: true })
  for (const row of rows) expect(operation.data.safeParse(row).error).toBeUndefined()
}

function schemaOf(operation: OperationShape, version: string): z.ZodType {
  const data = z.toJSONSchema(operation.data) as JsonObject
  const { $defs, ...row } = inlined(data) as JsonObject
  const newest = operation.list === true ? listOf(row) : row
  return z.fromJSONSchema((folds.get(version)?.downSchema(operation.id, newest) ?? newest) as never)
}

function listOf(row: JsonObject): JsonObject {
  const properties = {
    object: { const: 'list' },
    data: { type: 'array', items: row },
    hasMore: { type: 'boolean' },
    nextCursor: { type: 'string' },
  }
  return {
    type: 'object',
    properties,
    required: ['object', 'data', 'hasMore'],
    additionalProperties: false,
  }
}

/** A schema with its definitions where they are used. */
function inlined(
  schema: unknown,
  definitions = (schema as JsonObject).$defs as JsonObject | undefined,
): unknown {
  if (Array.isArray(schema)) return schema.map((part) => inlined(part, definitions))
  if (typeof schema !== 'object' || schema === null) return schema
  const { $ref, ...rest } = schema as JsonObject
  const target = typeof $ref === 'string' ? definitions?.[$ref.slice('#/$defs/'.length)] : undefined
  if (target !== undefined) return inlined(target, definitions)
  return Object.fromEntries(Object.entries(rest).map(([name, part]) => [name, inlined(part, definitions)]))
}

/** Checks an answer of failure: a declared code, with its type and its status. */
function expectRefusal(operation: OperationShape, reply: Reply, status: number, code?: ErrorCode): void {
  const error = reply.json.error ?? reply.json
  const declared: readonly string[] = [
    ...commonErrors,
    ...operation.errors,
    ...(isWrite(operation) ? writeErrors : []),
    ...(operation.params === undefined ? [] : ['not_found']),
  ]
  expect([operation.id, reply.status, reply.json.success]).toEqual([operation.id, status, false])
  expect(declared).toContain(error.code)
  if (code !== undefined) expect(error.code).toBe(code)
  expect(reply.headers.get('x-request-id')).toMatch(/^req_/)
  expect(reply.headers.get('content-type')).toBe('application/json')
}

test('every operation can be asked from what the contract says of it', () => {
  for (const [id, operation] of withBody) expect([id, operation.exampleBody]).toEqual([id, expect.anything()])
})

describe.each(table.map(asCase))('$id with a $way', ({ operation, way }) => {
  beforeEach(() => ask(way))

  test('is answered as declared, in every version, under both paths and by every method it has', async () => {
    for (const version of dates) {
      expectDeclared(operation, version, await send(operation, await make(operation), at(version)))
    }
    for (const method of [operation.method, ...(operation.aliases ?? [])]) {
      const params = await make(operation)
      const reply = await sendTo(pathOf(operation, params, '/api'), operation, { method })
      expectDeclared(operation, defaultVersion, reply)
    }
  })

  test('is refused without who asks, and with one that is unknown, expired or revoked', async () => {
    const params = await make(operation)
    const callers = way === 'key' ? await callersWithoutKey() : await callersWithoutSession()
    const replies = []
    for (const call of callers) replies.push(await send(operation, params, {}, { ...sandbox, call }))
    for (const reply of replies) expectRefusal(operation, reply, 401, 'unauthorized')
    expect(new Set(replies.slice(1).map(({ text }) => text)).size).toBe(1)
  })

  test('is refused with a key where only people may ask, and with a session where another site asks', async () => {
    const params = await make(operation)
    if (operation.internal === true) {
      expectRefusal(operation, await send(operation, params, {}, ways.key.sandbox), 403, 'forbidden')
    } else if (way === 'session') {
      const crossSite = { headers: { origin: 'https://elsewhere.example.com' } }
      expectRefusal(operation, await send(operation, params, crossSite), 403, 'forbidden')
    }
  })

  test('is refused with a query that it does not know', async () => {
    const reply = await send(operation, await make(operation), { query: { no_such_parameter: '1' } })
    expectRefusal(operation, reply, 400, 'validation_error')
    expect(reply.json.error.param).toBe('no_such_parameter')
  })

  test('is refused in a version that does not exist', async () => {
    const reply = await send(operation, await make(operation), at('2020-01-01'))
    expectRefusal(operation, reply, 400, 'validation_error')
  })
})

describe.each(withBody.map(asCase))('$id with a $way', ({ operation, way }) => {
  beforeEach(() => ask(way))

  test('is refused with a field that it does not know', async () => {
    const params = await make(operation)
    const reply = await send(operation, params, { body: { ...operation.exampleBody, no_such_field: 1 } })
    expectRefusal(operation, reply, 400, 'validation_error')
    expect(reply.json.error.details).toEqual([
      { field: 'no_such_field', message: 'is not a field of this request' },
    ])
  })

  test('is refused with a body that is no JSON object', async () => {
    const params = await make(operation)
    expectRefusal(operation, await send(operation, params, { body: '{' }), 400, 'invalid_json')
    for (const body of ['[]', '"x"', 'null']) {
      expectRefusal(operation, await send(operation, params, { body }), 400, 'validation_error')
    }
    const plain = { body: '{}', headers: { 'content-type': 'text/plain' } }
    expectRefusal(operation, await send(operation, params, plain), 415, 'validation_error')
  })
})

describe.each(onThings.map(asCase))('$id with a $way', ({ operation, way }) => {
  beforeEach(() => ask(way))

  test("answers for another organization's thing as for one that never was", async () => {
    for (const version of [defaultVersion, latestVersion]) {
      const params = await make(operation, other)
      const never = Object.fromEntries(Object.keys(params).map((name) => [name, `never_${name}`]))
      const theirs = await send(operation, params, at(version))
      const nothing = await send(operation, never, at(version))
      expectRefusal(operation, theirs, 404)
      expect(named(theirs.text, params)).toBe(named(nothing.text, never))
      expect(headersOf(theirs)).toEqual(headersOf(nothing))
      const still = await send(operation, params, at(version), other)
      expect(Object.keys(operation.answers)).toContain(String(still.status))
    }
  })

  test('is refused with a name that no path can carry', async () => {
    const { path } = operation
    for (const name of ['%00', '%ff', '%', 'x'.repeat(101)]) {
      const raw = `/api/v1${path.replaceAll(/\{\w+\}/g, name)}`
      expectRefusal(operation, await sendTo(raw, operation), 400, 'validation_error')
    }
  })
})

describe.each(writes.map(asCase))('$id with a $way', ({ operation, way }) => {
  beforeEach(() => ask(way))

  test('is done once under an Idempotency-Key, and answered again byte for byte', async () => {
    for (const version of [defaultVersion, latestVersion]) {
      const params = await make(operation)
      const options = { headers: { 'commet-version': version, 'idempotency-key': `key of ${version}` } }
      const first = await send(operation, params, options)
      const before = await writtenRows()
      const second = await send(operation, params, options)
      expectDeclared(operation, version, first)
      expect([second.status, second.text]).toEqual([first.status, first.text])
      expect(second.headers.get('idempotent-replayed')).toBe('true')
      expect(await writtenRows()).toEqual(before)
    }
  })

  test('keeps no validation error under its Idempotency-Key, and takes the key for one request only', async () => {
    const key = { 'idempotency-key': 'k' }
    const wrong = await send(operation, await make(operation), { headers: { ...key, 'commet-version': 'x' } })
    expectRefusal(operation, wrong, 400, 'validation_error')
    const right = await send(operation, await make(operation), { headers: key })
    expectDeclared(operation, defaultVersion, right)
    const mismatch = await send(operation, await make(operation), {
      headers: { ...key, 'commet-version': latestVersion },
    })
    expectRefusal(operation, mismatch, 409, 'idempotency_key_mismatch')
  })
})

describe.each(lists.map(asCase))('$id with a $way', ({ operation, way }) => {
  beforeEach(() => ask(way))

  test.each(['0', '101', 'x', '1.5'])('is refused with a limit of %s', async (limit) => {
    const reply = await sandbox.call('GET', `${pathOf(operation, await make(operation))}?limit=${limit}`)
    expectRefusal(operation, reply, 400, 'validation_error')
    expect(reply.json.error.param).toBe('limit')
  })

  test('is refused with a cursor that it did not write', async () => {
    const reply = await sandbox.call('GET', `${pathOf(operation, await make(operation))}?cursor=made-up`)
    expectRefusal(operation, reply, 400, 'validation_error')
    expect(reply.json.error.param).toBe('cursor')
  })
})

test('the schemas of this table refuse what differs from them', async () => {
  for (const [, operation, way] of table.filter(([, { download }]) => download === undefined)) {
    ask(way)
    for (const version of dates) {
      const { json } = await send(operation, await make(operation), at(version))
      const schema = schemaOf(operation, version)
      expect(schema.safeParse({ ...json, more: 1 }).success).toBe(false)
      const { [Object.keys(json).find((name) => name !== 'nextCursor') ?? '']: _, ...less } = json
      expect(schema.safeParse(less).success).toBe(false)
    }
  }
})

test('every declared code has the status and the type of its definition', () => {
  for (const [id, operation] of table) {
    for (const code of operation.errors) expect([id, errors[code].status]).toEqual([id, expect.any(Number)])
  }
})

async function callersWithoutKey(): Promise<readonly Caller[]> {
  const keys = [
    undefined,
    newSecret('sandbox'),
    await keyThatWas('expires_at'),
    await keyThatWas('revoked_at'),
  ]
  return keys.map((key) => callerWith(server.address, key))
}

async function callersWithoutSession(): Promise<readonly Caller[]> {
  const organization = organizations.get(sandbox.id)
  if (organization === undefined) throw new Error('The environment belongs to this test')
  const [expired, ended] = [await server.person(organization), await server.person(organization)]
  await server.database.owner(
    `update commet_auth.sessions set "expiresAt" = now() - interval '1 second' where "userId" = $1`,
    [expired.userId],
  )
  await server.database.owner('delete from commet_auth.sessions where "userId" = $1', [ended.userId])
  const unsigned = sessionCookie('unknown', 'another secret of 32 or more characters')
  const cookies = [undefined, sessionCookie('unknown'), unsigned, expired.cookie, ended.cookie]
  return cookies.map((cookie) => callerWithSession(server.address, cookie, 'sandbox'))
}

/** A key of this environment whose time is over. */
async function keyThatWas(column: 'expires_at' | 'revoked_at'): Promise<string> {
  const secret = newSecret('sandbox')
  await server.database.owner(
    `insert into api_keys (environment_id, id, name, prefix, secret_hash, created_at, ${column})
     values ($1, $2, 'Over', $3, $4, now(), now() - interval '1 second')`,
    [sandbox.id, newId('apiKey'), prefixOf(secret), hashOf(secret)],
  )
  return secret
}

/** How many rows each kind of record has in the environment. */
async function writtenRows() {
  return server.database.owner(
    `select (select count(*) from events where environment_id = $1) as events,
       (select count(*) from audit_entries where environment_id = $1) as entries,
       (select count(*) from idempotency_keys where environment_id = $1) as keys`,
    [sandbox.id],
  )
}

/** An answer with the names of its request left out. */
function named(text: string, params: Params): string {
  return Object.entries(params).reduce((left, [name, value]) => left.replaceAll(value, `{${name}}`), text)
}

/** What stands in the head of an answer, but for what differs from request to request. */
function headersOf({ headers }: Reply): readonly string[] {
  return [...headers.keys()].filter((name) => name !== 'date').toSorted()
}
