import { expect, test } from 'vitest'
import { auditVerdict } from '../scripts/audit-verdict.ts'

/** What `npm audit --json` prints, and what the check makes of it. */

const vulnerable = (name: string, severity: string) => ({
  [name]: {
    name,
    severity,
    isDirect: true,
    via: [{ source: 1112343, name, title: 'Something bad', severity, range: '<4.0.1' }],
    effects: [],
    range: '<4.0.1',
    nodes: [`node_modules/${name}`],
    fixAvailable: true,
  },
})

const report = (vulnerabilities: object) =>
  JSON.stringify(
    { auditReportVersion: 2, vulnerabilities, metadata: { dependencies: { prod: 120 } } },
    null,
    2,
  )

test.each(['high', 'critical'])(
  'a vulnerability that is %s fails, by the name of its package',
  (severity) => {
    const output = report({ ...vulnerable('leftpad', severity), ...vulnerable('rightpad', 'moderate') })
    expect(auditVerdict(output)).toEqual({ answered: true, found: [`leftpad: ${severity}`] })
  },
)

test('lesser ones and none do not fail', () => {
  expect(auditVerdict(report(vulnerable('leftpad', 'low')))).toEqual({ answered: true, found: [] })
  expect(auditVerdict(report({}))).toEqual({ answered: true, found: [] })
})

test('lines of npm before its answer do not hide it', () => {
  const output = `npm warn config something\n${report(vulnerable('leftpad', 'high'))}`
  expect(auditVerdict(output)).toEqual({ answered: true, found: ['leftpad: high'] })
})

test.each([
  [
    'a registry without audits',
    JSON.stringify({ message: 'request to /-/npm/v1/security/audits/quick failed', error: {} }),
  ],
  ['no network', JSON.stringify({ error: { code: 'ENOTFOUND', summary: '', detail: '' } })],
  ['an answer that is no JSON', '<html>Bad gateway</html>'],
  ['nothing', ''],
])('%s is no answer, and is not taken for one', (_, output) => {
  expect(auditVerdict(output)).toEqual({ answered: false })
})
