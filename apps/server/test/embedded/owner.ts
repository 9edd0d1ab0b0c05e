// A server in a process of its own, for tests that kill it: starts a database on the folder it is given, and
// prints its connection and process id, or the refusal.

import { startEmbeddedDatabase } from '../../src/embedded/embedded-database.ts'
import { EmbeddedDatabaseError } from '../../src/embedded/embedded-database-error.ts'

try {
  const database = await startEmbeddedDatabase({ dataFolder: process.argv[2] ?? '' })
  console.log(JSON.stringify({ connection: database.connection, processId: database.processId }))
  process.on('SIGTERM', () => database.stop().then(() => process.exit(0)))
} catch (error) {
  if (!(error instanceof EmbeddedDatabaseError)) throw error
  console.log(JSON.stringify({ problem: error.problem, message: error.message }))
}
