import { errors, isPublic, type OperationId, type OperationShape, operations } from '@commet/contract'
import { type Reply, startTestServer, type TestEnvironment, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CallCase,
  type Exchange,
  type GivenCall,
  type Json,
  type JsonObject,
  readVectors,
  type VectorRequest,
} from '../../../sdks/typescript/test/vector-cases.ts'

/**
 * The other side of the shared vectors: the replies the libraries are tested with are the replies of this server.
 * Only what a server makes up (IDs, instants, secrets, cursors) is compared by its kind.
 */

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const all = readVectors().flatMap(({ cases }) => cases)
const calls = all.filter((vector): vector is CallCase => vector.kind === 'call')
const cases = calls.filter((vector) => vector.server !== undefined)

describe('the shared vectors', () => {
  test('hold every operation that a key may call', () => {
    const called = new Set(calls.map(({ call }) => call.operation))
    const published: readonly OperationShape[] = operations
    expect([...called].toSorted()).toEqual(
      published
        .filter(isPublic)
        .map(({ id }) => id)
        .toSorted(),
    )
  })

  test('hold every error code of the contract', () => {
    const coded = calls.filter(({ id }) => id.startsWith('errors/code-'))
    expect(coded.map(({ expect: { error } }) => error?.code).toSorted()).toEqual(
      Object.keys(errors).toSorted(),
    )
  })

  test('say of each case what only it is for', () => {
    const purposes = all.map(({ purpose }) => purpose)
    expect(purposes.filter((purpose, place) => purposes.indexOf(purpose) !== place)).toEqual([])
  })
})

describe('the server gives the replies of the shared vectors', () => {
  // Exact: a case that loses its mark would no longer be asked of a server, and nobody would notice.
  test('of all that a server can be brought to give', () => {
    expect(cases).toHaveLength(183)
  })

  test.each(cases.map((vector) => [`${vector.id}: ${vector.purpose}`, vector] as const))('%s', (_, vector) =>
    replay(vector),
  )
})

/** What stands in a vector → what this run was given for it. */
type Names = Map<string, string>

async function replay(vector: CallCase): Promise<void> {
  const { sandbox } = await server.organization()
  const names: Names = new Map()
  for (const given of vector.server?.given ?? []) await prepare(sandbox, given, names)
  for (const { request, reply } of withRequests(vector.exchanges)) {
    const { apiKey, apiVersion } = vector.client ?? {}
    const actual = await send(sandbox, inRun(request, names), {
      ...(apiKey == null ? {} : { 'x-api-key': apiKey }),
      'commet-version': apiVersion ?? '2026-07-11',
    })
    expect([actual.status, actual.text]).toEqual([reply.status, expect.any(String)])
    expect(actual.headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{26}$/)
    const { 'x-request-id': _, 'content-type': __, ...headers } = reply.headers ?? {}
    for (const [name, value] of Object.entries(headers)) expect(actual.headers.get(name), name).toBe(value)
    expectAlike(reply.body ?? null, actual.json, '', names)
  }
}

function withRequests(exchanges: readonly Exchange[]) {
  return exchanges.map(({ request, reply }) => {
    if (request === undefined) throw new Error('A retry needs a failing server; mark no such case')
    return { request, reply }
  })
}

async function prepare(sandbox: TestEnvironment, given: GivenCall, names: Names): Promise<void> {
  const key = given.options?.idempotencyKey
  const reply = await send(sandbox, requestOf(given), {
    'commet-version': '2026-07-11',
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  })
  expect(reply.status, reply.text).toBeLessThan(300)
  for (const [name, path] of Object.entries(given.save ?? {})) {
    const value: unknown = path.split('.').reduce((inner, step) => inner[step], reply.json)
    names.set(name, String(value))
  }
}

function requestOf({ operation, arguments: { id, ...rest } }: GivenCall): VectorRequest {
  const declared: OperationShape | undefined = operations.find((one) => one.id === (operation as OperationId))
  if (declared === undefined) throw new Error(`${operation} is not in the contract`)
  const inPath = declared.path.includes('{id}')
  const query = Object.entries(rest).map(([name, value]) => [name, String(value)])
  return {
    method: declared.method,
    path: `/api/v1${declared.path.replace('{id}', encodeURIComponent(String(id)))}`,
    ...(declared.body === undefined
      ? { query: Object.fromEntries(query) }
      : { body: inPath || id === undefined ? (rest as JsonObject) : { ...rest, id } }),
  }
}

function inRun(request: VectorRequest, names: Names): VectorRequest {
  const { path, query, ...others } = request
  const text = JSON.stringify({ query, ...others })
  const put = (written: string) =>
    [...names].reduce((result, [name, value]) => result.replaceAll(name, value), written)
  return { path: put(path), ...JSON.parse(put(text)) }
}

function send(
  sandbox: TestEnvironment,
  { method, path, query, headers = {}, body }: VectorRequest,
  more: Readonly<Record<string, string>>,
): Promise<Reply> {
  const key = headers['idempotency-key']
  return sandbox.call(method, path + (query === undefined ? '' : `?${new URLSearchParams(query)}`), {
    ...(body === undefined ? {} : { body }),
    headers: { ...(typeof key === 'string' ? { 'idempotency-key': key } : {}), ...more },
  })
}

const kinds: Readonly<Record<string, RegExp>> = {
  createdAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  updatedAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  expiresAt: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  organizationId: /^org_[0-9a-z]{26}$/,
  apiKey: /^ck_sandbox_[\x21-\x7e]{16,}$/,
  prefix: /^ck_sandbox_[\x21-\x7e]+$/,
}

function expectAlike(expected: Json, actual: unknown, where: string, names: Names): void {
  const name = where.slice(where.lastIndexOf('.') + 1)
  if (name === 'metadata' || where.includes('.failed.')) expect(actual, where).toStrictEqual(expected)
  else if (Array.isArray(expected)) {
    expect(actual, where).toHaveLength(expected.length)
    for (const [index, item] of expected.entries())
      expectAlike(item, (actual as readonly unknown[])[index], `${where}.${index}`, names)
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual as object).toSorted(), where).toEqual(Object.keys(expected).toSorted())
    for (const [key, value] of Object.entries(expected))
      expectAlike(value, (actual as Record<string, unknown>)[key], `${where}.${key}`, names)
  } else if (typeof expected === 'string') expectText(expected, actual, name, names)
  else expect(actual, where).toBe(expected)
}

function expectText(expected: string, actual: unknown, name: string, names: Names): void {
  const kind = kinds[name]
  const given = names.get(expected)
  if (given !== undefined) expect(actual, name).toBe(given)
  else if (kind !== undefined) expect(actual, name).toMatch(kind)
  else if (name === 'id')
    expect(actual, name).toMatch(new RegExp(`^${expected.replace(/_.*/, '')}_[0-9a-z]{26}$`))
  else if (name === 'doc_url') expect(actual, name).toMatch(new RegExp(`${new URL(expected).pathname}$`))
  else if (name === 'nextCursor') {
    expect(actual, name).toMatch(/./)
    names.set(expected, String(actual))
  } else expect(actual, name).toBe(expected)
}
