import { execFile, spawn } from 'node:child_process'
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { prepareDatabase } from '@commet/server/db/prepare'
import { startEmbeddedDatabase } from '@commet/server/embedded/embedded-database'
import pg from 'pg'

/**
 * One PostgreSQL for a whole test run: the embedded one, or Debian's, which is the oldest version we support. Nothing in
 * it outlives the run, so it may forget on a crash; tests of durability start databases of their own.
 */

export const testSecret = 'a secret of the tests, 32 characters or more'
export const templateName = 'commet_template'

export type TestPostgres = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password?: string
  stop(): Promise<void>
}

const settings = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '300',
  shared_buffers: '128MB',
}

const run = promisify(execFile)

export async function startTestPostgres(kind: 'embedded' | 'system'): Promise<TestPostgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'commet-test-'))
  await chmod(folder, 0o755)
  const server = kind === 'embedded' ? await startEmbedded(folder) : await startSystem(folder)
  await makeTemplate(server)
  return {
    ...server,
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startEmbedded(folder: string): Promise<TestPostgres> {
  const { connection, stop } = await startEmbeddedDatabase({ dataFolder: folder, settings })
  return { ...connection, stop }
}

/** The folder of Debian's newest PostgreSQL, or undefined where none is installed. */
export async function systemPostgres(): Promise<string | undefined> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const newest = versions.toSorted((a, b) => Number(a) - Number(b)).at(-1)
  return newest === undefined ? undefined : path.join('/usr/lib/postgresql', newest, 'bin')
}

/** Debian's package makes the user postgres; PostgreSQL refuses to run as root. */
async function startSystem(folder: string): Promise<TestPostgres> {
  const bin = await systemPostgres()
  if (bin === undefined) throw new Error('PostgreSQL of the system is not installed')
  const asRoot = process.getuid?.() === 0
  if (asRoot) await chownToPostgres(folder)
  const prefix = asRoot ? ['runuser', '-u', 'postgres', '--'] : []
  const data = path.join(folder, 'data')
  await runWith(prefix, path.join(bin, 'initdb'), [
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale=C',
  ])
  const args = Object.entries({
    ...settings,
    listen_addresses: '',
    unix_socket_directories: folder,
    port: '5432',
  })
  const [command = '', ...rest] = [...prefix, path.join(bin, 'postgres'), '-D', data]
  const child = spawn(command, [...rest, ...args.flatMap(([name, value]) => ['-c', `${name}=${value}`])], {
    stdio: 'ignore',
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const connection = { host: folder, port: 5432, user: 'postgres' }
  await waitUntilReady(connection)
  return {
    ...connection,
    stop: async () => {
      await runWith(prefix, path.join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop'])
      await exited
    },
  }
}

async function chownToPostgres(folder: string): Promise<void> {
  const { stdout } = await run('id', ['-u', 'postgres'])
  await chown(folder, Number(stdout), -1)
}

async function runWith(prefix: readonly string[], program: string, args: readonly string[]): Promise<void> {
  const [command = '', ...rest] = [...prefix, program, ...args]
  await run(command, rest)
}

async function waitUntilReady(connection: { host: string; port: number; user: string }): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const client = new pg.Client({ ...connection, database: 'postgres' })
    client.on('error', () => undefined)
    const ready = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => undefined)
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('PostgreSQL of the system did not start')
}

/** Migrates once; every test database is then a copy, made in milliseconds. */
async function makeTemplate(server: TestPostgres): Promise<void> {
  const { host, port, user, password } = server
  const login = { host, port, user, ...(password === undefined ? {} : { password }) }
  const admin = new pg.Client({ ...login, database: 'postgres' })
  await admin.connect()
  await admin.query(`create database ${templateName} template template0 encoding 'UTF8'`)
  await admin.end()
  await prepareDatabase({ ...login, database: templateName }, testSecret)
}
