// Owns the options of the client: their defaults, their checks, what they mean on the wire.
// Does not send anything.
// Always: a config that exists is usable; every mistake in the options is refused at construction.

import { API_VERSION, SDK_VERSION } from '../version.ts'
import { invalidArgument } from './errors.ts'

/** What the client passes to `fetch`. */
export interface FetchInit {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
  readonly signal: AbortSignal
  readonly redirect: 'manual'
  readonly credentials: 'omit' | 'same-origin'
}

/** What the client reads of a `fetch` answer. */
export interface FetchAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

/** The part of `fetch` the client needs; the global one fits, and so does any wrapper of it. */
export type FetchFunction = (url: string, init: FetchInit) => Promise<FetchAnswer>

interface SharedOptions {
  /** Where the server is. Default: `COMMET_BASE_URL`, else `http://localhost:3000`. A path in it is kept. */
  readonly baseUrl?: string | undefined
  /** API version of every call, `YYYY-MM-DD`. Default: `API_VERSION`. */
  readonly apiVersion?: string | undefined
  /** Milliseconds one attempt may take, reading the answer included. Default: 30000. */
  readonly timeout?: number | undefined
  /** Attempts after the first one. Default: 3. */
  readonly retries?: number | undefined
  /** Replaces the global `fetch`, for proxies, tracing and tests. */
  readonly fetch?: FetchFunction | undefined
}

/** A server-side client: calls carry an API key. */
export interface KeyOptions extends SharedOptions {
  /** `ck_sandbox_…` or `ck_live_…`. Keep it on servers: whoever holds it can do everything it can. */
  readonly apiKey: string | undefined
  readonly auth?: undefined
  readonly environment?: undefined
}

/** A client in a browser page the server itself serves: calls carry the session cookie. */
export interface SessionOptions extends SharedOptions {
  readonly auth: { readonly session: true }
  /** Which of the organization's environments the calls address. */
  readonly environment: 'sandbox' | 'live'
  readonly apiKey?: undefined
}

/** Options of `new Commet(…)`: an API key, or a browser session. */
export type CommetOptions = KeyOptions | SessionOptions

/** Options of one call; each overrides the client's. */
export interface RequestOptions {
  /** API version of this call, `YYYY-MM-DD`. */
  readonly apiVersion?: string | undefined
  /** 1 to 255 printable characters; writes only. Without one, a retried write gets one of its own. */
  readonly idempotencyKey?: string | undefined
  /** Milliseconds one attempt may take. */
  readonly timeout?: number | undefined
  /** Attempts after the first one. */
  readonly retries?: number | undefined
  /** Ends the call, also between two attempts; it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
}

export interface Config {
  readonly apiUrl: string
  readonly apiVersion: string
  readonly timeoutMs: number
  readonly retries: number
  readonly fetch: FetchFunction
  readonly headers: Readonly<Record<string, string>>
  readonly credentials: 'omit' | 'same-origin'
  /** Takes the API key out of a text, should a server or a proxy ever echo it. */
  readonly redact: (text: string) => string
}

const DEFAULT_BASE_URL = 'http://localhost:3000'
const DEFAULT_TIMEOUT_MS = 30_000
const DEFAULT_RETRIES = 3
const LONGEST_TIMER_MS = 2_147_483_647

export function resolveConfig(options: CommetOptions): Config {
  const access =
    options.auth?.session === true ? sessionAccess(options.environment) : keyAccess(options.apiKey)
  return {
    ...access,
    apiUrl: `${resolveBaseUrl(options)}/api/v1`,
    apiVersion: checkedHeader('apiVersion', options.apiVersion ?? API_VERSION),
    timeoutMs: checkedTimeout(options.timeout ?? DEFAULT_TIMEOUT_MS),
    retries: checkedRetries(options.retries ?? DEFAULT_RETRIES),
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    headers: { ...access.headers, ...agentHeader() },
  }
}

export function checkedTimeout(timeoutMs: number): number {
  if (timeoutMs > 0 && timeoutMs <= LONGEST_TIMER_MS) return timeoutMs
  throw invalidArgument(`timeout is in milliseconds, above 0 and up to ${LONGEST_TIMER_MS}; got ${timeoutMs}`)
}

export function checkedRetries(retries: number): number {
  if (Number.isInteger(retries) && retries >= 0) return retries
  throw invalidArgument(`retries is a whole number, 0 or more; got ${retries}`)
}

/** A header value `fetch` would refuse must not be mistaken for a network failure, and so retried. */
export function checkedHeader(option: string, value: string): string {
  if (typeof value === 'string' && /^[\x20-\x7e]{1,255}$/.test(value)) return value
  throw invalidArgument(`${option} is 1 to 255 printable ASCII characters`)
}

type Access = Pick<Config, 'headers' | 'credentials' | 'redact'>

function keyAccess(given: string | undefined): Access {
  const apiKey = typeof given === 'string' ? given.trim() : given
  if (apiKey === undefined || apiKey === null || apiKey === '') throw invalidArgument('API key is required')
  if (typeof apiKey !== 'string' || !/^ck_[\x21-\x7e]+$/.test(apiKey)) {
    throw invalidArgument('Invalid API key format. Expected format: ck_xxx...')
  }
  return {
    headers: { 'x-api-key': apiKey },
    credentials: 'omit',
    redact: (text) => text.replaceAll(apiKey, 'ck_[redacted]'),
  }
}

function sessionAccess(environment: string | undefined): Access {
  if (environment !== 'sandbox' && environment !== 'live') {
    throw invalidArgument("environment is 'sandbox' or 'live' when auth is a session")
  }
  return {
    headers: { 'commet-environment': environment },
    credentials: 'same-origin',
    redact: (text) => text,
  }
}

function resolveBaseUrl(options: CommetOptions): string {
  const given = options.baseUrl ?? baseUrlFromEnvironment() ?? pageOrigin(options) ?? DEFAULT_BASE_URL
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw invalidArgument(`baseUrl is an http or https address such as ${DEFAULT_BASE_URL}`)
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalidArgument('baseUrl carries no user, password, query or fragment')
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function baseUrlFromEnvironment(): string | undefined {
  const value = typeof process === 'undefined' ? undefined : process.env?.COMMET_BASE_URL
  return value === '' ? undefined : value
}

function pageOrigin(options: CommetOptions): string | undefined {
  if (options.auth?.session !== true) return undefined
  const page = globalThis as { readonly location?: { readonly origin?: string } }
  return page.location?.origin
}

/** Browsers name themselves; setting the header there would only cost a preflight request. */
function agentHeader(): Record<string, string> {
  const versions = typeof process === 'undefined' ? undefined : process.versions
  const runtime = ['bun', 'deno', 'node'].find((name) => versions?.[name] !== undefined)
  if (versions === undefined || runtime === undefined) return {}
  const agent = `commet-node/${SDK_VERSION} ${runtime}/${versions[runtime]} ${process.platform}/${process.arch}`
  return { 'user-agent': agent }
}
