import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'
import { StartRefused } from '../start-refused.ts'

/**
 * Runs the numbered files that have not run yet, in order, each in a transaction of its own. They only go forward.
 * Servers that start together wait for one another: one of them migrates, the others find it done.
 */

const folder = new URL('./migrations/', import.meta.url)
const lockId = 7_226_001

type Migration = {
  readonly number: number
  readonly name: string
  readonly text: string
  readonly hash: string
}

export async function migrate(owner: pg.Client): Promise<void> {
  const files = await readMigrations()
  await owner.query('select pg_advisory_lock($1)', [lockId])
  try {
    const done = await appliedMigrations(owner)
    assertKnown(files, done)
    for (const file of files) if (!done.has(file.number)) await apply(owner, file)
  } finally {
    await owner.query('select pg_advisory_unlock($1)', [lockId])
  }
}

async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  return Promise.all(names.map(readMigration))
}

async function readMigration(name: string): Promise<Migration> {
  const text = await readFile(new URL(name, folder), 'utf8')
  return {
    number: Number(name.slice(0, 4)),
    name,
    text,
    hash: createHash('sha256').update(text).digest('hex'),
  }
}

async function appliedMigrations(owner: pg.Client): Promise<ReadonlyMap<number, string>> {
  await owner.query('create schema if not exists commet')
  await owner.query(`
    create table if not exists commet.migrations (
      number integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now()
    )`)
  const { rows } = await owner.query<{ number: number; hash: string }>(
    'select number, hash from commet.migrations',
  )
  return new Map(rows.map(({ number, hash }) => [number, hash]))
}

function assertKnown(files: readonly Migration[], done: ReadonlyMap<number, string>): void {
  const byNumber = new Map(files.map((file) => [file.number, file]))
  for (const [number, hash] of done) {
    const file = byNumber.get(number)
    if (file === undefined) {
      throw new StartRefused(
        `The database was migrated by a newer Commet (step ${number}); start that version or a later one.`,
      )
    }
    if (file.hash !== hash) {
      throw new StartRefused(
        `Migration ${file.name} differs from the one this database was made with; restore the file.`,
      )
    }
  }
}

async function apply(owner: pg.Client, file: Migration): Promise<void> {
  await owner.query('begin')
  try {
    await owner.query('set local search_path = commet, public')
    await owner.query(file.text)
    await owner.query('insert into commet.migrations (number, name, hash) values ($1, $2, $3)', [
      file.number,
      file.name,
      file.hash,
    ])
    await owner.query('commit')
  } catch (error) {
    await owner.query('rollback')
    throw error
  }
}
