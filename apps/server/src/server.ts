import type { Server } from 'node:http'
import { type AddressInfo, Server as NetServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { openAccounts } from './accounts.ts'
import type { Config } from './config.ts'
import { type DataFolder, openDataFolder, readFirstKey, writeFirstKey } from './data-folder.ts'
import { addDemoData } from './demo.ts'
import { createApp } from './http/app.ts'
import { createAuthenticator } from './http/auth.ts'
import { createStrictServer } from './http/broken-requests.ts'
import { proxiesIn } from './http/client-address.ts'
import { errorAnswer } from './http/errors.ts'
import { createMetrics, type Metrics } from './http/metrics.ts'
import { createRateLimit } from './http/rate-limit.ts'
import { createRequestLog } from './http/request-log.ts'
import { originsOf } from './http/same-origin.ts'
import { createSessions } from './http/sessions.ts'
import { createSignInLimit } from './http/sign-in-limit.ts'
import { defaultFold } from './http/version.ts'
import { command, type Kernel } from './kernel/command.ts'
import { openAccountsDatabase, openDatabase } from './kernel/db.ts'
import { newId } from './kernel/ids.ts'
import type { Log } from './kernel/log.ts'
import { Refusal } from './kernel/refusal.ts'
import { createSeal } from './kernel/seal.ts'
import { createOwnerLink } from './modules/members/commands.ts'
import {
  createFirstKey,
  ensureKey,
  findOrCreateInstallation,
  type Installation,
  systemCaller,
} from './modules/organizations/installation.ts'
import { StartRefused } from './start-refused.ts'
import { openStorage } from './storage.ts'
import { measureUpkeep } from './worker/measures.ts'
import { noUpkeep, prepareAuditMonths, startWorker } from './worker/worker.ts'

/** A whole running server: database, HTTP and worker. Started once by main.ts, many times by tests. */

export type RunningServer = {
  /** Where it listens, such as http://127.0.0.1:3000. */
  readonly address: string
  readonly folder: DataFolder
  /** True while the first key of this installation is in its file. */
  readonly hasFirstKeyFile: boolean
  /** Makes the secret of a link for the first owner: works once and for a day; undefined where there is an owner. */
  ownerLink(): Promise<string | undefined>
  /** Resolves with the reason when the server cannot go on. */
  readonly failed: Promise<string>
  /** Lets requests under way finish, then closes everything. */
  stop(): Promise<void>
}

/** How long the server waits, in milliseconds. */
export type Patience = {
  /** For a whole request, and for its headers. */
  readonly request: number
  readonly headers: number
  /** How often Node looks for connections that are over one of these times. */
  readonly betweenLooks: number
  /** A client that neither sends nor takes anything for so long is cut off. */
  readonly silence: number
  /** For a statement, and between two statements of a transaction. */
  readonly statement: number
}

export const standardPatience: Patience = {
  request: 30_000,
  headers: 15_000,
  betweenLooks: 2_000,
  silence: 60_000,
  statement: 15_000,
}

const maxHeaderBytes = 16 * 1024
const drainMs = 25_000
const closeIdleEveryMs = 50
/** Clients that ask all the time learn from an answer that the connection ends, before it does. */
const farewellMs = 300
const busyWithinMs = 1_000

/** `dashboard` is the folder of its build; without one, no pages are served. Only tests have less patience. */
export async function startServer(
  config: Config,
  log: Log,
  dashboard?: Promise<string | undefined>,
  patience: Patience = standardPatience,
): Promise<RunningServer> {
  const folder = await openDataFolder(config.dataFolder)
  let handle: (request: Request, env: unknown) => Response | Promise<Response> = () =>
    starting(publicUrl, metrics)
  let publicUrl = ''
  const metrics = createMetrics()
  const server = createStrictServer(
    {
      maxHeaderSize: maxHeaderBytes,
      requestTimeout: patience.request,
      headersTimeout: patience.headers,
      connectionsCheckingInterval: patience.betweenLooks,
    },
    getRequestListener((request, env) => handle(request, env)),
    { publicUrl: () => publicUrl, log, turnedAway: metrics.turnedAway },
  )
  server.setTimeout(patience.silence)
  const farewell = sayFarewell(server)
  const address = await listen(server, config)
  publicUrl = config.publicUrl ?? address
  const storage = await openStorage(config, folder, log).catch(async (error) => {
    server.close()
    throw error
  })
  const db = openDatabase(storage.app, { log, statementMs: patience.statement })
  const workerDb = openDatabase(storage.worker)
  const upkeep = noUpkeep()
  const kernel: Kernel = { db, seal: createSeal(storage.secret) }
  const authenticator = createAuthenticator(db, log)
  const requestLog = createRequestLog(workerDb, log)
  const accountsDb = openAccountsDatabase(storage.accounts, db)
  const accounts = openAccounts(accountsDb, storage.secret, publicUrl)
  const closeAll = async () => {
    await Promise.all([authenticator.close(), requestLog.close()])
    await Promise.all([db.close(), workerDb.close(), accounts.close()])
    await storage.stop()
  }
  let installation: Installation
  try {
    await prepareAuditMonths(workerDb, new Date())
    installation = await prepareInstallation(kernel, config, folder)
    metrics.watch({
      pools: {
        reads: db.measure.reads,
        writes: db.measure.writes,
        worker: workerDb.measure.reads,
        accounts: accountsDb.measure,
      },
      measureUpkeep: () => measureUpkeep(workerDb, new Date()),
      upkeep,
      requestLog: requestLog.measure,
    })
    const rateLimit = createRateLimit(config.rateLimitPerMinute)
    const origins = originsOf(publicUrl)
    const dashboardFolder = await dashboard
    const app = createApp({
      ...{ kernel, authenticator, rateLimit, publicUrl, log, isHealthy: db.isReachable, requestLog },
      ...{ accounts, origins, sessions: createSessions(db, accounts, origins) },
      signInLimit: createSignInLimit(),
      proxies: proxiesIn(config.trustedProxies),
      metrics,
      metricsToken: config.metricsToken,
      dashboardFolder,
    })
    handle = app.fetch as typeof handle
  } catch (error) {
    server.close()
    await closeAll()
    throw error
  }
  const retention = { eventDays: config.eventRetentionDays, auditMonths: config.auditRetentionMonths }
  const worker = config.worker ? startWorker({ db: workerDb, kernel, log, retention, upkeep }) : undefined
  return {
    address,
    folder,
    hasFirstKeyFile: (await readFirstKey(folder)) !== undefined,
    ownerLink: () => command(kernel, systemCaller(installation.sandbox), createOwnerLink),
    failed: storage.ended,
    stop: async () => {
      await drain(server, farewell)
      await worker?.stop()
      await closeAll()
    },
  }
}

/** What everybody is told until the database is ready: the envelope of every error, and when to ask again. */
function starting(publicUrl: string, metrics: Pick<Metrics, 'turnedAway'>): Response {
  const refusal = new Refusal(
    'internal_error',
    'The server is starting. Send the request again in a second.',
    {
      status: 503,
    },
  )
  const { status, body } = errorAnswer(refusal, defaultFold(), publicUrl)
  metrics.turnedAway(status)
  const headers = {
    'content-type': 'application/json',
    'x-request-id': newId('request'),
    'retry-after': '1',
  }
  return new Response(body, { status, headers })
}

function listen(server: Server, { host, port }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(whyNotListening(error, host, port)))
    server.listen(port, host, () => resolve(addressOf(server, host)))
  })
}

function whyNotListening(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new StartRefused(
      `Port ${port} on ${host} is in use; stop what uses it, or set PORT to another one.`,
    )
  }
  if (error.code === 'EACCES')
    return new StartRefused(`Port ${port} needs rights this user lacks; set PORT to one above 1023.`)
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new StartRefused(`HOST ${host} is not an address of this machine; set it to 127.0.0.1 or 0.0.0.0.`)
  }
  return error
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** The first organization, its first key, the key of COMMET_API_KEY, and the demo data: each made once. */
async function prepareInstallation(
  kernel: Kernel,
  config: Config,
  folder: DataFolder,
): Promise<Installation> {
  const installation = await findOrCreateInstallation(kernel.db)
  if (config.apiKey !== undefined && !(await ensureKey(kernel, installation, config.apiKey))) {
    throw new StartRefused('COMMET_API_KEY holds a key that was revoked; set another one, or unset it.')
  }
  if (!installation.created) return installation
  if (config.apiKey === undefined) await writeFirstKey(folder, await createFirstKey(kernel, installation))
  if (config.demo) await addDemoData(kernel, installation.sandbox)
  return installation
}

type Farewell = { begin(): void; wasBusy(): boolean }

/** Once begun, every answer closes its connection. */
function sayFarewell(server: Server): Farewell {
  let leaving = false
  let lastRequestAt = Number.NEGATIVE_INFINITY
  server.prependListener('request', (_, response) => {
    lastRequestAt = performance.now()
    if (leaving) response.setHeader('connection', 'close')
  })
  return {
    begin: () => {
      leaving = true
    },
    wasBusy: () => performance.now() - lastRequestAt < busyWithinMs,
  }
}

/**
 * Takes no new connections, lets requests under way finish, and cuts what is still open after a while. A connection that is
 * idle between two requests would be cut under the second one: busy clients get an answer that closes it first.
 */
async function drain(server: Server, farewell: Farewell): Promise<void> {
  farewell.begin()
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  if (farewell.wasBusy()) await Promise.race([closed, delay(farewellMs)])
  const cut = setTimeout(() => server.closeAllConnections(), drainMs)
  const closeIdle = setInterval(() => server.closeIdleConnections(), closeIdleEveryMs)
  server.closeIdleConnections()
  await closed
  clearTimeout(cut)
  clearInterval(closeIdle)
}
