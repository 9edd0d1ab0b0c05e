// Owns: the cluster's files: making them on the first start, and telling whether they are ours to run.
// Does not own: the running server.
// Always: `<dataFolder>/postgres` is either absent or a whole cluster: it is made aside and renamed when
// done.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { type Account, handOver, standIn } from './account.ts'
import { type Binaries, program } from './binaries.ts'
import { createPassword } from './doorway.ts'
import { EmbeddedDatabaseError, errorCode, fullDisk, tellsOfFullDisk } from './embedded-database-error.ts'
import { explainSpawnFailure } from './spawn-failure.ts'

/** The owner of everything in the cluster, and the database made for the server. */
export const CLUSTER_OWNER = 'postgres'
export const CLUSTER_DATABASE = 'commet'

/** What PostgreSQL's programs see of the environment: nothing that could change what they do. */
export const PROGRAM_ENVIRONMENT: Readonly<Record<string, string>> =
  process.platform === 'win32' ? { TZ: 'UTC' } : { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' }

/** A cluster and what it is run with. */
export type Cluster = {
  readonly dataFolder: string
  readonly folder: string
  readonly binaries: Binaries
  readonly account: Account
}

const ASIDE = 'postgres.new-'

/**
 * Makes the cluster where there is none (`quick`: without waiting for the disk), else checks that it can be
 * run.
 */
export async function prepareCluster(cluster: Cluster, quick: boolean): Promise<'created' | 'found'> {
  await removeInterrupted(cluster.dataFolder)
  if (existsSync(cluster.folder)) {
    await requireVersion(cluster)
    await handOver(cluster.folder, cluster.account)
    return 'found'
  }
  await createCluster(cluster, quick)
  return 'created'
}

/** An interrupted start may have left a half-made cluster, in which its initdb may even be at work still. */
async function removeInterrupted(dataFolder: string): Promise<void> {
  for (const name of await readdir(dataFolder)) {
    if (!name.startsWith(ASIDE)) continue
    await rm(path.join(dataFolder, name), { recursive: true, force: true }).catch(() => {})
  }
}

async function requireVersion({ folder, binaries }: Cluster): Promise<void> {
  const found = await readVersion(folder)
  if (found === binaries.major) return
  throw new EmbeddedDatabaseError(
    'wrong_version',
    found === undefined
      ? `${folder} holds no PostgreSQL database: move it away, or set COMMET_DATA_DIR to another folder.`
      : `The database in ${folder} is of PostgreSQL ${found} and this server runs PostgreSQL ${binaries.major}: ` +
          `start the Commet release that made it and move the data with "npm run move", or set COMMET_DATA_DIR ` +
          'to another folder.',
  )
}

async function readVersion(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(folder, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined
    throw error
  }
}

async function createCluster(cluster: Cluster, quick: boolean): Promise<void> {
  const aside = await mkdtemp(path.join(cluster.dataFolder, ASIDE))
  try {
    if (cluster.account !== undefined) await chown(aside, cluster.account.uid, cluster.account.gid)
    const made = { ...cluster, folder: aside }
    await initialize(made, quick)
    await createDatabase(made, quick)
    await rename(aside, cluster.folder)
    if (!quick) await syncFolder(cluster.dataFolder)
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => {})
    throw error
  }
}

/**
 * The builtin locale folds and orders letters of every script alike on every machine, and does not change
 * with the system's libraries, which would break indexes. Only pg_trgm still asks the system what a letter
 * is.
 */
async function initialize(cluster: Cluster, quick: boolean): Promise<void> {
  const options = [
    `--username=${CLUSTER_OWNER}`,
    '--auth-local=trust',
    '--auth-host=scram-sha-256',
    '--data-checksums',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--text-search-config=simple',
    '--no-instructions',
    ...(quick ? ['--no-sync'] : []),
  ]
  const run = (letters: string) => runProgram(cluster, 'initdb', [...options, `--lc-ctype=${letters}`])
  const first = await run(process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8')
  const done = /invalid locale/.test(first.output) ? await run('C') : first
  if (done.status !== 0) throw initializationFailed(cluster, done)
}

/** In single-user mode, so that a cluster in its place always has its database and its password. */
async function createDatabase(cluster: Cluster, quick: boolean): Promise<void> {
  const password = await createPassword(cluster.dataFolder)
  const statements = [
    `alter role ${CLUSTER_OWNER} password '${password}'`,
    `create database ${CLUSTER_DATABASE}`,
  ]
  const options = ['--single', '-c', `fsync=${quick ? 'off' : 'on'}`, '-c', 'log_checkpoints=off']
  const done = await runProgram(cluster, 'postgres', options, `${statements.join('\n')}\n`)
  if (done.status !== 0 || /(ERROR|FATAL|PANIC):/.test(done.output)) throw initializationFailed(cluster, done)
}

type Outcome = { readonly status: number | string; readonly output: string }

async function runProgram(
  cluster: Cluster,
  name: 'initdb' | 'postgres',
  options: readonly string[],
  input = '',
): Promise<Outcome> {
  const { cwd, name: folder } = await standIn(cluster.folder, cluster.account)
  const last = name === 'postgres' ? [CLUSTER_OWNER] : []
  const child = spawn(program(cluster.binaries, name), [...options, '-D', folder, ...last], {
    ...cluster.account,
    cwd,
    env: PROGRAM_ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  child.stdin.on('error', () => {}) // It ended without reading: its status says why.
  child.stdin.end(input)
  const closed = once(child, 'close') as Promise<[number | null, string | null]>
  const reported = Promise.all([text(child.stdout), text(child.stderr)])
  const [status, signal] = await closed.catch((error: unknown) => {
    throw explainSpawnFailure(error)
  })
  const output = await reported
  return { status: status ?? signal ?? 'unknown', output: output.join('\n') }
}

function initializationFailed(cluster: Cluster, { status, output }: Outcome): EmbeddedDatabaseError {
  if (tellsOfFullDisk(output)) return fullDisk(cluster.dataFolder)
  const lines = output.split('\n').filter((line) => /error:|ERROR:|FATAL:|PANIC:/.test(line))
  const why = lines.at(-1)?.replace(/^.*?(?=error:|ERROR:|FATAL:|PANIC:)/, '') ?? `it ended with ${status}`
  return new EmbeddedDatabaseError(
    'failed',
    `PostgreSQL could not set up a database in ${cluster.dataFolder} (${why}): mend that, or set DATABASE_URL ` +
      'to a PostgreSQL of your own.',
  )
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return // Folders cannot be opened there.
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
