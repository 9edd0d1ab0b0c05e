// Owns this library's walk through the shared vectors: every case, against a stub on the loopback.
// Does not know any case; spec/vectors/README.md says what the keys mean.
// Always: no case is skipped, and a case's own words are the name of its test.

import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  Commet,
  CommetAPIError,
  CommetConnectionError,
  CommetError,
  type CommetOptions,
  CommetTimeoutError,
  CommetValidationError,
  type ListPromise,
  Webhooks,
} from '../src/index.ts'
import {
  type CallCase,
  type ClientCase,
  type Exchange,
  type HeaderRule,
  type Json,
  type JsonObject,
  readVectors,
  type VectorCall,
  type VectorCase,
  type VectorClient,
  type VectorError,
  type VectorReply,
  type VectorRequest,
  type VectorResult,
  type Wait,
  type WebhookCase,
} from './vector-cases.ts'

const files = readVectors()

for (const { topic, cases } of files) {
  describe(topic, () => {
    for (const vector of cases) test(`${vector.id}: ${vector.purpose}`, () => run(vector))
  })
}

test('the vectors are many, have names of their own and say what they are for', () => {
  const cases = files.flatMap((file) => file.cases.map((vector) => ({ ...vector, topic: file.topic })))
  expect(cases.length).toBeGreaterThanOrEqual(400)
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length)
  for (const { id, purpose, topic } of cases) {
    expect(id.startsWith(`${topic}/`), id).toBe(true)
    expect(purpose.length, id).toBeGreaterThan(10)
  }
})

function run(vector: VectorCase): void | Promise<void> {
  switch (vector.kind) {
    case 'call':
      return runCall(vector)
    case 'client':
      return runClient(vector)
    case 'webhook':
      return runWebhook(vector)
  }
}

// ---------------------------------------------------------------------------------------------- calls

const defaultKey = 'ck_sandbox_0123456789abcdef'

async function runCall(vector: CallCase): Promise<void> {
  const { client = {}, call, exchanges, waits = [] } = vector
  stub.start(exchanges.map(({ reply }) => reply))
  const waited: number[] = []
  const timing = { random: Math.random, wait: async (delayMs: number) => void waited.push(delayMs / 1000) }
  const outcome = await settle(() => make(new Commet(optionsOf(client), timing), call))
  checkRequests(exchanges, stub.requests, client)
  checkWaits(waits, waited)
  if (vector.expect.error !== undefined) return checkError(vector.expect.error, outcome)
  if ('error' in outcome) throw outcome.error
  const { result, openFields = {}, exactIntegers = {} } = vector.expect
  checkResult(result as VectorResult, outcome.value)
  for (const [path, value] of Object.entries(openFields)) expect(at(outcome.value, path)).toEqual(value)
  for (const [path, digits] of Object.entries(exactIntegers))
    expect(at(outcome.value, path)).toBe(Number(digits))
}

function optionsOf({ apiKey, apiVersion, retries, timeoutMs, basePath = '', baseUrl }: VectorClient) {
  return {
    apiKey: apiKey === null ? undefined : (apiKey ?? defaultKey),
    baseUrl: baseUrl ?? `${stub.address()}${basePath}`,
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(retries === undefined ? {} : { retries }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  } satisfies CommetOptions
}

interface Seen {
  readonly data: unknown
  readonly statusCode?: number
  readonly requestId?: string | undefined
  readonly hasMore?: boolean
  readonly nextCursor?: string | undefined
}

/** The map from a vector's call to the method a user would write. */
async function make(commet: Commet, { operation, iterate, take, ...call }: VectorCall): Promise<Seen> {
  // biome-ignore lint/suspicious/noExplicitAny: vectors also hold arguments that the types would refuse.
  const given = call.arguments as any
  const { customers, apiKeys } = commet
  switch (operation) {
    case 'customers.create':
      return customers.create(given, call.options)
    case 'customers.createBatch':
      return customers.createBatch(given, call.options)
    case 'customers.get':
      return customers.get(given, call.options)
    case 'customers.update':
      return customers.update(given, call.options)
    case 'customers.delete':
      return customers.delete(given, call.options)
    case 'customers.list':
      return iterate ? rows(customers.list(given), take) : customers.list(given)
    case 'apiKeys.list':
      return iterate ? rows(apiKeys.list(given), take) : apiKeys.list(given)
    case 'apiKeys.create':
      return apiKeys.create(given, call.options)
    case 'apiKeys.delete':
      return apiKeys.delete(given, call.options)
    default:
      throw new Error(`No method for ${operation}`)
  }
}

async function rows<Row>(list: ListPromise<Row>, take = Number.POSITIVE_INFINITY): Promise<Seen> {
  const data: Row[] = []
  for await (const row of list) {
    data.push(row)
    if (data.length >= take) break
  }
  return { data }
}

type Outcome = { readonly value: Seen } | { readonly error: unknown }

async function settle(work: () => Promise<Seen>): Promise<Outcome> {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}

// ------------------------------------------------------------------------------------------- requests

const keysOfOtherCases = new Set<string>()

function checkRequests(
  exchanges: readonly Exchange[],
  seen: readonly SeenRequest[],
  client: VectorClient,
): void {
  expect(seen.map(({ method, target }) => `${method} ${target}`)).toHaveLength(exchanges.length)
  for (const [index, { request }] of exchanges.entries()) {
    const actual = seen[index] as SeenRequest
    if (request === undefined) expect(bytesOf(actual)).toEqual(bytesOf(seen[0] as SeenRequest))
    else checkRequest(request, actual)
    checkStandingRules(request?.headers ?? exchanges[0]?.request?.headers ?? {}, actual, client)
  }
  const keys = new Set(
    seen.flatMap(({ headers }) => headers['idempotency-key'] ?? []).filter((key) => /-retry-/.test(`${key}`)),
  )
  for (const key of keys) {
    expect(keysOfOtherCases, 'an automatic key of another case').not.toContain(key)
    keysOfOtherCases.add(`${key}`)
  }
}

function bytesOf({ method, target, headers, body }: SeenRequest) {
  const named = ['x-api-key', 'commet-version', 'content-type', 'idempotency-key'].map(
    (name) => headers[name],
  )
  return { method, target, body, named }
}

function checkRequest(request: VectorRequest, { method, target, headers, body }: SeenRequest): void {
  const [path = '', query] = target.split('?')
  expect(method).toBe(request.method)
  expect(path).toMatch(/^[\x21-\x7e]+$/)
  expect(segmentsOf(path)).toEqual(segmentsOf(request.path))
  const pairs = [...new URLSearchParams(query)]
  expect(Object.fromEntries(pairs)).toEqual(request.query ?? {})
  expect(pairs).toHaveLength(Object.keys(request.query ?? {}).length)
  if (request.body === undefined) expect(body).toBe('')
  else expect(JSON.parse(body)).toStrictEqual(request.body)
  for (const [name, rule] of Object.entries(request.headers ?? {})) checkHeader(name, rule, headers[name])
}

function segmentsOf(path: string): string[] {
  return path.split('/').map(decodeURIComponent)
}

function checkHeader(name: string, rule: HeaderRule, value: string | string[] | undefined): void {
  if (typeof rule === 'string') expect(value, name).toBe(rule)
  else if ('absent' in rule) expect(value, name).toBeUndefined()
  else expect(value, name).toMatch(new RegExp(rule.matches))
}

function checkStandingRules(
  listed: Readonly<Record<string, HeaderRule>>,
  { method, headers, body }: SeenRequest,
  client: VectorClient,
): void {
  const rules: Record<string, HeaderRule> = {
    'x-api-key': client.apiKey ?? defaultKey,
    accept: 'application/json',
    'commet-version': client.apiVersion ?? '2026-07-11',
    'user-agent': { matches: '^commet-node/[0-9]+\\.[0-9]+\\.[0-9]+' },
    'commet-client-telemetry': { absent: true },
    ...(body === '' ? {} : { 'content-type': { matches: '^application/json(;|$)' } }),
    ...(method === 'GET' ? { 'idempotency-key': { absent: true } as const } : {}),
  }
  for (const [name, rule] of Object.entries({ ...rules, ...listed })) checkHeader(name, rule, headers[name])
}

function checkWaits(expected: readonly Wait[], waited: readonly number[]): void {
  expect(waited).toHaveLength(expected.length)
  for (const [index, wait] of expected.entries()) {
    if (typeof wait === 'number') expect(waited[index]).toBe(wait)
    else {
      expect(waited[index]).toBeGreaterThanOrEqual(wait.min)
      expect(waited[index]).toBeLessThanOrEqual(wait.max)
    }
  }
}

// ------------------------------------------------------------------------------------ results, errors

function checkResult(expected: VectorResult, actual: Seen): void {
  expectListed(expected.data, actual.data, 'data')
  if (expected.hasMore !== undefined) expect(actual.hasMore).toBe(expected.hasMore)
  if (expected.nextCursor !== undefined) expect(actual.nextCursor ?? null).toBe(expected.nextCursor)
  if (expected.status !== undefined) expect(actual.statusCode).toBe(expected.status)
  if (expected.requestId !== undefined) expect(actual.requestId ?? null).toBe(expected.requestId)
}

/** Objects by the fields listed, exactly below metadata; lists in length and order. */
function expectListed(expected: Json, actual: unknown, where: string): void {
  if (Array.isArray(expected)) {
    expect(actual, where).toHaveLength(expected.length)
    for (const [index, item] of expected.entries())
      expectListed(item, (actual as unknown[])[index], `${where}.${index}`)
  } else if (isObject(expected)) {
    expect(actual, where).toBeTypeOf('object')
    for (const [name, value] of Object.entries(expected)) {
      const found = (actual as Record<string, unknown>)[name]
      if (name === 'metadata' && value !== null) expect(found, `${where}.${name}`).toStrictEqual(value)
      else expectListed(value, found, `${where}.${name}`)
    }
  } else expect(actual ?? null, where).toBe(expected)
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], value)
}

function checkError(expected: VectorError, outcome: Outcome): void {
  if (!('error' in outcome)) throw new Error(`Expected an error, got ${JSON.stringify(outcome.value)}`)
  const { error } = outcome
  if (!(error instanceof CommetError)) throw error
  const actual = error as Partial<CommetValidationError> & CommetError
  const seen: Record<string, unknown> = {
    kind: kindOf(error),
    status: actual.statusCode,
    code: actual.code,
    type: actual.type,
    param: actual.param,
    message: actual.message,
    requestId: actual.requestId,
    docUrl: actual.docUrl,
    retryAfter: actual.retryAfterSeconds,
    details: actual.details,
    validationErrors: actual.validationErrors,
  }
  const { messageMatches, ...fields } = expected
  const found = Object.fromEntries(Object.keys(fields).map((name) => [name, seen[name] ?? null]))
  expect(found).toEqual(fields)
  if (messageMatches !== undefined) expect(actual.message).toMatch(new RegExp(messageMatches))
}

function kindOf(error: CommetError): VectorError['kind'] | 'none' {
  if (error instanceof CommetValidationError) return 'validation'
  if (error instanceof CommetAPIError) return 'api'
  if (error instanceof CommetTimeoutError) return 'timeout'
  if (error instanceof CommetConnectionError) return 'connection'
  return error.code === 'INVALID_ARGUMENT' ? 'local' : 'none'
}

async function runClient({ client, expect: { error } }: ClientCase): Promise<void> {
  checkError(
    error,
    await settle(async () => {
      new Commet(optionsOf(client))
      return { data: 'a client' }
    }),
  )
}

// ------------------------------------------------------------------------------------------- webhooks

function runWebhook({ webhook, expect: { valid, event } }: WebhookCase): void {
  const webhooks = new Webhooks()
  const { scheme, payload, secret, signature, headers = {}, now, toleranceSeconds } = webhook
  for (const body of [payload, new TextEncoder().encode(payload)]) {
    if (scheme === 'hex') {
      expect(webhooks.verify({ payload: body, signature, secret })).toBe(valid)
      expect(webhooks.verifyAndParse({ rawBody: body, signature, secret })).toEqual(event)
    } else {
      const delivery = { payload: body, headers, secret, now, toleranceSeconds }
      expect(webhooks.verifyStandard(delivery)).toBe(valid)
      expect(webhooks.verifyAndParseStandard(delivery)).toEqual(event)
      expect(webhooks.verifyStandard({ ...delivery, headers: new Headers(headers) })).toBe(valid)
    }
  }
}

// ----------------------------------------------------------------------------------------------- stub

interface SeenRequest {
  readonly method: string
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const firstBytes = '{"success":true,"data":{"id":"cus_'

class VectorStub {
  requests: SeenRequest[] = []
  #replies: VectorReply[] = []
  readonly #server: Server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const { method = '', url: target = '', headers } = incoming
    this.requests.push({ method, target, headers, body: Buffer.concat(chunks).toString('utf8') })
    answer(response, this.#replies.shift() ?? { status: 599, text: 'No reply is left' })
  })

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  start(replies: readonly VectorReply[]): void {
    this.requests = []
    this.#replies = [...replies]
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }
}

function answer(
  response: ServerResponse,
  { status = 200, headers = {}, body, text, fault }: VectorReply,
): void {
  response.setHeader('connection', 'close')
  switch (fault) {
    case 'silence':
      return
    case 'reset':
      response.destroy()
      return
    case 'cut':
    case 'stall':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write(firstBytes)
      if (fault === 'cut') setImmediate(() => response.destroy())
      return
    case undefined: {
      const json = body === undefined ? {} : { 'content-type': 'application/json' }
      response.writeHead(status, { ...json, ...headers })
      response.end(text ?? JSON.stringify(body))
    }
  }
}

const stub = new VectorStub()
beforeAll(() => stub.listen())
afterAll(() => stub.close())
