import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import {
  type BenchDatabase,
  liveEnvironment,
  openBenchDatabase,
  samplesOf,
  seedCustomers,
} from '../database.ts'
import { type ServerProcess, startOurs } from '../processes.ts'
import { circumstances, writeSection } from '../results-file.ts'
import { searchTerms } from '../search-terms.ts'
import { type Measured, report, type Step } from './report.ts'

/**
 * `npm run bench:dashboard`: a person searches, opens a customer and goes back, in Chromium, among a thousand customers and
 * among a hundred thousand; how long the screen takes to show it. Writes its section of RESULTS.md.
 *
 * `-- --times N` takes fewer samples and writes nothing; `--trace FILE` keeps the trace of the browser.
 */

const { values: options } = parseArgs({
  options: { times: { type: 'string' }, trace: { type: 'string' } },
})

const sizes = [1_000, 100_000]
/** Ten of each kind of term. */
const times = Number(options.times ?? 100)
const warmTimes = 10
/** Between the first key and the rest, which comes at once: the pages are asking for the first then. */
const afterFirstKeyMs = 60
const executablePath = '/usr/bin/chromium'

const apiKey = `ck_live_${randomBytes(24).toString('hex')}`
const folder = await mkdtemp(path.join(tmpdir(), 'commet-bench-'))
const opening = openBenchDatabase(undefined)
let server: ServerProcess | undefined
let browser: Browser | undefined
let cleaning: Promise<void> | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)))
}
try {
  const text = report(await measure(await opening), circumstances(), browserVersion())
  console.log(text)
  if (options.times === undefined) writeSection('dashboard', text)
} finally {
  await cleanUp()
}

function cleanUp(): Promise<void> {
  cleaning ??= (async () => {
    await browser?.close()
    await server?.stop()
    await opening.then((database) => database.stop())
    await rm(folder, { recursive: true, force: true })
  })()
  return cleaning
}

function browserVersion(): string {
  return browser?.version() ?? ''
}

async function measure(database: BenchDatabase): Promise<readonly Measured[]> {
  const log = path.join(folder, 'server.log')
  server = await startOurs(settings(database), log)
  const environmentId = await liveEnvironment(database)
  const asRoot = process.getuid?.() === 0
  browser = await chromium.launch({
    executablePath,
    args: asRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : [],
  })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.addInitScript({ path: path.join(import.meta.dirname, 'in-page.mjs') })
  await signIn(page, await readFile(log, 'utf8'))
  await browser.startTracing(page, {
    ...(options.trace === undefined ? {} : { path: path.resolve(options.trace) }),
    categories: ['devtools.timeline', 'blink.user_timing'],
  })
  const measured: Measured[] = []
  let seeded = 0
  for (const customers of sizes) {
    console.error(`${customers} customers`)
    await seedCustomers(database, environmentId, seeded, customers)
    await addHistory(database, environmentId)
    seeded = customers
    const samples = await samplesOf(database, customers, 1_000)
    const terms = searchTerms(samples, times + warmTimes).map(({ term }) => term)
    measured.push({ customers, steps: await walk(page, server.origin, terms) })
  }
  await browser.stopTracing()
  return measured
}

function settings(database: BenchDatabase): Readonly<Record<string, string>> {
  return {
    ...{ PORT: '0', HOST: '127.0.0.1', COMMET_DATA_DIR: path.join(folder, 'data'), COMMET_DEMO: 'false' },
    ...{ DATABASE_URL: database.url, COMMET_SECRET: randomBytes(32).toString('hex'), COMMET_API_KEY: apiKey },
  }
}

/** By the link that the server prints for the first owner. */
async function signIn(page: Page, log: string): Promise<void> {
  const [link] = /http:\S+\/accept#\S+/.exec(log) ?? []
  if (link === undefined) throw new Error('The server printed no link for its owner')
  await page.goto(link)
  await page.getByLabel('Name', { exact: true }).fill('Grace Hopper')
  await page.getByLabel('E-mail address', { exact: true }).fill('grace@example.com')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Make the account', exact: true }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/accept'))
}

/** Everyone has a timeline: who made them. */
async function addHistory(database: BenchDatabase, environmentId: string): Promise<void> {
  await database.owner(
    `insert into commet.audit_entries
       (environment_id, id, operation, subject_id, actor_kind, after, occurred_at, recorded_at)
     select environment_id, 'aud_' || substr(id, 5), 'customers.create', id, 'system', jsonb_build_object('email', email), created_at, created_at
     from commet.customers where environment_id = $1 on conflict do nothing`,
    [environmentId],
  )
  await database.owner('vacuum (analyze) commet.audit_entries')
}

type Customer = { readonly id: string; readonly fullName: string; readonly email: string }

/** For each term: search, open the first that is found, go back to the results. */
async function walk(page: Page, origin: string, terms: readonly string[]): Promise<Record<Step, number[]>> {
  const steps: Record<Step, number[]> = { search: [], open: [], back: [] }
  await page.goto(`${origin}/live/customers`)
  const all = await find(origin, '')
  const search = page
    .getByRole('searchbox')
    .or(page.getByLabel('Search', { exact: true }))
    .first()
  for (const [place, term] of terms.entries()) {
    const found = await find(origin, term)
    const [first] = found
    const rows = found.map(({ id }) => id)
    await inPage(
      page,
      'shown',
      'rows',
      all.map(({ id }) => id),
    )
    await search.click()
    // Where the first letter already finds the same, as `x` does of `xe`, all of it is typed at once.
    const early = (await find(origin, term.slice(0, 1))).map(({ id }) => id)
    const typedFirst = isDeepStrictEqual(early, rows) ? 0 : 1
    await page.keyboard.type(term.slice(0, typedFirst), { delay: afterFirstKeyMs })
    await inPage(page, 'watch', 'search', 'input', 'rows', rows)
    await page.keyboard.type(term.slice(typedFirst))
    const searched = await inPage(page, 'result')
    if (place >= warmTimes) steps.search.push(searched)
    if (first === undefined) {
      await search.fill('')
      continue
    }
    await inPage(page, 'watch', 'open', 'click', 'customer', { name: first.fullName, email: first.email })
    await page.locator(`tbody a[href*="${first.id}"]`).first().click()
    const opened = await inPage(page, 'result')
    const wentBack = await inPage(page, 'back', 'back', 'rows', rows)
    await search.fill('')
    if (place < warmTimes) continue
    steps.open.push(opened)
    steps.back.push(wentBack)
  }
  return steps
}

function inPage(page: Page, name: string, ...given: readonly unknown[]): Promise<number> {
  return page.evaluate(`commetBench.${name}(${given.map((value) => JSON.stringify(value)).join(', ')})`)
}

async function find(origin: string, search: string): Promise<readonly Customer[]> {
  const query = new URLSearchParams({ limit: '25', ...(search === '' ? {} : { search }) })
  const answer = await fetch(`${origin}/api/v1/customers?${query}`, { headers: { 'x-api-key': apiKey } })
  return ((await answer.json()) as { readonly data: readonly Customer[] }).data
}
