/** Reads what `npm audit --json` says about what the server runs on. High and critical vulnerabilities count. */

export type AuditVerdict =
  | { readonly answered: false }
  /** One line for each package that should not be there. */
  | { readonly answered: true; readonly found: readonly string[] }

type Audit = { readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>> }

const counting = new Set(['high', 'critical'])

export function auditVerdict(output: string): AuditVerdict {
  const { vulnerabilities } = readAudit(output)
  if (vulnerabilities === undefined) return { answered: false }
  const found = Object.entries(vulnerabilities).filter(([, { severity }]) => counting.has(severity))
  return { answered: true, found: found.map(([name, { severity }]) => `${name}: ${severity}`) }
}

function readAudit(output: string): Audit {
  try {
    return JSON.parse(output.slice(output.indexOf('{'))) as Audit
  } catch {
    return {}
  }
}
