import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { systemPostgres } from '@commet/testkit/postgres'
import { startLiveServer } from './live-server.ts'
import { type Outcome, root, runNode, runProgram } from './run-programs.ts'

/**
 * `npm test`: the checks, then every test: on the embedded PostgreSQL, once more on Debian's, and the libraries of the
 * other languages against a started server. What a machine lacks is named at the end; with CI=true it is a failure.
 */

type Suite = {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly seconds: number
}

type TestResult = { readonly name: string; readonly milliseconds: number }

const strict = process.env.CI === 'true'
const vitest = 'node_modules/vitest/vitest.mjs'
const suites: Suite[] = []
const slowest: TestResult[] = []
const failures: string[] = []
const skipped: string[] = []
const missing: string[] = []

async function runChecks(): Promise<void> {
  const { code, seconds } = await runNode('scripts/check.ts', [], { show: true })
  suites.push({ name: 'check', passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, seconds })
}

async function runVitest(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'commet-report-'))
  const file = path.join(folder, 'report.json')
  console.log(`\n— ${name} —`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const { code, seconds } = await runNode(vitest, ['run', ...reporters, ...args], { env, show: true })
  suites.push({ name, ...(await readReport(file, code)), seconds })
  await rm(folder, { recursive: true, force: true })
}

type Report = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly duration?: number
    }[]
  }[]
}

/** A run that ended badly has failed at least once, whatever its report says. */
async function readReport(file: string, code: number) {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(text) as Report
  for (const { name, assertionResults } of report.testResults) {
    const namesOf = (...wanted: readonly string[]) =>
      assertionResults
        .filter(({ status }) => wanted.includes(status))
        .map(({ fullName }) => `${path.relative(root, name)}: ${fullName}`)
    failures.push(...namesOf('failed'))
    skipped.push(...namesOf('pending', 'skipped'))
    slowest.push(
      ...assertionResults.map(({ fullName, duration = 0 }) => ({ name: fullName, milliseconds: duration })),
    )
  }
  const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1)
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests }
}

/** The tests that speak to the database through the server; the others would only say the same again. */
async function runOnSystemPostgres(): Promise<void> {
  if ((await systemPostgres()) === undefined) {
    missing.push('PostgreSQL of the system (Debian package postgresql) is not on this machine')
    return
  }
  const args = [
    'apps/server/test',
    '--exclude',
    '**/embedded/**',
    '--exclude',
    '**/faults/**',
    '--exclude',
    '**/schemathesis*',
    '--exclude',
    '**/start*',
    '--exclude',
    '**/operator-commands*',
    '--exclude',
    '**/client-address*',
  ]
  await runVitest("tests on Debian's PostgreSQL", args, { COMMET_TEST_POSTGRES: 'system' })
}

type Language = {
  readonly name: string
  readonly folder: string
  readonly needs: string
  readonly probe: readonly string[]
}

const languages: readonly Language[] = [
  { name: 'Python', folder: 'sdks/python', needs: 'python3 with venv', probe: ['python3', '--version'] },
  { name: 'Go', folder: 'sdks/go', needs: 'go', probe: ['go', 'version'] },
  { name: 'Java', folder: 'sdks/java', needs: 'a JDK 17 and mvn', probe: ['mvn', '--version'] },
  { name: 'PHP', folder: 'sdks/php', needs: 'php with curl and phpunit', probe: ['phpunit', '--version'] },
]

async function runLanguages(): Promise<void> {
  const present = languages.filter(({ folder }) => existsSync(path.join(root, folder, 'check.sh')))
  if (present.length === 0) return
  const server = await startLiveServer()
  try {
    for (const language of present) await runLanguage(language, server)
  } finally {
    await server.stop()
  }
}

async function runLanguage(
  { name, folder, needs, probe }: Language,
  server: { readonly address: string; readonly apiKey: string },
): Promise<void> {
  const [command = '', ...args] = probe
  if ((await runProgram(command, args)).code !== 0) {
    missing.push(`${name}: ${needs} is not on this machine`)
    return
  }
  console.log(`\n— ${name} library —`)
  const env = { COMMET_BASE_URL: server.address, COMMET_API_KEY: server.apiKey }
  const outcome = await runProgram('bash', [path.join(root, folder, 'check.sh')], { env })
  console.log(outcome.code === 0 ? lastLines(outcome.output, 3) : outcome.output)
  suites.push({ name: `${name} library`, ...countsOf(outcome), seconds: outcome.seconds })
  for (const [, what = ''] of outcome.output.matchAll(/^absent: (.*)$/gm)) missing.push(`${name}: ${what}`)
  await runSnippets(name)
}

/** What the dashboard shows as code, in one language: compiled and run where its library has been built. */
async function runSnippets(language: string): Promise<void> {
  const outcome = await runNode('scripts/snippets.ts', [language.toLowerCase()])
  console.log(outcome.code === 0 ? lastLines(outcome.output, 1) : outcome.output)
  suites.push({ name: `${language} snippets`, ...countsOf(outcome), seconds: outcome.seconds })
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}

function countsOf({ code, output }: Outcome) {
  const [, passed = '0', failed = '0', skipped = '0'] = [
    ...stripVTControlCharacters(output).matchAll(
      /^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm,
    ),
  ].at(-1) ?? ['']
  return {
    passed: Number(passed),
    failed: Math.max(Number(failed), code === 0 ? 0 : 1),
    skipped: Number(skipped),
  }
}

function report(): void {
  console.log('\nThe ten slowest tests:')
  const ten = slowest.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 10)
  for (const { name, milliseconds } of ten)
    console.log(`  ${(milliseconds / 1000).toFixed(1).padStart(5)} s  ${name}`)
  console.log('')
  for (const { name, passed, failed, skipped, seconds } of suites) {
    console.log(
      `  ${failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds.toFixed(0)} s)`,
    )
  }
  for (const failure of failures) console.log(`  FAILED ${failure}`)
  for (const one of skipped) console.log(`  skipped ${one}`)
  for (const what of missing) console.log(`  ${strict ? 'FAILED' : 'skipped'} ${what}`)
  const sum = (pick: (suite: Suite) => number) => suites.reduce((total, suite) => total + pick(suite), 0)
  const failed = sum((suite) => suite.failed) + (strict ? missing.length : 0)
  console.log(
    `\ntests: ${sum((suite) => suite.passed)} passed, ${failed} failed, ${sum((suite) => suite.skipped)} skipped`,
  )
  process.exitCode = failed === 0 ? 0 : 1
}

await runChecks()
// First, since they fetch what a test of the others compiles against.
await runLanguages()
await runVitest('tests on the embedded PostgreSQL', [], {})
await runOnSystemPostgres()
await runSnippets('curl')
await runSnippets('TypeScript')
report()
