// Owns: one run of PostgreSQL's main process: starting it, waiting until it answers, ending it.
// Does not own: starting it again (embedded-database.ts), or what an earlier run left behind (leftovers.ts).
// Always: a postmaster handed out accepts connections, and one that could not be handed out is ended.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { standIn } from './account.ts'
import { type Binaries, program } from './binaries.ts'
import { type Cluster, PROGRAM_ENVIRONMENT } from './cluster.ts'
import { EmbeddedDatabaseError, errorCode, fullDisk, tellsOfFullDisk } from './embedded-database-error.ts'
import { waitForEnd } from './process-table.ts'
import { openServerLog } from './server-log.ts'
import { type Settings, settingArguments } from './settings.ts'
import { explainSpawnFailure } from './spawn-failure.ts'

/** A running postmaster. `exited` resolves with how it ended, such as `signal SIGKILL`. */
export type Postmaster = { readonly processId: number; readonly exited: Promise<string> }

/** How a postmaster is run. */
export type Run = {
  readonly cluster: Cluster
  readonly settings: Settings
  readonly onNotice: (line: string) => void
}

/** Starts the postmaster and waits until it accepts connections. Aborting `signal` ends it and throws. */
export async function startPostmaster(run: Run, signal: AbortSignal): Promise<Postmaster> {
  const log = await openServerLog(run.cluster.dataFolder)
  try {
    const child = await spawnPostmaster(run, log.descriptor)
    const exited = outcomeOf(child)
    const postmaster = { processId: child.pid ?? 0, exited }
    const ended = await waitUntilReady(run, postmaster, signal).catch(async (error: unknown) => {
      await endPostmaster(postmaster.processId, run.cluster)
      throw error
    })
    if (ended === undefined) return postmaster
    throw explainEnd(run.cluster, ended, await log.tail())
  } finally {
    await log.close()
  }
}

/**
 * Detached, that is in a session of its own: Ctrl-C goes to every process of the terminal's foreground group,
 * and PostgreSQL must outlive the requests that the server finishes before it stops.
 */
async function spawnPostmaster({ cluster, settings }: Run, log: number): Promise<ChildProcess> {
  const { cwd, name } = await standIn(cluster.folder, cluster.account)
  const child = spawn(program(cluster.binaries, 'postgres'), ['-D', name, ...settingArguments(settings)], {
    ...cluster.account,
    cwd,
    env: PROGRAM_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true,
  })
  const { promise, resolve, reject } = Promise.withResolvers<ChildProcess>()
  child.once('spawn', () => resolve(child))
  child.once('error', (error) => reject(explainSpawnFailure(error)))
  return promise
}

function outcomeOf(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  child.once('exit', (status, signal) =>
    resolve(signal === null ? `exit status ${status}` : `signal ${signal}`),
  )
  return promise
}

const SLOW_START_MS = 5_000

/**
 * Recovery after a crash may take minutes on a busy cluster, so the wait has no bound while the process
 * lives. Answers how the postmaster ended, or `undefined` when it is ready.
 */
async function waitUntilReady(
  run: Run,
  postmaster: Postmaster,
  signal: AbortSignal,
): Promise<string | undefined> {
  let ended: string | undefined
  void postmaster.exited.then((how) => {
    ended = how
  })
  const slowAt = performance.now() + SLOW_START_MS
  for (let told = false; ended === undefined; await delay(10)) {
    if (await isReady(run.cluster, postmaster.processId)) return undefined
    if (signal.aborted) await endPostmaster(postmaster.processId, run.cluster)
    if (!told && performance.now() > slowAt) {
      told = true
      run.onNotice('The database is being recovered after an unclean stop; this may take a while.')
    }
  }
  return ended
}

async function isReady(cluster: Cluster, processId: number): Promise<boolean> {
  const file = await readPostmasterFile(cluster.folder)
  return file !== undefined && file.processId === processId && file.status === 'ready'
}

/** What `postmaster.pid` says: the id of the process that owns the cluster, and how far it has come. */
export type PostmasterFile = { readonly processId: number; readonly status: string }

/** Reads `postmaster.pid`; `undefined` where there is none. */
export async function readPostmasterFile(clusterFolder: string): Promise<PostmasterFile | undefined> {
  try {
    const lines = (await readFile(path.join(clusterFolder, 'postmaster.pid'), 'utf8')).split('\n')
    return { processId: Number.parseInt(lines[0] ?? '', 10), status: lines[7]?.trim() ?? '' }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

const ENDING = [
  // Fast: ends the connections, writes everything out.
  { signal: 'SIGINT', boundMs: 10_000 },
  // Immediate: nothing is lost, but the next start recovers from the log.
  { signal: 'SIGQUIT', boundMs: 8_000 },
  { signal: 'SIGKILL', boundMs: 5_000 },
] as const

/** Ends a postmaster, ours or an orphan, ever less gently. Answers whether it has ended. */
export async function endPostmaster(processId: number, cluster: Cluster): Promise<boolean> {
  for (const { signal, boundMs } of ENDING) {
    await sendSignal(processId, signal, cluster.binaries)
    if (await waitForEnd(processId, boundMs)) return true
  }
  return false
}

async function sendSignal(processId: number, signal: NodeJS.Signals, binaries: Binaries): Promise<void> {
  if (process.platform === 'win32') {
    // There are no signals there; PostgreSQL listens on a pipe that pg_ctl writes to.
    const words = ['kill', signal.slice('SIG'.length), String(processId)]
    await promisify(execFile)(program(binaries, 'pg_ctl'), words).catch(() => {})
    return
  }
  try {
    process.kill(processId, signal)
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}

/** Whether a failed start is worth another try: processes of an earlier run have not all gone yet. */
export function isStillInUse(error: unknown): boolean {
  return error instanceof EmbeddedDatabaseError && error.message.includes('pre-existing shared memory')
}

function explainEnd(cluster: Cluster, how: string, log: string): EmbeddedDatabaseError {
  const { folder, dataFolder } = cluster
  const holder = /Is another postmaster \(PID (\d+)\) running/.exec(log)?.[1]
  if (holder !== undefined) {
    return new EmbeddedDatabaseError(
      'occupied',
      `PostgreSQL process ${holder} is running on ${folder}: stop it first, or set COMMET_DATA_DIR to another folder.`,
    )
  }
  if (tellsOfFullDisk(log)) return fullDisk(dataFolder)
  const lines = log.split('\n').filter((line) => /(FATAL|PANIC|ERROR|postgres):/.test(line))
  return new EmbeddedDatabaseError(
    'failed',
    `PostgreSQL did not start on ${folder} (${lines.at(-1)?.replace(/^.*?(?=FATAL|PANIC|ERROR)/, '') ?? how}): ` +
      `see ${path.join(dataFolder, 'postgres.log')}.`,
  )
}
