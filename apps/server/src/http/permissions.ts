import type { OperationShape, Role, Scope } from '@commet/contract'
import type { Actor } from '../kernel/caller.ts'
import { Refusal } from '../kernel/refusal.ts'

/** Who may do what: a key all that is not about people, and each role what stands here. */

const ofMembers: ReadonlySet<Scope> = new Set([
  'customers:read',
  'customers:write',
  'api_keys:read',
  'session:read',
  'activity:read',
  'requests:read',
  'environment:read',
  'organization:read',
])

const ofRoles: Readonly<Record<Role, ReadonlySet<Scope> | 'all'>> = {
  owner: 'all',
  admin: 'all',
  member: ofMembers,
}

/** Refuses what the caller may not do, before anything else of the request is looked at. */
export function assertMay(actor: Actor, operation: OperationShape): void {
  if (actor.kind === 'system') return
  if (actor.kind === 'api_key') {
    if (operation.internal !== true) return
    throw new Refusal('forbidden', 'An API key cannot do this: sign in to the dashboard.')
  }
  const scopes = ofRoles[actor.role]
  if (scopes === 'all' || scopes.has(operation.scope)) return
  throw new Refusal(
    'forbidden',
    `Your role is ${actor.role}, and this needs ${operation.scope}. Ask an owner or an admin.`,
  )
}
