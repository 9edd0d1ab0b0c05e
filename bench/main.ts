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
import { forgettingRun } from './forgetting.ts'
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
 * rounds; then deep pages, search as the table grows, memory, and forgetting beside writes. Writes RESULTS.md.
 *
 * `-- --quick` is a look in a few minutes that writes nothing; `--only get,list` takes some operations, `--only extras` what
 * comes after them, or one of it: deep, growth, memory, forgetting; `--profile FOLDER` writes processor profiles of our server; `--database-url URL` uses that PostgreSQL
 * instead of the embedded one.
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
  hourOfRequests: 180_000,
  forgotten: 1_000_000,
}
const quick = {
  rounds: 3,
  readMs: 1_000,
  writeMs: 1_000,
  pgbenchSeconds: 1,
  searches: [10_000, 100_000],
  searchTimes: 500,
  hourOfRequests: 40_000,
  forgotten: 50_000,
}
const customers = 100_000
const extraNames = ['deep', 'growth', 'memory', 'forgetting']
const wantedNames = options.only?.split(',')
const extras = chosenExtras()
const size = options.quick ? quick : full
const say = (line: string) => console.error(`${Math.round(performance.now() / 1_000)} s  ${line}`)

const secret = randomBytes(32).toString('hex')
const apiKey = `ck_live_${randomBytes(24).toString('hex')}`
const folder = await mkdtemp(path.join(tmpdir(), 'commet-bench-'))
const starting: Promise<ServerProcess>[] = []
const opening = openBenchDatabase(options['database-url'])
let cleaning: Promise<void> | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)))
}
try {
  console.log(report(await measure(await opening, keepSoFar)))
} finally {
  await cleanUp()
}

/** Leaves nothing behind, whoever asks first. */
function cleanUp(): Promise<void> {
  cleaning ??= (async () => {
    for (const server of await Promise.allSettled(starting)) {
      if (server.status === 'fulfilled') await server.value.stop()
    }
    await opening.then((database) => database.stop())
    await rm(folder, { recursive: true, force: true })
  })()
  return cleaning
}

/** A full run writes what it has after each part, so that one that breaks off has not run for nothing. */
function keepSoFar(figures: Figures): void {
  if (!options.quick && options.only === undefined && !options['no-extras']) writeResults(report(figures))
}

async function measure(database: BenchDatabase, keep: (figures: Figures) => void): Promise<Figures> {
  say('recording what our server sends')
  const scripts = await recordScripts(database.url, secret, apiKey)
  await database.owner(
    'truncate commet.customers, commet.events, commet.audit_entries, commet.idempotency_keys',
  )
  const environmentId = await liveEnvironment(database)
  const ours = await started(startOurs(settings(database), path.join(folder, 'server.log'), profiling()))
  const searches: SearchLatency[] = []
  let seeded = 0
  const growTo = async (wanted: number) => {
    say(`seeding ${wanted} customers`)
    if (wanted > seeded) await seedCustomers(database, environmentId, seeded, wanted)
    seeded = Math.max(seeded, wanted)
    if (!extras.has('growth') || !size.searches.includes(wanted)) return
    say(`searching among ${wanted} customers`)
    const samples = await samplesOf(database, wanted)
    searches.push(await searchLatency(ours.origin, apiKey, samples, wanted, size.searchTimes))
  }
  for (const wanted of size.searches.filter((count) => count <= customers)) await growTo(wanted)
  await makeFloor(database, environmentId)
  const floor = await started(startBare('floor-server.ts', database.connection))
  const same = await started(startBare('same-server.ts', { ...scripts, readConnections, writeConnections }))
  const samples = await samplesOf(database, customers)
  const source = { apiKey, samples }
  const rounds = await runRounds({
    ...{ database, source, operations: chosen(), rounds: size.rounds, say },
    ...{ readMs: size.readMs, writeMs: size.writeMs, pgbenchSeconds: size.pgbenchSeconds },
    contenders: { ours, floor, same },
    pgbench: await findPgbench(database, customers, samples),
  })
  const found: Mutable<Pick<Figures, 'deepPage' | 'memory' | 'forgetting'>> = {}
  const figures = (complete: boolean): Figures => ({
    ...{ quick: options.quick, complete, database: database.version, customers, rounds: size.rounds },
    ...{ ...rounds, ...found, searches },
  })
  keep(figures(false))
  if (extras.has('deep')) {
    say('deep pages')
    found.deepPage = await deepPage(ours.origin, apiKey, database, customers, 300)
    keep(figures(false))
  }
  if (extras.has('memory')) {
    say('an hour of requests')
    found.memory = await memoryRun(ours, source, size.hourOfRequests)
    keep(figures(false))
    await tidy(database)
  }
  if (extras.has('forgetting')) {
    say(`forgetting ${size.forgotten} answers, events and audit entries`)
    found.forgetting = await forgettingRun({
      ...{ database, secret, environmentId, ours, source },
      many: size.forgotten,
    })
    keep(figures(false))
    await tidy(database)
  }
  if (extras.has('growth')) {
    for (const wanted of size.searches.filter((count) => count > customers)) await growTo(wanted)
  }
  keep(figures(true))
  return figures(true)
}

type Mutable<T> = { -readonly [name in keyof T]: T[name] }

function started(server: Promise<ServerProcess>): Promise<ServerProcess> {
  starting.push(server)
  return server
}

/**
 * Everything on, as in production; the rate limit counts, and is high enough for the load. Upkeep is the bench's to start,
 * or the server's worker would forget what `forgetting` has put there before it is measured.
 */
function settings(database: BenchDatabase): Readonly<Record<string, string>> {
  return {
    ...{ PORT: '0', HOST: '127.0.0.1', COMMET_DATA_DIR: path.join(folder, 'data') },
    ...{ DATABASE_URL: database.url, COMMET_SECRET: secret, COMMET_API_KEY: apiKey },
    ...{ COMMET_DEMO: 'false', COMMET_WORKER: 'off', COMMET_RATE_LIMIT: '1000000000' },
  }
}

function profiling(): readonly string[] {
  return options.profile === undefined
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(options.profile)}`]
}

function chosen(): readonly OperationName[] {
  return operationNames.filter((name) => wantedNames === undefined || wantedNames.includes(name))
}

/** What comes after the operations. The name of an operation alone asks for none of it. */
function chosenExtras(): ReadonlySet<string> {
  if (options['no-extras']) return new Set()
  if (wantedNames === undefined || wantedNames.includes('extras')) return new Set(extraNames)
  return new Set(extraNames.filter((name) => wantedNames.includes(name)))
}
