import type { IncomingMessage } from 'node:http'
import { type OperationShape, operations } from '@commet/contract'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { describeError } from '../kernel/describe-error.ts'
import { newId } from '../kernel/ids.ts'
import type { Log } from '../kernel/log.ts'
import { Refusal } from '../kernel/refusal.ts'
import { sendParts } from './csv-file.ts'
import { mountDashboard } from './dashboard.ts'
import { asRefusal, errorAnswer } from './errors.ts'
import { guard } from './guards.ts'
import { handlers } from './handlers.ts'
import { type Metrics, mayReadMetrics } from './metrics.ts'
import type { AnyHandler, FileReply, LoggedTrace, Reply, Services, Trace } from './mount.ts'
import { header, serve } from './mount.ts'
import { mountReference } from './reference.ts'
import { codeOf, type RequestLog } from './request-log.ts'
import { mountSignIn, type SignInServices } from './sign-in.ts'
import { foldForErrors } from './version.ts'

/** The routes: every operation of the contract under both base paths, health, and one answer for everything else. */

const basePaths = ['/api/v1', '/api']

/** `named` says that the answer carries the ID of its request. */
type Env = { Bindings: HttpBindings; Variables: { trace: Trace; named?: true } }

export type AppServices = Services &
  SignInServices & {
    readonly log: Log
    readonly requestLog: Pick<RequestLog, 'note'>
    readonly metrics: Metrics
    /** What readers of the metrics must send; without one, only this machine reads them. */
    readonly metricsToken: string | undefined
    /** Where the build of the dashboard is; undefined where no pages are served. */
    readonly dashboardFolder: string | undefined
    /** Answers whether the server can serve: the database answers. */
    readonly isHealthy: () => Promise<boolean>
  }

export function createApp(services: AppServices): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    const started = performance.now()
    const trace: Trace = { requestId: newId('request') }
    c.set('trace', trace)
    await next()
    if (!c.get('named')) c.header('x-request-id', trace.requestId)
    const durationMs = performance.now() - started
    logRequest(services.log, c, trace, durationMs)
    noteRequest(services.requestLog, c, trace, durationMs)
    const { method, routePath: route } = c.req
    services.metrics.observe({ method, route, status: c.res.status, seconds: durationMs / 1000 })
  })
  for (const operation of operations) mountOperation(app, services, operation)
  app.get('/health', async (c) => {
    const healthy = await services.isHealthy()
    return c.json({ status: healthy ? 'ok' : 'unavailable' }, healthy ? 200 : 503)
  })
  app.get('/metrics', async (c) => {
    if (!mayReadMetrics(c.env.incoming, services.metricsToken)) return c.notFound()
    const { body, contentType } = await services.metrics.read()
    return c.body(body, 200, { 'content-type': contentType })
  })
  mountReference(app, services.publicUrl)
  mountSignIn(app, services)
  if (services.dashboardFolder !== undefined) mountDashboard(app, services.dashboardFolder)
  app.notFound((c) => {
    guard(c)
    return answerError(services, c, unknownRoute(app, c))
  })
  app.onError((error, c) => answerError(services, c, error))
  return app
}

function mountOperation(app: Hono<Env>, services: AppServices, operation: OperationShape): void {
  const handler: AnyHandler = handlers[operation.id as keyof typeof handlers]
  const paths = basePaths.map((base) => base + routePattern(operation))
  app.on([operation.method, ...(operation.aliases ?? [])], paths, async (c) => {
    const trace = c.get('trace')
    const reply = await serve(services, operation, handler, c.env.incoming, trace)
    if ('parts' in reply) return sendFile(services, c, reply)
    if (trace.logged !== undefined) noteReply(trace.logged, reply)
    return respond(c, reply)
  })
}

function routePattern({ path }: OperationShape): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** The ID goes in with the other headers: a header added to a finished answer makes Hono build the answer anew. */
function respond(c: Context<Env>, { status, body, headers }: Reply): Response {
  c.set('named', true)
  return c.body(body, status as ContentfulStatusCode, {
    'content-type': 'application/json',
    'x-request-id': c.get('trace').requestId,
    ...headers,
  })
}

/** Written past Hono, which would put the text of an error at the end of a file that breaks off. */
async function sendFile(
  services: AppServices,
  c: Context<Env>,
  { parts, headers }: FileReply,
): Promise<Response> {
  c.set('named', true)
  const { requestId } = c.get('trace')
  c.env.outgoing.writeHead(200, { 'x-request-id': requestId, ...headers })
  await sendParts(c.env.outgoing, parts).catch((error: unknown) =>
    services.log.error({ requestId, ...describeError(error) }, 'a file was broken off'),
  )
  return RESPONSE_ALREADY_SENT
}

function answerError(services: AppServices, c: Context<Env>, error: unknown): Response {
  const trace = c.get('trace')
  const refusal = asRefusal(error, trace.requestId, services.log)
  if (trace.logged !== undefined) trace.logged.errorCode = refusal.code
  const version = foldForErrors(header(c.env.incoming, 'commet-version'), trace.version)
  const answer = errorAnswer(refusal, version, services.publicUrl)
  const headers = { 'commet-version': version.date, ...refusal.headers, ...closing(c.env.incoming, refusal) }
  return respond(c, { ...answer, headers })
}

/** A body that was not read to its end cannot be followed by another request on the same connection. */
function closing(request: IncomingMessage, refusal: Refusal): Readonly<Record<string, string>> {
  return request.complete || refusal.status === 404 ? {} : { connection: 'close' }
}

/** Nothing at this path, or nothing for this method. What is there keeps quiet by saying the same. */
function unknownRoute(app: Hono<Env>, c: Context<Env>): Refusal {
  const path = new URL(c.req.url).pathname
  const allowed = app.routes.filter((route) => route.method !== 'ALL' && pathMatches(route.path, path))
  const methods = [...new Set(allowed.map(({ method }) => method))]
  if (methods.length === 0 || methods.includes(c.req.method)) {
    return new Refusal(
      'not_found',
      `There is nothing at ${c.req.method} ${path}. The paths of the API start with /api/v1.`,
    )
  }
  return new Refusal(
    'endpoint_not_available',
    `${c.req.method} is not available here; use ${methods.join(', ')}.`,
    { status: 405, headers: { allow: methods.join(', ') } },
  )
}

function pathMatches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  const open = wanted.at(-1) === '*'
  return (
    (open ? wanted.length <= given.length : wanted.length === given.length) &&
    wanted.every(
      (part, place) => part === given[place] || part === '*' || (part.startsWith(':') && given[place] !== ''),
    )
  )
}

/** The route, never the path: paths hold user IDs, queries hold e-mail addresses. */
function logRequest(log: Log, c: Context<Env>, trace: Trace, durationMs: number): void {
  const { requestId, environmentId, apiKeyId, userId, version } = trace
  log.info(
    {
      requestId,
      method: c.req.method,
      route: c.req.routePath,
      status: c.res.status,
      durationMs: Math.round(durationMs * 10) / 10,
      environmentId,
      apiKeyId,
      userId,
      version,
    },
    'request',
  )
}

/** What an answer says that the request did not: a stored answer, and a refusal that was kept under a key. */
function noteReply(logged: LoggedTrace, { status, body, headers }: Reply): void {
  if ('idempotent-replayed' in headers) logged.replayed = true
  const code = status < 400 ? undefined : codeOf(body)
  if (code !== undefined) logged.errorCode = code
}

function noteRequest(
  requestLog: Pick<RequestLog, 'note'>,
  c: Context<Env>,
  { requestId, environmentId, apiKeyId, userId, version, logged }: Trace,
  durationMs: number,
): void {
  if (logged === undefined || environmentId === undefined) return
  requestLog.note({
    environment_id: environmentId,
    id: requestId,
    received_at: logged.receivedAt,
    method: c.req.method,
    path: logged.path,
    status: c.res.status,
    error_code: logged.errorCode ?? null,
    duration_ms: Math.round(durationMs * 10) / 10,
    api_version: version ?? '',
    caller_kind: apiKeyId === undefined ? 'user' : 'api_key',
    caller_id: apiKeyId ?? userId ?? '',
    replayed: logged.replayed === true,
  })
}
