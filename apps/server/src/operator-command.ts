import { parseArgs } from 'node:util'
import { type Config, readConfig } from './config.ts'
import { type DataFolder, findRunningDatabase, openDataFolder } from './data-folder.ts'
import { ownerPassword } from './embedded/doorway.ts'
import { type EmbeddedConnection, startEmbeddedDatabase } from './embedded/embedded-database.ts'
import { EmbeddedDatabaseError } from './embedded/embedded-database-error.ts'
import { databaseErrorFields } from './kernel/database-errors.ts'
import { openDatabase } from './kernel/db.ts'
import { describeError } from './kernel/describe-error.ts'
import { StartRefused } from './start-refused.ts'

/** What the commands of operators (backup, restore, move) share: their one argument, and how they end. */

/** Runs a command that takes one argument; what is expected to go wrong ends it in one line. */
export async function runOperatorCommand(
  usage: string,
  work: (argument: string, config: Config) => Promise<void>,
): Promise<void> {
  try {
    await work(argumentOf(usage), readConfig())
  } catch (error) {
    console.error(whyFailed(error))
    process.exitCode = 1
  }
}

/** One line on what went wrong. Messages of the database can quote rows, so its codes and names stand for them. */
export function whyFailed(error: unknown): string {
  if (error instanceof StartRefused || error instanceof EmbeddedDatabaseError) return error.message
  const fields = databaseErrorFields(error)
  if (fields !== undefined) {
    const { code, table, constraint } = fields
    const place = [table && `table ${table}`, constraint && `constraint ${constraint}`]
      .filter(Boolean)
      .join(', ')
    return `PostgreSQL refused it with SQLSTATE ${code}${place === '' ? '' : ` (${place})`}; see the log of PostgreSQL.`
  }
  const { error: name, reason = 'unknown reason' } = describeError(error)
  return `It failed: ${name}: ${String(reason).replaceAll(/\s+/g, ' ')}`
}

function argumentOf(usage: string): string {
  try {
    const { positionals } = parseArgs({ args: process.argv.slice(2), allowPositionals: true })
    const [argument, ...more] = positionals
    if (argument !== undefined && argument !== '' && more.length === 0) return argument
  } catch {
    throw new StartRefused(`Usage: ${usage}`)
  }
  throw new StartRefused(`Usage: ${usage}`)
}

/** Works on the embedded database of the running server if there is one, else on one started for the moment. */
export async function withEmbeddedOwner(
  config: Config,
  work: (connection: EmbeddedConnection, folder: DataFolder) => Promise<void>,
): Promise<void> {
  const folder = await openDataFolder(config.dataFolder)
  const running = await findReachable(folder)
  if (running !== undefined) return work(running, folder)
  const database = await startEmbeddedDatabase({ dataFolder: folder.path })
  try {
    await work(database.connection, folder)
  } finally {
    await database.stop()
  }
}

async function findReachable(folder: DataFolder): Promise<EmbeddedConnection | undefined> {
  const running = await findRunningDatabase(folder)
  if (running === undefined) return undefined
  const secret = running.host === '127.0.0.1' ? { password: await ownerPassword(folder.path) } : {}
  const connection = { ...running, ...secret, user: 'postgres' }
  const probe = openDatabase(connection)
  return (await probe.isReachable().finally(() => probe.close())) ? connection : undefined
}
