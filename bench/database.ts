import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startEmbeddedDatabase } from '../apps/server/src/embedded/embedded-database.ts'
import { floorParts } from './parts.ts'
import { replayedKeys, type Sample } from './requests.ts'

/** The database of the benchmark: the embedded one with the settings of production, or one that was named. */

export type BenchDatabase = {
  readonly url: string
  /** Where it is, for programs that take libpq's variables. */
  readonly connection: pg.ClientConfig
  readonly version: string
  /** Runs a statement as the owner. */
  owner<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>
  stop(): Promise<void>
}

const name = 'commet_bench'

export async function openBenchDatabase(given: string | undefined): Promise<BenchDatabase> {
  const { admin, release } = given === undefined ? await startEmbedded() : external(given)
  await runOnce(admin, [
    `drop database if exists ${name} with (force)`,
    `create database ${name} template template0 encoding 'UTF8'`,
  ])
  const connection = { ...admin, database: name }
  const client = new pg.Client(connection)
  await client.connect()
  const owner = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
    (await client.query<Row>(text, [...values])).rows
  const [row] = await owner<{ version: string }>(`select current_setting('server_version') as version`)
  return {
    url: urlOf(connection),
    connection,
    version: row?.version.split(' ')[0] ?? 'unknown',
    owner,
    stop: async () => {
      await client.end()
      if (given !== undefined) await runOnce(admin, [`drop database ${name} with (force)`])
      await release()
    },
  }
}

async function startEmbedded() {
  const folder = await mkdtemp(path.join(tmpdir(), 'commet-bench-'))
  const embedded = await startEmbeddedDatabase({
    dataFolder: folder,
    // Room for all contenders at once; everything else is as in production.
    settings: { max_connections: '120' },
  })
  const { host, port, user, password, database } = embedded.connection
  return {
    admin: { host, port, user, database, ...(password === undefined ? {} : { password }) },
    release: async () => {
      await embedded.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function external(url: string) {
  const { host, port, user, password, database } = new pg.Client(url)
  const known = {
    host,
    port,
    ...(user === undefined ? {} : { user }),
    ...(database === undefined ? {} : { database }),
  }
  return { admin: { ...known, ...(password ? { password } : {}) }, release: async () => {} }
}

async function runOnce(connection: pg.ClientConfig, statements: readonly string[]): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

function urlOf({ host, port, user, password, database }: pg.ClientConfig): string {
  const login = typeof password === 'string' ? `${user}:${encodeURIComponent(password)}` : user
  return `postgresql://${login}@/${database}?host=${encodeURIComponent(host ?? '')}&port=${port}`
}

export async function liveEnvironment(database: BenchDatabase): Promise<string> {
  const [row] = await database.owner<{ id: string }>(`select id from commet.environments where mode = 'live'`)
  if (row === undefined) throw new Error('The server made no live environment')
  return row.id
}

/** Grows the environment to so many customers. Large steps build the search index anew, which is faster. */
export async function seedCustomers(
  database: BenchDatabase,
  environmentId: string,
  from: number,
  to: number,
): Promise<void> {
  const seed = readFileSync(path.join(import.meta.dirname, 'seed.sql'), 'utf8')
  const [index] = await database.owner<{ definition: string }>(
    `select pg_get_indexdef('commet.customers_search'::regclass) as definition`,
  )
  await database.owner(`set maintenance_work_mem = '512MB'`)
  await database.owner('drop index commet.customers_search')
  await database.owner(seed, [environmentId, from, to])
  await database.owner(index?.definition ?? '')
  await database.owner('vacuum (analyze) commet.customers')
  await database.owner('checkpoint')
}

export async function makeFloor(database: BenchDatabase, environmentId: string): Promise<void> {
  const { setup, fill } = floorParts()
  await database.owner(setup ?? '')
  await database.owner(fill ?? '', [environmentId])
  await database.owner(
    `insert into floor.answers select 'replayed' || n, repeat('x', 450) from generate_series(0, $1 - 1) as n`,
    [replayedKeys],
  )
  await database.owner('vacuum (analyze) floor.customers')
}

/** The same customers for every run. */
export function samplesOf(database: BenchDatabase, customers: number, count = 2_000): Promise<Sample[]> {
  return database.owner<Sample>(
    `select id, external_id, email from commet.customers
     where external_id = any (select 'user_' || (1 + n * $1::bigint / $2) from generate_series(0, $2 - 1) as n) order by id`,
    [customers, count],
  )
}

/** Takes away what the last run wrote, so that the next one finds the tables as they were. */
export async function tidy(database: BenchDatabase): Promise<void> {
  await database.owner(`delete from commet.customers where external_id like 'new\\_%'`)
  await database.owner(`delete from floor.customers where external_id like 'new\\_%'`)
  await database.owner('truncate commet.events, commet.audit_entries, commet.idempotency_keys')
  await database.owner('vacuum commet.customers, floor.customers')
  await database.owner('checkpoint')
}
