import { DatabaseError } from 'pg-protocol'
import type { Trouble } from './strain.ts'

/** What an error of the database says: about a row, about the database itself, or that it cannot be reached. */

/** The code of a database error, such as 23505, or undefined. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined
}

/** True when a unique index of this name refused the row. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  return error instanceof DatabaseError && error.code === '23505' && error.constraint === index
}

/** The fields of a database error that name no row's values; undefined for other errors. */
export function databaseErrorFields(error: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!(error instanceof DatabaseError)) return undefined
  const { code, table, constraint, routine } = error
  return { code, table, constraint, routine }
}

/** The database is away, and nothing was sent to it. */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway'
}

/** Every connection that reads share is held up by a statement, and nothing was sent. */
export class ReadsHeldUp extends Error {
  override readonly name = 'ReadsHeldUp'
}

const lossCodes: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
])

/**
 * Whether the connection to the database was lost, or none could be made: the request failed, and nothing is wrong with
 * it or with us. The database says so itself (57P01 to 57P03: it stops, has crashed, is starting), or the system does.
 */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true
  if (error instanceof DatabaseError) return /^57P0[1-3]$/.test(error.code ?? '')
  if (!(error instanceof Error)) return false
  if ('code' in error && 'syscall' in error) return lossCodes.has(String(error.code))
  return /^(Connection terminated|Client has encountered a connection error|timeout expired)/.test(
    error.message,
  )
}

const troubles: Readonly<Record<string, Trouble>> = {
  '53100': 'full',
  '57014': 'slow',
  '25P03': 'slow',
  '53300': 'busy',
}

/** Which trouble of a database that answers this is: nothing is wrong with the request, and nothing of it was kept. */
export function troubleOf(error: unknown): Trouble | undefined {
  const code = sqlState(error)
  if (code !== undefined) return troubles[code]
  if (error instanceof ReadsHeldUp) return 'busy'
  const isPoolTimeout =
    error instanceof Error && error.message.startsWith('timeout exceeded when trying to connect')
  return isPoolTimeout ? 'busy' : undefined
}

/** An outage or a trouble of the database: it is told once, and not by whoever meets it. */
export function isToldOnce(error: unknown): boolean {
  return isUnreachable(error) || troubleOf(error) !== undefined
}

/** Errors that did not come from the database come from the connection to it, or from our own code. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code?.startsWith('57P') ?? false
  return (
    error instanceof Error &&
    ('code' in error || /connection|terminat/i.test(error.message)) &&
    error.name !== 'Refusal'
  )
}
