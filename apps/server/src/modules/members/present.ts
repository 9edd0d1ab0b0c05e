import type { Invitation, Member } from '@commet/contract'
import type { InvitationRow, MemberRow } from './store.ts'

/** Members and invitations as the newest version shows them. */

export function presentMember({ id, name, email, role, created_at }: MemberRow): Member {
  return { id, name, email, role, createdAt: created_at.toISOString(), object: 'member' }
}

export function presentInvitation({ id, email, role, created_at, expires_at }: InvitationRow): Invitation {
  return {
    id,
    email,
    role,
    createdAt: created_at.toISOString(),
    expiresAt: expires_at.toISOString(),
    object: 'invitation',
  }
}
