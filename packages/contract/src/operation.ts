import type { z } from 'zod'
import type { ErrorCode } from './errors.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What a key or a role may do. Operations name one; API keys carry all that are not about people. */
export type Scope =
  | 'customers:read'
  | 'customers:write'
  | 'api_keys:read'
  | 'api_keys:write'
  | 'session:read'
  | 'members:read'
  | 'members:write'
  | 'activity:read'
  | 'requests:read'
  | 'environment:read'
  | 'environment:write'
  | 'organization:read'
  | 'organization:write'

/**
 * One operation of the wire, as data. Routes, validation, OpenAPI, the reference pages and the tests of the whole
 * contract read it; nothing about an operation's shape is written anywhere else.
 *
 * `data` is the schema of the thing answered in the newest version: the resource itself, or one row of a list.
 */
export type Operation = {
  readonly id: string
  readonly method: Method
  /** Other methods that mean the same (PUT beside PATCH). */
  readonly aliases?: readonly Method[]
  /** Relative to the base path, with `{name}` parameters. */
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly scope: Scope
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodObject
  /** The body is a file of this type instead of JSON. */
  readonly upload?: 'csv'
  readonly data: z.ZodType
  readonly list?: true
  /** The answer is a file of this type, sent while it is read; `data` is one row of it. */
  readonly download?: 'csv'
  /** For people who are signed in, never for a key: absent from the OpenAPI documents and the client libraries. */
  readonly internal?: true
  /** The answer holds a secret that is shown once: where it is kept for a replay, it is kept encrypted. */
  readonly secretAnswer?: true
  /** Statuses of success and what each says. */
  readonly answers: Readonly<Partial<Record<200 | 201, string>>>
  /** Errors beyond those that any operation can answer with. */
  readonly errors: readonly ErrorCode[]
  readonly exampleParams?: Readonly<Record<string, string>>
  readonly exampleQuery?: Readonly<Record<string, string>>
  readonly exampleUpload?: string
  readonly exampleBody?: Readonly<Record<string, unknown>>
}

/** Errors that every operation may answer with. */
export const commonErrors = [
  'validation_error',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'internal_error',
] as const satisfies readonly ErrorCode[]

/** Errors that every write may answer with beside the common ones. */
export const writeErrors = [
  'invalid_json',
  'idempotency_in_progress',
  'idempotency_key_mismatch',
] as const satisfies readonly ErrorCode[]

/** What everybody may see of the contract: all of it but what only the dashboard calls. */
export function isPublic(operation: Operation): boolean {
  return operation.internal !== true
}

/** Writes take an Idempotency-Key; reads do not. */
export function isWrite(operation: Operation): boolean {
  return operation.method !== 'GET'
}
