import { runProgram } from './run-programs.ts'

/**
 * Known vulnerabilities in what the server runs on. High and critical ones fail; where the registry cannot be asked (no
 * network, a mirror without audits), that is said, and is no failure.
 */

const patienceMs = 15_000
const failing = new Set(['high', 'critical'])

type Audit = { readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>> }

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const { output } = await runProgram(npm, [
  ...['audit', '--omit=dev', '--json', '--loglevel=silent'],
  ...['--fetch-retries=0', `--fetch-timeout=${patienceMs}`],
])
const { vulnerabilities } = readAudit(output)
if (vulnerabilities === undefined) {
  console.log('skipped: the registry does not answer questions about vulnerabilities')
} else {
  const found = Object.entries(vulnerabilities).filter(([, { severity }]) => failing.has(severity))
  for (const [name, { severity }] of found) console.log(`${name}: ${severity}`)
  process.exitCode = found.length > 0 ? 1 : 0
}

function readAudit(text: string): Audit {
  try {
    return JSON.parse(text.slice(text.indexOf('{'))) as Audit
  } catch {
    return {}
  }
}
