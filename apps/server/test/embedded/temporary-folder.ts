// Owns: folders for one test, the programs started in them, and clearing both away.
// Always: processes are ended by the ids they were started with.

import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach } from 'vitest'
import {
  type EmbeddedConnection,
  type EmbeddedDatabase,
  type EmbeddedDatabaseOptions,
  startEmbeddedDatabase,
} from '../../src/embedded/embedded-database.ts'
import { EmbeddedDatabaseError } from '../../src/embedded/embedded-database-error.ts'

export const isRoot = process.getuid?.() === 0

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** Runs when the test has ended, last added first. */
export function afterTest(clean: () => unknown): void {
  cleanups.push(clean)
}

/** A folder that is gone after the test; mode 0700, as mkdtemp makes them. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'commet-test-')))
  afterTest(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts a database that is stopped after the test, without waiting for the disk unless told to. */
export async function start(
  dataFolder: string,
  more: Partial<EmbeddedDatabaseOptions> = {},
): Promise<EmbeddedDatabase> {
  const database = await startEmbeddedDatabase({ dataFolder, settings: { fsync: 'off' }, ...more })
  afterTest(() => database.stop())
  return database
}

/** The error a start is refused with; also checks that it is one line. */
export async function refusal(dataFolder: string): Promise<EmbeddedDatabaseError> {
  const answer = await start(dataFolder).catch((error: unknown) => error)
  if (!(answer instanceof EmbeddedDatabaseError))
    throw new Error('the start was not refused', { cause: answer })
  if (answer.message.includes('\n')) throw new Error(`more than one line: ${answer.message}`)
  return answer
}

/** Runs one statement on a connection of its own. */
export async function query(
  connection: EmbeddedConnection,
  statement: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}
