import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type FieldError, isWrite, type OperationShape, type VersionFold } from '@commet/contract'
import type { z } from 'zod'
import type { Caller } from '../kernel/caller.ts'
import {
  type CommandContext,
  command,
  idempotentCommand,
  type Kernel,
  type QueryContext,
  query,
} from '../kernel/command.ts'
import { type Download, downloadContext } from '../kernel/download.ts'
import { fieldErrors } from '../kernel/field-errors.ts'
import { type Answer, fingerprintOf, type Idempotency } from '../kernel/idempotency.ts'
import type { Page } from '../kernel/paging.ts'
import { type Refusal, refuseFields } from '../kernel/refusal.ts'
import type { Authenticator } from './auth.ts'
import { readBody, readUpload } from './body.ts'
import { begun, csvHeaders, csvParts } from './csv-file.ts'
import { errorAnswer } from './errors.ts'
import { assertMay } from './permissions.ts'
import type { RateLimit } from './rate-limit.ts'
import { isLogged, loggedPath } from './request-log.ts'
import { type Identity, isSessionRequest, type Sessions } from './sessions.ts'
import { pathParameters, queryParameters, targetOf, withNumbers } from './url.ts'
import { foldForErrors, resolveVersion } from './version.ts'

/**
 * Serves one operation of the contract: caller, version, input, work, answer. Everything an operation needs is read from
 * its declaration; no route has code of its own.
 */

export type Services = {
  readonly kernel: Kernel
  readonly authenticator: Authenticator
  readonly sessions: Sessions
  readonly rateLimit: RateLimit
  readonly publicUrl: string
}

export type Reply = Answer & { readonly headers: Readonly<Record<string, string>> }

/** A file whose first part is read: from here on, what goes wrong can only break it off. */
export type FileReply = {
  readonly parts: AsyncIterable<string>
  readonly headers: Readonly<Record<string, string>>
}

/** What the request log may say about a request. */
export type Trace = {
  requestId: string
  environmentId?: string
  apiKeyId?: string
  userId?: string
  version?: string
  /** Where the request goes into the log that people read, what that says beyond the above. */
  logged?: LoggedTrace
}

export type LoggedTrace = {
  readonly path: string
  readonly receivedAt: Date
  errorCode?: string
  replayed?: true
}

// biome-ignore lint/suspicious/noExplicitAny: handlers.ts types every handler by its operation; here they meet as one.
export type AnyHandler = (ctx: any, input: any) => Promise<unknown>

type Served = {
  readonly operation: OperationShape
  readonly version: VersionFold
  readonly caller: Caller
  readonly input: object
  readonly handler: AnyHandler
}

export async function serve(
  services: Services,
  operation: OperationShape,
  handler: AnyHandler,
  request: IncomingMessage,
  trace: Trace,
): Promise<Reply | FileReply> {
  const identity = await identify(services, request, trace)
  const wanted = header(request, 'commet-version')
  trace.version = foldForErrors(wanted, identity.apiVersion ?? undefined).date
  if (isLogged(operation, identity.actor)) {
    trace.logged = { path: loggedPath(request, operation), receivedAt: new Date() }
  }
  services.rateLimit.take(identity.actor.id)
  assertMay(identity.actor, operation)
  const version = resolveVersion(wanted, identity.apiVersion)
  const caller = { environment: identity.environment, actor: identity.actor, requestId: trace.requestId }
  const raw = await readRequest(operation, request)
  const lifted = version.up(operation.id, raw)
  const { params, file } = raw
  const input = { ...parseInput(operation, { ...lifted, params }), file }
  const served = { operation, version, caller, input, handler }
  const headers = { 'commet-version': version.date }
  if (operation.download !== undefined) return answerDownload(services, served, headers)
  if (!isWrite(operation)) return { ...(await answerQuery(services, served)), headers }
  return answerCommand(services, served, idempotencyOf(operation, request, version, contentOf(raw)), headers)
}

/** A key where one is sent, else a session where the request says that it comes from one. */
async function identify(services: Services, request: IncomingMessage, trace: Trace): Promise<Identity> {
  const secret = header(request, 'x-api-key')
  if (secret === undefined && isSessionRequest(request)) {
    const identity = await services.sessions.identify(request)
    trace.environmentId = identity.environment.id
    trace.userId = identity.actor.id
    return identity
  }
  const { apiKeyId, environment, apiVersion } = await services.authenticator.authenticate(secret)
  trace.environmentId = environment.id
  trace.apiKeyId = apiKeyId
  return { actor: { kind: 'api_key', id: apiKeyId }, environment, apiVersion }
}

export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

async function readRequest(operation: OperationShape, request: IncomingMessage) {
  const target = targetOf(request.url ?? '/')
  return {
    params: pathParameters(operation.path, target.path),
    query: queryParameters(target.query),
    body: operation.body === undefined ? undefined : await readBody(request),
    file: operation.upload === undefined ? undefined : await readUpload(request),
  }
}

/** What makes the body of a request this body. */
function contentOf({
  body,
  file,
}: {
  readonly body: unknown
  readonly file: Uint8Array | undefined
}): unknown {
  return file === undefined ? body : hash('sha256', file)
}

/** Parses every part and reports the bad fields of all of them together. */
function parseInput(
  operation: OperationShape,
  raw: {
    readonly params: unknown
    readonly query: Readonly<Record<string, unknown>>
    readonly body: unknown
  },
): object {
  const parts = [
    parsePart(operation.params, raw.params),
    operation.query === undefined
      ? emptyQuery(raw.query)
      : parsePart(operation.query, withNumbers(raw.query, operation.query)),
    parsePart(operation.body, raw.body ?? {}),
  ]
  const wrong = parts.flatMap(({ wrong }) => wrong)
  if (wrong.length > 0) throw refuseFields(wrong)
  const [params, query, body] = parts
  return { params: params?.value, query: query?.value, body: body?.value }
}

function emptyQuery(query: Readonly<Record<string, unknown>>): Part {
  const wrong = Object.keys(query).map((field) => ({ field, message: 'is not a parameter of this request' }))
  return { value: undefined, wrong }
}

type Part = { readonly value: unknown; readonly wrong: readonly FieldError[] }

function parsePart(schema: z.ZodType | undefined, raw: unknown): Part {
  if (schema === undefined) return { value: undefined, wrong: [] }
  const result = schema.safeParse(raw)
  if (result.success) return { value: result.data, wrong: [] }
  return { value: undefined, wrong: fieldErrors(result.error, raw, schema) }
}

function answerQuery(services: Services, served: Served): Promise<Answer> {
  return query(services.kernel, served.caller, (ctx) => runHandler(served, ctx))
}

async function answerDownload(
  { kernel }: Services,
  { caller, handler, input }: Served,
  headers: Readonly<Record<string, string>>,
): Promise<FileReply> {
  const download = (await handler(downloadContext(kernel, caller), input)) as Download
  const parts = await begun(csvParts(download))
  return { parts, headers: { ...headers, ...csvHeaders(download) } }
}

async function answerCommand(
  services: Services,
  served: Served,
  idempotency: Idempotency | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  const { kernel, publicUrl } = services
  const work = (ctx: CommandContext) => runHandler(served, ctx)
  if (idempotency === undefined) return { ...(await command(kernel, served.caller, work)), headers }
  const answerTo = (refusal: Refusal) => errorAnswer(refusal, served.version, publicUrl)
  const answer = await idempotentCommand(kernel, served.caller, idempotency, work, answerTo)
  return { ...answer, headers: answer.replayed ? { ...headers, 'idempotent-replayed': 'true' } : headers }
}

async function runHandler(served: Served, ctx: CommandContext | QueryContext): Promise<Answer> {
  const { operation, version, caller, handler, input } = served
  const result = await handler(ctx, input)
  const { status, body } = operation.list === true ? listBody(result) : itemBody(result)
  const { organizationId } = caller.environment
  return { status, body: JSON.stringify(version.down(operation.id, body, { organizationId })) }
}

function listBody(result: unknown) {
  return { status: 200, body: { object: 'list', ...(result as Page<unknown>) } }
}

function itemBody(result: unknown) {
  const { status, data } = result as { status: number; data: Readonly<Record<string, unknown>> }
  return { status, body: data }
}

const printable = /^[\x20-\x7e]{1,255}$/

function idempotencyOf(
  operation: OperationShape,
  request: IncomingMessage,
  version: VersionFold,
  body: unknown,
): Idempotency | undefined {
  const key = header(request, 'idempotency-key')
  if (key === undefined) return undefined
  if (!printable.test(key)) {
    throw refuseFields([{ field: 'idempotency-key', message: 'must be 1 to 255 printable ASCII characters' }])
  }
  const fingerprint = fingerprintOf({
    method: operation.method,
    path: canonicalPath(operation, request),
    version: version.date,
    body,
  })
  return { key, fingerprint, secret: operation.secretAnswer === true }
}

/** The same operation on the same thing is the same path, whatever its base or encoding. */
function canonicalPath(operation: OperationShape, request: IncomingMessage): string {
  const { path } = targetOf(request.url ?? '/')
  return JSON.stringify([operation.path, pathParameters(operation.path, path)])
}
