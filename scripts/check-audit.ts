import { auditVerdict } from './audit-verdict.ts'
import { runProgram } from './run-programs.ts'

/**
 * Known vulnerabilities in what the server runs on fail the check; where the registry cannot be asked (no network, a mirror
 * without audits), that is said, and is no failure.
 */

const patienceMs = 15_000

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const { output } = await runProgram(npm, [
  ...['audit', '--omit=dev', '--json', '--loglevel=silent'],
  ...['--fetch-retries=0', `--fetch-timeout=${patienceMs}`],
])
const verdict = auditVerdict(output)
if (verdict.answered) {
  for (const line of verdict.found) console.log(line)
  process.exitCode = verdict.found.length > 0 ? 1 : 0
} else {
  console.log('skipped: the registry does not answer questions about vulnerabilities')
}
