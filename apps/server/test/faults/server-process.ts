import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import type { LogLine } from '@commet/testkit'

/** The server as `npm start` runs it, in a process of its own that may be killed; its log is kept. */

const root = path.resolve(import.meta.dirname, '../../../..')
const startMs = 60_000

export type ServerProcess = {
  readonly address: string
  readonly process: ChildProcess
  /** What it has logged so far. */
  readonly logLines: readonly LogLine[]
  /** Milliseconds from the start of the process to its banner. */
  readonly startedInMs: number
  /** kill -9. */
  kill(): Promise<void>
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>
}

export type StartOptions = {
  readonly dataFolder: string
  readonly port: number
  readonly env?: Readonly<Record<string, string>>
  /** Arguments of Node, such as `--import=…`. */
  readonly nodeArguments?: readonly string[]
  /** Another program than the one that `npm start` runs. */
  readonly program?: string
}

/** Starts it and waits for its banner. */
export async function startServerProcess(options: StartOptions): Promise<ServerProcess> {
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [
      '--conditions=commet-source',
      '--disable-warning=ExperimentalWarning',
      ...(options.nodeArguments ?? []),
      options.program ?? path.join(root, 'apps/server/src/main.ts'),
    ],
    {
      cwd: root,
      env: { ...cleanEnvironment(), ...settings, ...options.env, ...placeOf(options) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const logLines: LogLine[] = []
  const address = await readOutput(child, logLines)
  return {
    address,
    process: child,
    logLines,
    startedInMs: performance.now() - began,
    kill: async () => void (await ended(child, 'SIGKILL')),
    stop: () => ended(child, 'SIGTERM'),
  }
}

const settings = { COMMET_DEMO: 'false', COMMET_RATE_LIMIT: '0' }

function placeOf({ dataFolder, port }: StartOptions) {
  return { PORT: String(port), COMMET_DATA_DIR: dataFolder }
}

function cleanEnvironment(): Record<string, string | undefined> {
  const foreign = Object.keys(process.env).filter((name) => /^(COMMET_|DATABASE_URL$|PORT$|HOST$)/.test(name))
  return { ...process.env, ...Object.fromEntries(foreign.map((name) => [name, undefined])) }
}

/** Resolves with the address of the banner; keeps every line of the log from then on. */
function readOutput(child: ChildProcess, logLines: LogLine[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let rest = ''
    const other: string[] = []
    const timer = setTimeout(
      () => reject(new Error(`The server did not start: ${other.join('\n')}`)),
      startMs,
    )
    const read = (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line.startsWith('{"level"')) logLines.push(parseLine(line))
        else if (other.length < 100) other.push(line)
        const [, address] = /Commet is ready: (\S+)/.exec(line) ?? []
        if (address === undefined) continue
        clearTimeout(timer)
        resolve(address)
      }
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', (chunk: Buffer) => other.push(chunk.toString()))
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`The server ended with ${code}: ${other.join('\n')}`))
    })
  })
}

function parseLine(line: string): LogLine {
  const { msg, ...fields } = JSON.parse(line) as { msg: string; level: string }
  return { ...fields, message: msg }
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode)
    child.once('exit', resolve)
    child.kill(signal)
  })
}

/** A port that nothing listens on, for a server that comes back at the same place. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** The id of the embedded PostgreSQL's main process. */
export async function postmasterOf(dataFolder: string): Promise<number> {
  const file = await readFile(path.join(dataFolder, 'postgres/postmaster.pid'), 'utf8')
  return Number.parseInt(file, 10)
}
