// Owns: saying why one of PostgreSQL's programs could not even be started.
// Does not own: why a started one ended.
// Always: an answer for the operator where the cause is known.

import { noBinary } from './binaries.ts'
import { EmbeddedDatabaseError, errorCode } from './embedded-database-error.ts'

/** A program that is there and yet "not found" lacks its loader: it was built for another C library. */
export function explainSpawnFailure(error: unknown): unknown {
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ENOEXEC') return noBinary(`${process.platform}-${process.arch}`, error)
  if (code !== 'EPERM' && code !== 'EACCES') return error
  return new EmbeddedDatabaseError(
    'failed',
    `PostgreSQL's programs could not be started (${code}): start the server as an ordinary user, ` +
      'or set DATABASE_URL to a PostgreSQL of your own.',
    { cause: error },
  )
}
