// Owns what an HTTP answer means: data, a page, or an error, in every envelope the API has had.
// Does not send and does not retry.
// Always: the error class is told by `code` and `details`, never by the status alone.

import { type APIErrorFields, CommetAPIError, CommetValidationError } from './errors.ts'

/** What one call resolves to. */
export interface ApiResponse<T> {
  /** Always true: a refusal is thrown, never returned. */
  readonly success: true
  readonly data: T
  /** HTTP status; 201 where something was created, 200 where it was there already. */
  readonly statusCode: number
  /** The `x-request-id` of the answer. */
  readonly requestId: string | undefined
}

/** An answer as it came off the wire, read to its end. */
export interface WireAnswer {
  readonly status: number
  readonly text: string
  readonly requestId: string | undefined
  readonly retryAfter: string | undefined
  readonly location: string | undefined
}

/** A successful answer, still in its envelope. */
export interface Success {
  readonly body: unknown
  readonly statusCode: number
  readonly requestId: string | undefined
}

type JsonObject = Readonly<Record<string, unknown>>

/** The parsed body of a success; a CommetAPIError, thrown, for everything else. */
export function readSuccess(answer: WireAnswer): Success {
  if (isRedirect(answer)) throw redirectError(answer)
  const body = parseBody(answer)
  if (answer.status < 200 || answer.status > 299 || isRefusal(body)) throw apiError(answer, body)
  return { body, statusCode: answer.status, requestId: answer.requestId }
}

/** Takes the resource out of `{ success, data }`; later versions send it bare. */
export function unwrap<T>(success: Success): ApiResponse<T> {
  const { body, statusCode, requestId } = success
  const data = isObject(body) && body.success === true && 'data' in body ? body.data : body
  // The contract says what an operation answers; this is where its word is taken.
  return { success: true, data: data as T, statusCode, requestId }
}

/** One page out of `{ success, data, hasMore }` or `{ object: 'list', data, hasMore }`. */
export function unwrapPage<T>(success: Success): {
  data: T[]
  hasMore: boolean
  nextCursor: string | undefined
} {
  const { body, statusCode, requestId } = success
  if (!isObject(body) || !Array.isArray(body.data)) {
    const message = 'The answer is not a list'
    throw new CommetAPIError({
      message,
      code: 'UNEXPECTED_RESPONSE',
      type: 'api_error',
      statusCode,
      requestId,
    })
  }
  const nextCursor = textOf(body.nextCursor)
  return { data: body.data, hasMore: body.hasMore === true, nextCursor }
}

function parseBody(answer: WireAnswer): unknown {
  if (answer.text.trim() === '') {
    throw unreadable(answer, 'EMPTY_RESPONSE', `The server answered ${answer.status} with an empty body`)
  }
  try {
    return JSON.parse(answer.text)
  } catch {
    throw unreadable(
      answer,
      'INVALID_JSON',
      `The server answered ${answer.status} with a body that is not JSON`,
    )
  }
}

function unreadable(answer: WireAnswer, code: string, message: string): CommetAPIError {
  return new CommetAPIError({ ...contextOf(answer), code, message, type: 'api_error' })
}

/** `redirect: 'manual'` shows a browser status 0. Following would hand the API key to another address. */
function isRedirect({ status }: WireAnswer): boolean {
  return status === 0 || (status >= 300 && status <= 399)
}

function redirectError(answer: WireAnswer): CommetAPIError {
  const target = answer.location === undefined ? '' : ` to ${answer.location}`
  const message = `The server redirects${target}; set baseUrl to the final address`
  return unreadable(answer, 'UNEXPECTED_REDIRECT', message)
}

function isRefusal(body: unknown): boolean {
  return isObject(body) && body.success === false && isObject(body.error)
}

function apiError(answer: WireAnswer, body: unknown): CommetAPIError {
  const reported = reportedError(body)
  const fields: APIErrorFields = {
    ...contextOf(answer),
    code: textOf(reported.code) ?? 'unknown',
    type: textOf(reported.type) ?? 'api_error',
    message: textOf(reported.message) ?? `Request failed with status ${answer.status}`,
    param: textOf(reported.param),
    docUrl: textOf(reported.doc_url),
    details: reported.details,
  }
  return fields.code === 'validation_error' && Array.isArray(fields.details)
    ? new CommetValidationError(fields, foldByField(fields.details))
    : new CommetAPIError(fields)
}

/** Nested since 2026-05-25; flat before; `{ message, errors: { field: [] } }` at first. */
function reportedError(body: unknown): JsonObject {
  if (!isObject(body)) return {}
  if (isObject(body.error)) return body.error
  if (isObject(body.errors) && body.code === undefined) {
    return { ...body, code: 'validation_error', type: 'validation_error', details: entriesOf(body.errors) }
  }
  return { ...body, message: body.message ?? body.error }
}

function entriesOf(errors: JsonObject): { field: string; message: string }[] {
  return Object.entries(errors).flatMap(([field, messages]) =>
    (Array.isArray(messages) ? messages : [messages]).map((message) => ({ field, message: String(message) })),
  )
}

function foldByField(details: readonly unknown[]): Record<string, string[]> {
  const byField = new Map<string, string[]>()
  for (const detail of details.filter(isObject)) {
    const field = textOf(detail.field) ?? ''
    byField.set(field, [...(byField.get(field) ?? []), textOf(detail.message) ?? 'is invalid'])
  }
  return Object.fromEntries(byField)
}

function contextOf({ status, requestId, retryAfter }: WireAnswer) {
  return { statusCode: status, requestId, retryAfterSeconds: secondsOf(retryAfter) }
}

/** Plain decimals only: `Number` would also read `1e1` and `0x10`, which no other language of ours does. */
function secondsOf(header: string | undefined): number | undefined {
  const text = header?.trim() ?? ''
  const seconds = /^[0-9]{1,15}(\.[0-9]*)?$/.test(text) ? Number(text) : 0
  return seconds > 0 ? seconds : undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
