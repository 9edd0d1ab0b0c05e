import type { Role } from '@commet/contract'

/** What each role means to those who give it. */
export const roles: readonly { readonly role: Role; readonly label: string; readonly does: string }[] = [
  { role: 'owner', label: 'Owner', does: 'Everything, and makes other owners.' },
  { role: 'admin', label: 'Admin', does: 'Everything, but owners.' },
  { role: 'member', label: 'Member', does: 'Customers, and reading the rest.' },
]

export function labelOf(role: Role): string {
  return roles.find((one) => one.role === role)?.label ?? role
}

/** Whether a role does what members may not: people, keys, settings. The server decides; this only spares a dead end. */
export function mayManage(role: Role | undefined): boolean {
  return role === 'owner' || role === 'admin'
}

/** Whether a role may change or remove somebody who has the other one: owners are left to owners. */
export function mayChange(own: Role, other: Role): boolean {
  return own === 'owner' || (own === 'admin' && other !== 'owner')
}
