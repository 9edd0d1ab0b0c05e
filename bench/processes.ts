import { type ChildProcess, fork, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { LoadOrder, LoadResult } from './load.ts'

/** The processes of a run: our server, the bare servers and the load generator, each on its own. */

export type ServerProcess = { readonly origin: string; readonly pid: number; stop(): Promise<void> }

const startMs = 60_000
const root = path.join(import.meta.dirname, '..')

/** Our server as `npm start` runs it. Its log goes to a file, as an operator's would. */
export async function startOurs(
  env: Readonly<Record<string, string>>,
  logFile: string,
  nodeArguments: readonly string[] = [],
): Promise<ServerProcess> {
  const log = openSync(logFile, 'w')
  const child = spawn(
    process.execPath,
    ['--conditions=commet-source', ...nodeArguments, path.join(root, 'apps/server/src/main.ts')],
    { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', log, 'inherit'] },
  )
  closeSync(log)
  for (const started = performance.now(); performance.now() - started < startMs; ) {
    const [, origin] = /Commet is ready: (\S+)/.exec(readFileSync(logFile, 'utf8')) ?? []
    if (origin !== undefined) return { origin, pid: child.pid ?? 0, stop: () => end(child) }
    if (child.exitCode !== null) break
    await delay(50)
  }
  await end(child)
  throw new Error(`The server did not start: ${readFileSync(logFile, 'utf8').slice(0, 2_000)}`)
}

/** One of the bare servers: it is told its settings, and says its port when it listens. */
export async function startBare(file: string, settings: object): Promise<ServerProcess> {
  const child = forkFile(file)
  const answer = answerOf<{ port: number }>(child)
  child.send(settings)
  const { port } = await answer
  return { origin: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => end(child) }
}

/** Runs one load in a process of its own, so that nothing of an earlier one is left in it. `until` ends it early. */
export async function runLoad(order: LoadOrder, until?: AbortSignal): Promise<LoadResult> {
  const child = forkFile('load.ts')
  const answer = answerOf<{ result?: LoadResult; failure?: string }>(child)
  child.send(order)
  until?.addEventListener('abort', () => child.send('stop'))
  const { result, failure } = await answer
  await end(child)
  if (result === undefined) throw new Error(failure)
  return result
}

function forkFile(file: string): ChildProcess {
  return fork(path.join(import.meta.dirname, file), [], {
    execArgv: ['--conditions=commet-source', '--disable-warning=ExperimentalWarning'],
  })
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T))
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}`)))
  })
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** Processor seconds of a process so far; undefined where the system does not tell. */
export function cpuSecondsOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
    return (Number(user) + Number(system)) / 100
  } catch {
    return undefined
  }
}

/** Memory of a process in MB: now, and the most it ever had. */
export function memoryOf(pid: number): { readonly nowMb: number; readonly peakMb: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mbOf = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024
  return { nowMb: mbOf('VmRSS'), peakMb: mbOf('VmHWM') }
}
