import { z } from 'zod'
import { runProgram } from './run-programs.ts'

/**
 * Known vulnerabilities in what the server runs on. High and critical ones fail; where the registry cannot be asked (no
 * network, a mirror without audits), that is said, and is no failure.
 */

const patienceSeconds = 30

const audit = z.object({
  metadata: z.object({ vulnerabilities: z.object({ high: z.number(), critical: z.number() }) }),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
})

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const { output } = await runProgram(npm, [
  ...['audit', '--omit=dev', '--json', '--loglevel=silent'],
  ...['--fetch-retries=0', `--fetch-timeout=${patienceSeconds * 1000}`],
])
const found = audit.safeParse(readJson(output))
if (!found.success) {
  console.log('skipped: the registry does not answer questions about vulnerabilities')
} else {
  const { high, critical } = found.data.metadata.vulnerabilities
  for (const [name, { severity }] of Object.entries(found.data.vulnerabilities))
    if (severity === 'high' || severity === 'critical') console.log(`${name}: ${severity}`)
  process.exitCode = high + critical > 0 ? 1 : 0
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{')))
  } catch {
    return undefined
  }
}
