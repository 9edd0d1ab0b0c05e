import type { Activity, AuditedOperation } from '@commet/contract'

/** What happened, in words. */

export type Actor = Activity['actor']

/** Who it was: a person, a key by its name, or the server itself. */
export function actorName({ kind, id, name }: Actor): string {
  if (kind === 'system') return 'Commet'
  const known = name ?? id ?? ''
  return kind === 'api_key' ? `API key ${known}` : known
}

/** How the secret of a key begins. */
export function actorHint({ hint }: Actor): string | undefined {
  return hint === null ? undefined : `${hint}…`
}

/** The compiler asks for words of every operation that the history holds. */
const deeds: Readonly<Record<AuditedOperation, string>> = {
  'apiKeys.create': 'made the API key',
  'apiKeys.delete': 'revoked the API key',
  'customers.create': 'created the customer',
  'customers.delete': 'deleted the customer',
  'customers.update': 'changed the customer',
  'environment.update': 'pinned the API version',
  'imports.cancel': 'canceled an import of customers',
  'imports.create': 'uploaded a file of customers',
  'imports.run': 'started an import of customers',
  'invitations.accept': 'joined the organization',
  'invitations.create': 'invited a person',
  'invitations.delete': 'revoked an invitation',
  'members.delete': 'removed a person',
  'members.update': 'changed the role of a person',
  'organization.update': 'renamed the organization',
}

/** What was done, after the name of who did it. A server that is newer than this page may know more. */
export function deedOf(operation: string): string {
  const known: Readonly<Record<string, string>> = deeds
  return known[operation] ?? `did ${operation}`
}

const fieldNames: Readonly<Record<string, string>> = {
  address: 'Address',
  documentType: 'Kind of tax ID',
  email: 'E-mail address',
  externalId: 'User ID',
  fullName: 'Name',
  metadata: 'Metadata',
  taxDocument: 'Tax ID',
  timezone: 'Time zone',
}

/** The parts of an address, as its form calls them. */
const addressParts: Readonly<Record<string, string>> = {
  line1: 'street and number',
  line2: 'second line',
  postalCode: 'postal code',
}

/** A field as the pages call it; keys of metadata and parts of an address stand after it. */
export function fieldName(field: string): string {
  const dot = field.indexOf('.')
  const outer = dot === -1 ? field : field.slice(0, dot)
  const name = fieldNames[outer] ?? outer
  if (dot === -1) return name
  const inner = field.slice(dot + 1)
  return `${name}: ${(outer === 'address' ? addressParts[inner] : undefined) ?? inner}`
}

/** A value as it can be read: text as it is, anything else as JSON. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
