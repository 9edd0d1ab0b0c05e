// Owns the form of the shared vectors (spec/vectors/README.md) and how they are read.
// Does not run anything: vectors.test.ts walks them against the stub, the server's test against a server.
// Always: a key that is not in the form is an error, for a key nobody reads is a check nobody makes.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

export interface VectorClient {
  readonly apiKey?: string | null
  readonly apiVersion?: string
  readonly retries?: number
  readonly timeoutMs?: number
  readonly basePath?: string
  readonly baseUrl?: string
}

export interface VectorCall {
  readonly operation: string
  readonly arguments: JsonObject
  readonly options?: { readonly idempotencyKey?: string }
  readonly iterate?: true
  readonly take?: number
}

export type HeaderRule = string | { readonly matches: string } | { readonly absent: true }

export interface VectorRequest {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, HeaderRule>>
  readonly body?: Json
}

export interface VectorReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Json
  readonly text?: string
  readonly fault?: 'reset' | 'silence' | 'cut' | 'stall'
}

export interface Exchange {
  readonly request?: VectorRequest
  readonly again?: true
  readonly reply: VectorReply
}

export interface VectorResult {
  readonly data: Json
  readonly hasMore?: boolean
  readonly nextCursor?: string | null
  readonly status?: number
  readonly requestId?: string | null
}

export interface VectorError {
  readonly kind: 'validation' | 'api' | 'connection' | 'timeout' | 'local'
  readonly status?: number
  readonly code?: string
  readonly type?: string
  readonly param?: string | null
  readonly message?: string
  readonly messageMatches?: string
  readonly requestId?: string | null
  readonly docUrl?: string | null
  readonly retryAfter?: number | null
  readonly details?: Json
  readonly validationErrors?: Readonly<Record<string, readonly string[]>>
}

export interface CallExpectation {
  readonly result?: VectorResult
  readonly error?: VectorError
  readonly openFields?: JsonObject
  readonly exactIntegers?: Readonly<Record<string, string>>
}

export type Wait = number | { readonly min: number; readonly max: number }

export interface GivenCall extends VectorCall {
  readonly save?: Readonly<Record<string, string>>
}

interface Named {
  readonly id: string
  readonly purpose: string
}

export interface CallCase extends Named {
  readonly kind: 'call'
  readonly client?: VectorClient
  readonly call: VectorCall
  readonly exchanges: readonly Exchange[]
  readonly waits?: readonly Wait[]
  readonly expect: CallExpectation
  readonly server?: { readonly given?: readonly GivenCall[] }
}

export interface ClientCase extends Named {
  readonly kind: 'client'
  readonly client: VectorClient
  readonly expect: { readonly error: VectorError }
}

export interface WebhookCase extends Named {
  readonly kind: 'webhook'
  readonly webhook: {
    readonly scheme: 'hex' | 'standard'
    readonly secret: string
    readonly payload: string
    readonly signature?: string | null
    readonly headers?: Readonly<Record<string, string>>
    readonly now?: number
    readonly toleranceSeconds?: number
  }
  readonly expect: { readonly valid: boolean; readonly event: Json }
}

export type VectorCase = CallCase | ClientCase | WebhookCase

export interface VectorFile {
  readonly topic: string
  readonly about: string
  readonly cases: readonly VectorCase[]
}

const folder = path.resolve(import.meta.dirname, '../../../spec/vectors')

/** Every file, each case checked for keys this runner does not know. */
export function readVectors(): readonly VectorFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const files = names.map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as VectorFile)
  for (const file of files) {
    assertKnown(file, ['topic', 'about', 'cases'], file.topic)
    for (const vector of file.cases) assertForm(vector)
  }
  return files
}

const argumentsOf: Readonly<Record<string, readonly string[]>> = {
  'customers.create': [
    ...['email', 'id', 'externalId', 'fullName'],
    ...['taxDocument', 'timezone', 'address', 'metadata'],
  ],
  'customers.createBatch': ['customers'],
  'customers.get': ['id'],
  'customers.delete': ['id'],
  'customers.update': [
    ...['id', 'email', 'fullName', 'taxDocument'],
    ...['externalId', 'timezone', 'address', 'metadata'],
  ],
  'customers.list': [
    ...['limit', 'cursor', 'order', 'externalId', 'email'],
    ...['search', 'createdAfter', 'createdBefore', 'metadata'],
  ],
  'apiKeys.list': ['limit', 'cursor'],
  'apiKeys.create': ['name', 'expiresInDays'],
  'apiKeys.delete': ['id'],
}

const formOf = {
  call: ['id', 'purpose', 'kind', 'client', 'call', 'exchanges', 'waits', 'expect', 'server'],
  client: ['id', 'purpose', 'kind', 'client', 'expect'],
  webhook: ['id', 'purpose', 'kind', 'webhook', 'expect'],
} as const

const errorForm = [
  ...['kind', 'status', 'code', 'type', 'param', 'message', 'messageMatches'],
  ...['requestId', 'docUrl', 'retryAfter', 'details', 'validationErrors'],
]

function assertForm(vector: VectorCase): void {
  const { id } = vector
  assertKnown(vector, formOf[vector.kind] ?? [], id)
  if (vector.kind === 'webhook') {
    assertKnown(
      vector.webhook,
      ['scheme', 'secret', 'payload', 'signature', 'headers', 'now', 'toleranceSeconds'],
      id,
    )
    assertKnown(vector.expect, ['valid', 'event'], id)
    return
  }
  assertKnown(
    vector.client ?? {},
    ['apiKey', 'apiVersion', 'retries', 'timeoutMs', 'basePath', 'baseUrl'],
    id,
  )
  assertKnown(vector.expect, ['result', 'error', 'openFields', 'exactIntegers'], id)
  if (vector.expect.error !== undefined) assertKnown(vector.expect.error, errorForm, id)
  if (vector.kind === 'client') return
  if ((vector.expect.result === undefined) === (vector.expect.error === undefined)) {
    throw new Error(`${id}: expect holds either result or error`)
  }
  assertCallForm(vector)
}

function assertCallForm({ id, call, exchanges, expect, server }: CallCase): void {
  assertKnown(expect.result ?? {}, ['data', 'hasMore', 'nextCursor', 'status', 'requestId'], id)
  for (const { operation, ...given } of [call, ...(server?.given ?? [])]) {
    assertKnown(given, ['arguments', 'options', 'iterate', 'take', 'save'], id)
    assertKnown(given.options ?? {}, ['idempotencyKey'], id)
    assertKnown(given.arguments, argumentsOf[operation] ?? [], `${id} ${operation}`)
  }
  for (const { request, again, reply, ...more } of exchanges) {
    assertKnown(more, [], id)
    if ((request === undefined) === (again === undefined))
      throw new Error(`${id}: an exchange has request or again`)
    assertKnown(request ?? {}, ['method', 'path', 'query', 'headers', 'body'], id)
    assertKnown(reply, ['status', 'headers', 'body', 'text', 'fault'], id)
  }
}

function assertKnown(value: object, known: readonly string[], where: string): void {
  const unknown = Object.keys(value).filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new Error(`${where}: unknown ${unknown.join(', ')}`)
}
