import type { Role } from '@commet/contract'

/** What each role means to those who give it. */
export const roles: readonly { readonly role: Role; readonly label: string; readonly does: string }[] = [
  { role: 'owner', label: 'Owner', does: 'Everything, and makes other owners.' },
  { role: 'admin', label: 'Admin', does: 'Everything, but owners.' },
  { role: 'member', label: 'Member', does: 'Customers, and reading the rest.' },
]

/** Whether a role invites, changes and removes people; the server decides, this only spares a dead end. */
export function managesPeople(role: Role | undefined): boolean {
  return role === 'owner' || role === 'admin'
}
