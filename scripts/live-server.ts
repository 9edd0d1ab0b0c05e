import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from './run-programs.ts'

/** The server as `npm start` runs it, in a process of its own, on a free port and a data folder of its own. */

export type LiveServer = {
  readonly address: string
  readonly apiKey: string
  /** The address that makes the owner account. */
  readonly ownerLink: string
  readonly dataFolder: string
  readonly process: ChildProcess
  stop(): Promise<void>
}

const startMs = 60_000

export async function startLiveServer(env: Readonly<Record<string, string>> = {}): Promise<LiveServer> {
  const dataFolder = env.COMMET_DATA_DIR ?? (await mkdtemp(path.join(tmpdir(), 'commet-live-')))
  const child = spawn(
    process.execPath,
    ['--conditions=commet-source', path.join(root, 'apps/server/src/main.ts')],
    {
      cwd: root,
      env: { ...process.env, PORT: '0', COMMET_DATA_DIR: dataFolder, COMMET_API_KEY: '', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const { address, ownerLink } = await readBanner(child)
  return {
    address,
    ownerLink,
    apiKey: (await readFile(path.join(dataFolder, 'sandbox.key'), 'utf8')).trim(),
    dataFolder,
    process: child,
    stop: async () => {
      await ended(child)
      if (env.COMMET_DATA_DIR === undefined) await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

/** Reads the banner, which ends with the data folder; what comes after it is the log, which is dropped. */
function readBanner(child: ChildProcess): Promise<Pick<LiveServer, 'address' | 'ownerLink'>> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const timer = setTimeout(() => reject(new Error(`The server did not start: ${printed}`)), startMs)
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += printed.length < 10_000 ? chunk.toString() : ''
      const [, address] = /Commet is ready: (\S+)[\s\S]*Data folder:/.exec(printed) ?? []
      if (address === undefined) return
      const [ownerLink = ''] = /\S+\/accept#\S+/.exec(printed) ?? []
      clearTimeout(timer)
      resolve({ address, ownerLink })
    })
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${printed}`)))
  })
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
