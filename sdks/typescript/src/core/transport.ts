// Owns sending: one call, its attempts, its time limits.
// Does not know any resource and does not interpret bodies (answer.ts does).
// Always: every attempt of a call carries the same bytes and the same idempotency key.

import { readSuccess, type Success, type WireAnswer } from './answer.ts'
import { type Config, checkedHeader, checkedRetries, checkedTimeout, type RequestOptions } from './config.ts'
import { CommetConnectionError, CommetError, CommetTimeoutError, invalidArgument } from './errors.ts'
import { encodeQuery, type Query } from './query.ts'
import { retryDelayMs, type Timing } from './retry.ts'

/** One call of the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /**
   * Below `/api/v1`, each identifier percent-encoded, without a query: `/customers/user%2F1`. A function is called when
   * the call is made, so that what it throws is a rejection.
   */
  readonly path: string | (() => string)
  readonly query?: Query | undefined
  /** Sent as JSON, keys untouched. */
  readonly body?: unknown
  readonly options?: RequestOptions | undefined
}

interface Call {
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly body: string | undefined
  readonly timeoutMs: number
  readonly retries: number
  readonly signal: AbortSignal | undefined
}

export async function send(config: Config, timing: Timing, request: ApiRequest): Promise<Success> {
  const call = prepare(config, request)
  for (let attempt = 0; ; attempt += 1) {
    call.signal?.throwIfAborted()
    const outcome = await attemptOnce(config, call)
    if (!(outcome instanceof CommetError)) return outcome
    const delayMs = attempt < call.retries ? retryDelayMs(outcome, attempt, timing.random()) : undefined
    if (delayMs === undefined) throw outcome
    await timing.wait(delayMs, call.signal)
  }
}

function prepare(config: Config, request: ApiRequest): Call {
  const { method, query, body, options = {} } = request
  const path = typeof request.path === 'function' ? request.path() : request.path
  if (!/^\/[^?#]*$/.test(path)) throw invalidArgument('a path starts with / and carries no query or fragment')
  const retries = checkedRetries(options.retries ?? config.retries)
  return {
    url: `${config.apiUrl}${path}${encodeQuery(query)}`,
    method,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...config.headers,
      'commet-version': checkedHeader('apiVersion', options.apiVersion ?? config.apiVersion),
      ...idempotencyHeader(method, retries, options.idempotencyKey),
    },
    body: body === undefined ? undefined : serialize(body),
    timeoutMs: checkedTimeout(options.timeout ?? config.timeoutMs),
    retries,
    signal: options.signal,
  }
}

function idempotencyHeader(
  method: string,
  retries: number,
  given: string | undefined,
): { 'idempotency-key'?: string } {
  if (method === 'GET') return {}
  if (given !== undefined) return { 'idempotency-key': checkedHeader('idempotencyKey', given) }
  return retries > 0 ? { 'idempotency-key': `commet-node-retry-${randomUuid()}` } : {}
}

/** crypto.randomUUID is missing on pages served without https, which a self-hosted server may do. */
function randomUuid(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16))
  const hex = Array.from(bytes, (byte, index) => {
    if (index === 6) return (0x40 | (byte & 0x0f)).toString(16)
    if (index === 8) return (0x80 | (byte & 0x3f)).toString(16)
    return byte.toString(16).padStart(2, '0')
  }).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function serialize(body: unknown): string {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    throw new CommetError('Commet SDK: the parameters cannot be written as JSON', {
      code: 'INVALID_ARGUMENT',
      cause,
    })
  }
}

/** A success, or the error this attempt ended with; rejects only when the caller aborts. */
async function attemptOnce(config: Config, call: Call): Promise<Success | CommetError> {
  try {
    return readSuccess(await exchange(config, call))
  } catch (error) {
    if (error instanceof CommetError) return error
    call.signal?.throwIfAborted()
    const reason = error instanceof Error ? deepestMessage(error) : String(error)
    return new CommetConnectionError(config.redact(`No answer from the Commet server: ${reason}`), {
      cause: error,
    })
  }
}

/** `fetch failed` says nothing; what it wraps (ECONNREFUSED, a bad certificate) does. */
function deepestMessage(error: Error): string {
  if (error.cause instanceof Error) return deepestMessage(error.cause)
  const code = 'code' in error ? String(error.code) : ''
  return error.message || code || error.name
}

async function exchange(config: Config, call: Call): Promise<WireAnswer> {
  const controller = new AbortController()
  const stop = () => controller.abort(call.signal?.reason)
  const expire = () =>
    controller.abort(new CommetTimeoutError(`No answer from the Commet server within ${call.timeoutMs} ms`))
  const timer = setTimeout(expire, call.timeoutMs)
  call.signal?.addEventListener('abort', stop, { once: true })
  try {
    // Raced, for a custom fetch may not honour the signal.
    return await Promise.race([fetchText(config, call, controller.signal), rejectOnAbort(controller.signal)])
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    clearTimeout(timer)
    call.signal?.removeEventListener('abort', stop)
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  )
}

async function fetchText(config: Config, call: Call, signal: AbortSignal): Promise<WireAnswer> {
  const answer = await config.fetch(call.url, {
    method: call.method,
    headers: { ...call.headers },
    ...(call.body === undefined ? {} : { body: call.body }),
    signal,
    redirect: 'manual',
    credentials: config.credentials,
  })
  const text = await answer.text()
  const header = (name: string) => answer.headers.get(name) ?? undefined
  return {
    status: answer.status,
    text: answer.status >= 400 ? config.redact(text) : text,
    requestId: header('x-request-id'),
    retryAfter: header('retry-after'),
    location: header('location'),
  }
}
