import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { templateName } from './postgres.ts'

/** Databases of tests: each a copy of the migrated template on the PostgreSQL of the run. */

export type TestDatabase = {
  /** DATABASE_URL of its owner. */
  readonly url: string
  /** Runs a statement as the owner, past row-level security: for what no caller may do. */
  owner<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>
  drop(): Promise<void>
}

type Login = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password?: string
}

function login(): Login {
  const text = process.env.COMMET_TEST_CONNECTION
  if (text === undefined) throw new Error('The global setup of the test run did not start PostgreSQL')
  return JSON.parse(text) as Login
}

/** A copy of the migrated template, or an empty database with `empty`. */
export async function createTestDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const source = options.empty === true ? `template template0 encoding 'UTF8'` : `template ${templateName}`
  await asAdmin((admin) => admin.query(`create database ${name} ${source}`))
  const pool = new pg.Pool({ ...login(), database: name, max: 4, options: '-c search_path=commet,public' })
  pool.on('error', () => undefined)
  return {
    url: urlOf(name),
    owner: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await pool.query<Row>(text, [...values])).rows,
    drop: async () => {
      await pool.end()
      await asAdmin((admin) => admin.query(`drop database ${name} with (force)`))
    },
  }
}

async function asAdmin(work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ ...login(), database: 'postgres' })
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}

function urlOf(database: string): string {
  const { host, port, user, password } = login()
  const name = password === undefined ? user : `${user}:${encodeURIComponent(password)}`
  return `postgresql://${name}@/${database}?host=${encodeURIComponent(host)}&port=${port}`
}
