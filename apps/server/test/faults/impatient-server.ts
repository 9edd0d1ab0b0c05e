import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/kernel/log.ts'
import { startServer } from '../../src/server.ts'

/**
 * The server without its pages, and with little patience, so that a test of what it does when its patience is over takes
 * seconds. `npm run soak` does the same to the server as `npm start` runs it.
 */

const patience = { request: 8_000, headers: 8_000, betweenLooks: 250, silence: 15_000, statement: 1_000 }

const server = await startServer(readConfig(), createLog(), undefined, patience)
console.log(`Commet is ready: ${server.address}`)
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)))
