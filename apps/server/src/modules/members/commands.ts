import type { CreatedInvitation, DeletedInvitation, DeletedMember, Member, Role } from '@commet/contract'
import type { CommandContext } from '../../kernel/command.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { hashOfToken, newToken } from './invitation-secret.ts'
import { personOf } from './person.ts'
import { presentInvitation, presentMember } from './present.ts'
import * as store from './store.ts'

/**
 * Owns who belongs to an organization, and the links that make somebody belong. Does not know passwords or sessions.
 * An organization that has had an owner keeps one; only owners make owners or change one.
 */

const dayMs = 86_400_000
const invitationDays = 7
const ownerLinkDays = 1

/** Invites a person: a link that works once. An earlier one for the same address stops working. */
export async function createInvitation(
  ctx: CommandContext,
  input: { readonly email: string; readonly role: Role },
): Promise<CreatedInvitation> {
  const { organizationId } = ctx.caller.environment
  const email = input.email.toLowerCase()
  assertMayMake(ctx, input.role)
  store.sendLock(ctx.tx, organizationId)
  if ((await store.findMemberByEmail(ctx.tx, organizationId, email)) !== undefined) {
    throw new Refusal('duplicate', `${email} is a member already. Change the role of the member instead.`, {
      param: 'email',
    })
  }
  store.sendRevocationOfOpen(ctx.tx, organizationId, email, ctx.realNow)
  const { token, invitation } = keepInvitation(ctx, { email, role: input.role, days: invitationDays })
  const { id, createdAt, expiresAt } = invitation
  const row = { id, email, role: input.role, created_at: createdAt, expires_at: expiresAt }
  return { ...presentInvitation(row), token }
}

/** Makes the link of the first owner; undefined when there is an owner. Asked by the server itself, at its start. */
export async function createOwnerLink(ctx: CommandContext): Promise<string | undefined> {
  const { organizationId } = ctx.caller.environment
  if ((await store.countOwners(ctx.tx, organizationId)) > 0) return undefined
  return keepInvitation(ctx, { email: null, role: 'owner', days: ownerLinkDays }).token
}

type Kept = { readonly email: string | null; readonly role: Role; readonly days: number }

function keepInvitation(ctx: CommandContext, { email, role, days }: Kept) {
  const token = newToken()
  const invitation = {
    id: ctx.newId('invitation'),
    email,
    role,
    hash: hashOfToken(token),
    createdAt: ctx.realNow,
    expiresAt: new Date(ctx.realNow.getTime() + days * dayMs),
  }
  store.sendInvitation(ctx.tx, ctx.caller.environment.organizationId, invitation)
  const after = { email, role, expiresAt: invitation.expiresAt }
  ctx.audit({ operation: 'invitations.create', subjectId: invitation.id, before: null, after })
  return { token, invitation }
}

/** Makes a link worthless. */
export async function deleteInvitation(ctx: CommandContext, id: string): Promise<DeletedInvitation> {
  const { organizationId } = ctx.caller.environment
  const revoked = await store.revokeInvitation(ctx.tx, organizationId, id, ctx.realNow)
  if (revoked === undefined) throw nothingThere('open invitation', id)
  ctx.audit({
    operation: 'invitations.delete',
    subjectId: id,
    before: { revoked: false },
    after: { revoked: true },
  })
  return { id, deleted: true, object: 'invitation' }
}

export type Newcomer = { readonly userId: string; readonly email: string; readonly name: string }

/** Uses a link up and makes the account a member. Of several who hold one link, one gets in. */
export async function acceptInvitation(
  ctx: CommandContext,
  token: string,
  newcomer: Newcomer,
): Promise<Member> {
  const { organizationId } = ctx.caller.environment
  store.sendLock(ctx.tx, organizationId)
  const invitation = await store.acceptInvitation(ctx.tx, organizationId, hashOfToken(token), ctx.realNow)
  if (invitation === undefined) throw linkIsOver()
  const { role } = invitation
  const member = { ...newcomer, id: ctx.newId('member'), role, createdAt: ctx.realNow }
  const row = await store.addMember(ctx.tx, organizationId, member)
  if (row === undefined) {
    throw new Refusal('duplicate', 'This account belongs to an organization already.', { param: 'email' })
  }
  ctx.audit({
    operation: 'invitations.accept',
    subjectId: row.id,
    before: null,
    after: { invitation: invitation.id, email: row.email, role },
  })
  return presentMember(row)
}

/** What whoever holds a link is told when it no longer works, whatever the reason. */
export function linkIsOver(): Refusal {
  return new Refusal(
    'not_found',
    'This link was used, was revoked or is too old. Ask for a new one; the link of the first owner is printed when the server starts.',
  )
}

/** Gives a member another role. */
export async function updateMember(ctx: CommandContext, id: string, role: Role): Promise<Member> {
  const { organizationId } = ctx.caller.environment
  const member = await lockMember(ctx, id)
  assertMayMake(ctx, role)
  if (member.role === role) return presentMember(member)
  if (member.role === 'owner') await assertOwnerRemains(ctx)
  store.sendRole(ctx.tx, organizationId, id, role)
  ctx.audit({
    operation: 'members.update',
    subjectId: id,
    before: { role: member.role },
    after: { role },
  })
  return presentMember({ ...member, role })
}

/** Ends a membership. The account stays, and reaches nothing. */
export async function deleteMember(ctx: CommandContext, id: string): Promise<DeletedMember> {
  const member = await lockMember(ctx, id)
  if (member.role === 'owner') await assertOwnerRemains(ctx)
  store.sendRemoval(ctx.tx, ctx.caller.environment.organizationId, id, ctx.realNow)
  const { email, role } = member
  ctx.audit({ operation: 'members.delete', subjectId: id, before: { email, role }, after: null })
  return { id, deleted: true, object: 'member' }
}

async function lockMember(ctx: CommandContext, id: string): Promise<store.MemberRow> {
  const { organizationId } = ctx.caller.environment
  store.sendLock(ctx.tx, organizationId)
  const member = await store.findMember(ctx.tx, organizationId, id)
  if (member === undefined) throw nothingThere('member', id)
  if (member.role === 'owner') assertMayMake(ctx, 'owner')
  return member
}

function assertMayMake(ctx: CommandContext, role: Role): void {
  if (role !== 'owner' || personOf(ctx.caller).role === 'owner') return
  throw new Refusal('forbidden', 'Only an owner makes owners, and only an owner changes or removes one.')
}

async function assertOwnerRemains(ctx: CommandContext): Promise<void> {
  if ((await store.countOwners(ctx.tx, ctx.caller.environment.organizationId)) > 1) return
  throw new Refusal('forbidden', 'An organization keeps at least one owner. Make somebody else owner first.')
}

function nothingThere(what: string, id: string): Refusal {
  return new Refusal('not_found', `There is no ${what} ${JSON.stringify(id)} in this organization.`, {
    param: 'id',
  })
}
