/** What the audit history holds: the server writes no other operation down, and the dashboard has words for each. */
export const auditedOperations = [
  'apiKeys.create',
  'apiKeys.delete',
  'customers.create',
  'customers.delete',
  'customers.update',
  'environment.update',
  'imports.cancel',
  'imports.create',
  'imports.run',
  'invitations.accept',
  'invitations.create',
  'invitations.delete',
  'members.delete',
  'members.update',
  'organization.update',
] as const

export type AuditedOperation = (typeof auditedOperations)[number]
