import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readConnections, writeConnections } from '../apps/server/src/kernel/db.ts'
import {
  type BenchDatabase,
  liveEnvironment,
  makeFloor,
  openBenchDatabase,
  samplesOf,
  seedCustomers,
  tidy,
} from './database.ts'
import { deepPage, type SearchLatency, searchLatency } from './latency.ts'
import { memoryRun } from './memory.ts'
import { findPgbench } from './pgbench.ts'
import { type ServerProcess, startBare, startOurs } from './processes.ts'
import { recordScripts } from './record.ts'
import { type Figures, report, writeResults } from './report.ts'
import { type OperationName, operationNames } from './requests.ts'
import { runRounds } from './rounds.ts'

/**
 * `npm run bench`: our server against the fixed floor and against a bare server that sends our statements, in alternating
 * rounds; then deep pages, search as the table grows, and memory. Writes RESULTS.md.
 *
 * `-- --quick` is a look in two minutes that writes nothing; `--only get,list` takes some operations; `--profile FOLDER`
 * writes processor profiles of our server; `--database-url URL` uses that PostgreSQL instead of the embedded one.
 */

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    profile: { type: 'string' },
    'database-url': { type: 'string' },
    'no-extras': { type: 'boolean', default: false },
  },
})

const full = {
  rounds: 5,
  readMs: 2_000,
  writeMs: 2_500,
  pgbenchSeconds: 2,
  searches: [10_000, 100_000, 1_000_000],
  searchTimes: 2_000,
  hourOfRequests: 360_000,
}
const quick = {
  rounds: 3,
  readMs: 1_000,
  writeMs: 1_000,
  pgbenchSeconds: 1,
  searches: [10_000, 100_000],
  searchTimes: 500,
  hourOfRequests: 40_000,
}
const customers = 100_000
const size = options.quick ? quick : full
const say = (line: string) => console.error(`${Math.round(performance.now() / 1_000)} s  ${line}`)

const secret = randomBytes(32).toString('hex')
const apiKey = `ck_live_${randomBytes(24).toString('hex')}`
const folder = await mkdtemp(path.join(tmpdir(), 'commet-bench-'))
const database = await openBenchDatabase(options['database-url'])
const started: ServerProcess[] = []
try {
  const text = report(await measure(database))
  console.log(text)
  if (!options.quick && options.only === undefined && !options['no-extras']) writeResults(text)
} finally {
  for (const server of started) await server.stop()
  await database.stop()
  await rm(folder, { recursive: true, force: true })
}

async function measure(database: BenchDatabase): Promise<Figures> {
  say('recording what our server sends')
  const scripts = await recordScripts(database.url, secret, apiKey)
  await database.owner(
    'truncate commet.customers, commet.events, commet.audit_entries, commet.idempotency_keys',
  )
  const environmentId = await liveEnvironment(database)
  const ours = await keep(startOurs(settings(), path.join(folder, 'server.log'), profiling()))
  const searches: SearchLatency[] = []
  let seeded = 0
  const growTo = async (wanted: number) => {
    say(`seeding ${wanted} customers`)
    if (wanted > seeded) await seedCustomers(database, environmentId, seeded, wanted)
    seeded = Math.max(seeded, wanted)
    if (options['no-extras'] || !size.searches.includes(wanted)) return
    say(`searching among ${wanted} customers`)
    const samples = await samplesOf(database, wanted)
    searches.push(await searchLatency(ours.origin, apiKey, samples, wanted, size.searchTimes))
  }
  for (const wanted of size.searches.filter((count) => count <= customers)) await growTo(wanted)
  await makeFloor(database, environmentId)
  const floor = await keep(startBare('floor-server.ts', database.connection))
  const same = await keep(startBare('same-server.ts', { ...scripts, readConnections, writeConnections }))
  const samples = await samplesOf(database, customers)
  const source = { apiKey, samples }
  const rounds = await runRounds({
    ...{ database, source, operations: chosen(), rounds: size.rounds, say },
    ...{ readMs: size.readMs, writeMs: size.writeMs, pgbenchSeconds: size.pgbenchSeconds },
    contenders: { ours, floor, same },
    pgbench: await findPgbench(database, customers, samples),
  })
  const known = {
    quick: options.quick,
    database: database.version,
    customers,
    rounds: size.rounds,
    ...rounds,
  }
  if (options['no-extras']) return { ...known, deepPage: undefined, searches, memory: undefined }
  say('deep pages')
  const deep = await deepPage(ours.origin, apiKey, database, customers, 300)
  say('an hour of requests')
  const memory = await memoryRun(ours, source, size.hourOfRequests)
  await tidy(database)
  for (const wanted of size.searches.filter((count) => count > customers)) await growTo(wanted)
  return { ...known, deepPage: deep, searches, memory }
}

async function keep(starting: Promise<ServerProcess>): Promise<ServerProcess> {
  const server = await starting
  started.push(server)
  return server
}

/** Everything on, as in production; the rate limit counts, and is high enough for the load. */
function settings(): Readonly<Record<string, string>> {
  return {
    ...{ PORT: '0', HOST: '127.0.0.1', COMMET_DATA_DIR: path.join(folder, 'data') },
    ...{ DATABASE_URL: database.url, COMMET_SECRET: secret, COMMET_API_KEY: apiKey },
    ...{ COMMET_DEMO: 'false', COMMET_RATE_LIMIT: '1000000000' },
  }
}

function profiling(): readonly string[] {
  return options.profile === undefined
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(options.profile)}`]
}

function chosen(): readonly OperationName[] {
  const wanted = options.only?.split(',')
  return operationNames.filter((name) => wanted === undefined || wanted.includes(name))
}
