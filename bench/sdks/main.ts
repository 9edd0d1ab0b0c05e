import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type LiveServer, startLiveServer } from '../../scripts/live-server.ts'
import { root } from '../../scripts/run-programs.ts'
import { type Command, type Language, languages } from './languages.ts'
import { memoryOfSdk, overheadOf, type Size } from './measure.ts'
import { type Program, startProgram } from './program.ts'
import { startReplay } from './replay.ts'
import { type Measured, report, type Unmeasured, withKept, writeResults } from './report.ts'

/**
 * `npm run bench:sdks`: what `customers.get` costs through each client library, against the plain HTTP client of its
 * language on the same server; and the library's memory over 100,000 calls. Writes RESULTS.md.
 *
 * `-- --quick` is a look in two minutes that writes nothing; `--only go,python` takes some languages: their figures are kept,
 * and RESULTS.md is written once all languages of this version have figures of this day.
 */

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
})

type Settings = Readonly<Record<'COMMET_BASE_URL' | 'COMMET_API_KEY' | 'BENCH_CUSTOMER_ID', string>>

const full: Size = {
  rounds: 5,
  blocksPerRound: 10,
  callsPerBlock: 200,
  warmCalls: 3_000,
  memoryCalls: 100_000,
}
const quick: Size = { ...full, blocksPerRound: 4, callsPerBlock: 100, memoryCalls: 10_000 }
const size = options.quick ? quick : full
const kept = path.join(root, 'node_modules/.cache/commet-bench-sdks/figures.json')
const say = (line: string) => console.error(`${Math.round(performance.now() / 1_000)} s  ${line}`)

/** What a real customer has: every field of the answer is filled. */
const customer = {
  id: 'user_42',
  email: 'accounts@north.example',
  fullName: 'North Ltd',
  timezone: 'Europe/London',
  address: { line1: '1 Long Street', city: 'London', postalCode: 'N1 1AA', country: 'GB' },
  metadata: { plan_source: 'website', seats: 12, flags: { beta: true } },
}

const server = await startLiveServer({ COMMET_RATE_LIMIT: '0', COMMET_DEMO: 'false' })
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void server.stop().then(() => process.exit(1)))
try {
  const settings = await settingsOf(server)
  const results: (Measured | Unmeasured)[] = []
  for (const language of chosen()) results.push(await measure(language, settings))
  const run = { sdkVersion: ownVersion(), day: new Date().toISOString().slice(0, 10) }
  const known = options.quick ? results : inOrder(withKept(results, kept, run))
  const text = report(known, size, run.sdkVersion, run.day)
  console.log(text)
  if (!options.quick && known.length === languages.length) writeResults(text)
} finally {
  await server.stop()
}

function inOrder(results: readonly (Measured | Unmeasured)[]): readonly (Measured | Unmeasured)[] {
  return languages.flatMap(({ name }) => results.filter((result) => result.name === name))
}

function chosen(): readonly Language[] {
  const wanted = options.only?.toLowerCase().split(',')
  return languages.filter(({ name }) => wanted === undefined || wanted.includes(name.toLowerCase()))
}

async function settingsOf({ address, apiKey }: LiveServer): Promise<Settings> {
  const answer = await fetch(`${address}/api/v1/customers`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
    body: JSON.stringify(customer),
  })
  const { data } = (await answer.json()) as { readonly data: { readonly id: string } }
  return { COMMET_BASE_URL: address, COMMET_API_KEY: apiKey, BENCH_CUSTOMER_ID: data.id }
}

/** One language that fails keeps none of the others from being measured, but the run has failed. */
async function measure(language: Language, settings: Settings): Promise<Measured | Unmeasured> {
  try {
    const command = await language.prepare()
    if (!('missing' in command)) return await measureWith(command, language, settings)
    say(`${language.name}: skipped, ${command.missing} is missing`)
    return { ...language, why: `${command.missing} is missing` }
  } catch (error) {
    say(`${language.name}: failed, ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
    return { ...language, why: 'it failed' }
  }
}

async function measureWith(
  command: Command,
  { name, client }: Language,
  settings: Settings,
): Promise<Measured> {
  say(`${name}: against ${client}`)
  const [versions, overhead] = await withProgram(command, settings, async (program) => [
    program.versions,
    await overheadOf(program, size),
  ])
  say(`${name}: ratio ${overhead.ratio.median.toFixed(2)}; memory over ${size.memoryCalls} calls`)
  const { COMMET_BASE_URL: address, COMMET_API_KEY: key, BENCH_CUSTOMER_ID: id } = settings
  const replay = await startReplay(`${address}/api/v1/customers/${id}`, { 'x-api-key': key })
  try {
    const towards = { ...settings, COMMET_BASE_URL: replay.address }
    const memory = await withProgram(command, towards, (program) => memoryOfSdk(program, size.memoryCalls))
    return { name, client, versions, overhead, memory, load: loadavg()[0] ?? 0 }
  } finally {
    await replay.stop()
  }
}

async function withProgram<T>(
  command: Command,
  settings: Settings,
  use: (program: Program) => Promise<T>,
): Promise<T> {
  const program = await startProgram(command, settings)
  try {
    return await use(program)
  } finally {
    await program.stop()
  }
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    readonly version: string
  }
  return version
}
