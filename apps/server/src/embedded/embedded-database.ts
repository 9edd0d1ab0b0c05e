// Owns: the embedded PostgreSQL as a whole: one data folder, one server on it, from start to stop.
// Does not own: what is in the database (migrations, roles), nor when the server stops.
// Always: it runs with our lock on its folder held, and `ended` tells of every end that nobody asked for.

import { existsSync } from 'node:fs'
import { access, constants, mkdir, realpath, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { chooseAccount } from './account.ts'
import { type BinaryPackage, findBinaryPackage, prepareBinaries } from './binaries.ts'
import { CLUSTER_DATABASE, CLUSTER_OWNER, type Cluster, prepareCluster } from './cluster.ts'
import { type Doorway, openDoorway } from './doorway.ts'
import {
  EmbeddedDatabaseError,
  errorCode,
  explainFileFailure,
  fullDisk,
  unwritable,
} from './embedded-database-error.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { clearLeftovers } from './leftovers.ts'
import {
  endPostmaster,
  isStillInUse,
  type Postmaster,
  type Run,
  readPostmasterFile,
  startPostmaster,
} from './postmaster.ts'
import { clusterName, DEFAULT_SETTINGS } from './settings.ts'

/** What to run. */
export type EmbeddedDatabaseOptions = {
  /**
   * Made if it is not there. Holds `postgres/` (the cluster), `postgres.log`, `postgres.password`,
   * `server.lock`.
   */
  readonly dataFolder: string
  /** PostgreSQL settings, over the defaults: `{ fsync: 'off' }` for databases that may be lost. */
  readonly settings?: Readonly<Record<string, string>>
  /**
   * Told what an operator should know: a first start, an orphan stopped, a crash, a restart. One line each.
   */
  readonly onNotice?: (line: string) => void
  /**
   * Start PostgreSQL again when it crashes: five times in a minute, then `ended` resolves. Default: false.
   */
  readonly restartOnCrash?: boolean
  /** Listen on a port of 127.0.0.1 with a password instead of a Unix socket. Default: only on Windows. */
  readonly loopback?: boolean
}

/**
 * How a client gets in as the owner of everything; fits node-postgres as it is. Stays the same over restarts.
 */
export type EmbeddedConnection = {
  /** The folder of the Unix socket, or `127.0.0.1`. */
  readonly host: string
  readonly port: number
  readonly user: string
  /** Only on loopback: whoever can reach the socket is let in. */
  readonly password?: string
  readonly database: string
}

/** A running embedded PostgreSQL. */
export type EmbeddedDatabase = {
  readonly connection: EmbeddedConnection
  /** The postmaster's process id; another one after a restart. */
  readonly processId: number
  /**
   * Ends connections, writes everything out and waits for the end; harder after 10 s. May be called again.
   */
  stop(): Promise<void>
  /** Resolves with a short reason when PostgreSQL ended without `stop` and will not be started again. */
  readonly ended: Promise<string>
}

/**
 * Starts PostgreSQL on a data folder, making the database on the first start, and waits until it accepts
 * connections. What an earlier, killed server left running on the folder is stopped first. Throws
 * `EmbeddedDatabaseError`, whose message is one line for the operator, and holds nothing then.
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const source = await findBinaryPackage()
  const dataFolder = await openDataFolder(options.dataFolder)
  const lock = lockFolder(dataFolder)
  try {
    return await startOn({ dataFolder, source, lock, options })
  } catch (error) {
    lock.release()
    throw explainFileFailure(error, dataFolder)
  }
}

async function openDataFolder(wanted: string): Promise<string> {
  const folder = path.resolve(wanted)
  try {
    await makeFolder(folder)
    await access(folder, constants.W_OK | constants.X_OK)
    return await realpath(folder)
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      throw unwritable(folder, { why: 'no folder can be made there', cause: error })
    throw explainFileFailure(error, folder)
  }
}

/** Node's own recursive mkdir never comes back from a place that takes no folders, such as /proc (26.10). */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await stat(folder)).isDirectory()) return
    const parent = path.dirname(folder)
    if (errorCode(error) !== 'ENOENT' || existsSync(parent)) throw error
    await makeFolder(parent)
    await makeFolder(folder)
  }
}

type Place = {
  readonly dataFolder: string
  readonly source: BinaryPackage
  readonly lock: FolderLock
  readonly options: EmbeddedDatabaseOptions
}

async function startOn({ dataFolder, source, lock, options }: Place): Promise<EmbeddedDatabase> {
  const onNotice = options.onNotice ?? (() => {})
  const folder = path.join(dataFolder, 'postgres')
  const account = await chooseAccount(folder)
  const cluster = { dataFolder, folder, account, binaries: await prepareBinaries(source, account) }
  if ((await prepareCluster(cluster, options.settings?.fsync === 'off')) === 'created') {
    onNotice(`Made a new database in ${folder}.`)
  }
  const wasKilled = (await readPostmasterFile(folder)) !== undefined
  const orphan = await clearLeftovers(cluster)
  if (orphan !== undefined)
    onNotice(`Stopped PostgreSQL (process ${orphan}), left behind by a killed server.`)
  else if (wasKilled) onNotice('The last run was killed. PostgreSQL recovers all that was acknowledged.')

  const loopback = options.loopback ?? process.platform === 'win32'
  const doorway = await openDoorway({ dataFolder, clusterFolder: folder, account, loopback })
  const run = { cluster, settings: settingsFor(cluster, doorway, options), onNotice }
  try {
    const postmaster = await startPatiently(run, new AbortController().signal)
    return supervise({ run, doorway, lock, postmaster, restarts: options.restartOnCrash === true })
  } catch (error) {
    await doorway.close()
    throw error
  }
}

/** Where it listens and what it is called are not for callers to change: they are how it is found again. */
function settingsFor(cluster: Cluster, doorway: Doorway, options: EmbeddedDatabaseOptions): Run['settings'] {
  const fixed = { ...doorway.settings, cluster_name: clusterName(cluster.folder) }
  return { ...DEFAULT_SETTINGS, ...options.settings, ...fixed }
}

const OLD_PROCESSES_LEAVE_WITHIN_MS = 10_000

/**
 * A killed postmaster's backends hold its shared memory for a moment, and PostgreSQL will not start beside
 * them.
 */
async function startPatiently(run: Run, signal: AbortSignal): Promise<Postmaster> {
  const giveUpAt = performance.now() + OLD_PROCESSES_LEAVE_WITHIN_MS
  for (;;) {
    try {
      return await startPostmaster(run, signal)
    } catch (error) {
      if (!isStillInUse(error) || signal.aborted || performance.now() > giveUpAt) throw error
    }
    await delay(100)
    await clearLeftovers(run.cluster)
  }
}

type Watch = {
  readonly run: Run
  readonly doorway: Doorway
  readonly lock: FolderLock
  readonly restarts: boolean
  postmaster: Postmaster
}

function supervise(watch: Watch): EmbeddedDatabase {
  const { doorway, lock } = watch
  const stopping = new AbortController()
  const end = Promise.withResolvers<string>()
  const letGo = async () => {
    await doorway.close()
    lock.release()
  }
  const watching = watchOver(watch, stopping.signal).then(async (reason) => {
    await letGo()
    if (!stopping.signal.aborted) end.resolve(reason)
  })
  const stop = () => {
    stopping.abort()
    return watching
  }
  return {
    connection: connectionThrough(doorway),
    get processId() {
      return watch.postmaster.processId
    },
    ended: end.promise,
    stop,
  }
}

function connectionThrough({ host, port, password }: Doorway): EmbeddedConnection {
  const secret = password === undefined ? {} : { password }
  return { host, port, user: CLUSTER_OWNER, ...secret, database: CLUSTER_DATABASE }
}

const CRASHES_ALLOWED = 5
const CRASH_WINDOW_MS = 60_000
const FIRST_RETRY_MS = 50
const FULL_DISK_RETRY_MS = 1_000
/** PostgreSQL needs room for two segments of its log to come up and to write. */
const SMALLEST_ROOM_BYTES = 32 * 1024 * 1024

/**
 * Starts a crashed postmaster again until it crashes too often. Answers why it gave up. A full disk is no reason: somebody
 * will make room, and then it goes on.
 */
async function watchOver(watch: Watch, stopping: AbortSignal): Promise<string> {
  const crashes: number[] = []
  for (;;) {
    const how = await exitOrStop(watch.postmaster, stopping)
    if (how === undefined) return endForGood(watch)
    if (!watch.restarts) return `PostgreSQL ended by itself (${how})`
    if (!(await isDiskFull(watch.run.cluster.dataFolder))) crashes.push(performance.now())
    const recent = crashes.filter((at) => at > performance.now() - CRASH_WINDOW_MS)
    if (recent.length > CRASHES_ALLOWED)
      return `PostgreSQL crashed ${recent.length} times in a minute (${how})`
    const failure = await startAgain(watch, { how, delayMs: FIRST_RETRY_MS * 2 ** recent.length, stopping })
    if (failure !== undefined) return failure
  }
}

async function exitOrStop(postmaster: Postmaster, stopping: AbortSignal): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const onAbort = () => resolve(undefined)
  stopping.addEventListener('abort', onAbort, { once: true })
  if (stopping.aborted) onAbort()
  const how = await Promise.race([postmaster.exited, promise])
  stopping.removeEventListener('abort', onAbort)
  return how
}

async function endForGood({ run, postmaster }: Watch): Promise<string> {
  if (await endPostmaster(postmaster.processId, run.cluster)) return postmaster.exited
  throw new EmbeddedDatabaseError(
    'failed',
    `PostgreSQL process ${postmaster.processId} does not end: end it by hand (kill -9 ${postmaster.processId}).`,
  )
}

type Crash = { readonly how: string; readonly delayMs: number; readonly stopping: AbortSignal }

async function startAgain(watch: Watch, { how, delayMs, stopping }: Crash): Promise<string | undefined> {
  const { run } = watch
  run.onNotice(`PostgreSQL ended by itself (${how}); starting it again.`)
  let waitMs = delayMs
  for (let told = false; ; told = true) {
    try {
      await delay(waitMs, undefined, { signal: stopping })
      await clearLeftovers(run.cluster)
      watch.postmaster = await startPatiently(run, stopping)
      run.onNotice('PostgreSQL runs again.')
      return undefined
    } catch (error) {
      const why = await explainFailedStart(error, run.cluster.dataFolder)
      if (!tellsFullDisk(why) || stopping.aborted) return why instanceof Error ? why.message : String(why)
      if (!told) run.onNotice(`${why.message} It is tried again every second.`)
      waitMs = FULL_DISK_RETRY_MS
    }
  }
}

/** PostgreSQL's own log lies on the same disk: where that is full, nothing may be in it. */
async function explainFailedStart(error: unknown, dataFolder: string): Promise<unknown> {
  const why = explainFileFailure(error, dataFolder)
  return tellsFullDisk(why) || !(await isDiskFull(dataFolder)) ? why : fullDisk(dataFolder, error)
}

function tellsFullDisk(error: unknown): error is EmbeddedDatabaseError {
  return error instanceof EmbeddedDatabaseError && error.problem === 'full_disk'
}

async function isDiskFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize < SMALLEST_ROOM_BYTES
}
