import type { Role } from '@commet/contract'
import type { Environment } from '../../kernel/caller.ts'
import type { Database, ReadTransaction, Statement, WriteTransaction } from '../../kernel/db.ts'

/** All SQL of members and invitations. Row-level security keeps to the organization of the environment entered. */

export type MemberRow = {
  readonly id: string
  readonly user_id: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly created_at: Date
}

export type InvitationRow = {
  readonly id: string
  readonly email: string
  readonly role: Role
  readonly created_at: Date
  readonly expires_at: Date
}

const memberColumns = 'id, user_id, email, name, role, created_at'
const invitationColumns = 'id, email, role, created_at, expires_at'

const findMemberOf: Statement = { name: 'members.of_account', text: 'select * from find_member($1, $2)' }

export type Membership = {
  readonly memberId: string
  readonly role: Role
  readonly environment: Environment
  readonly apiVersion: string | null
}

/** Where an account belongs; undefined when it belongs nowhere. Works outside any environment. */
export async function findMembership(
  db: Database,
  userId: string,
  mode: Environment['mode'],
): Promise<Membership | undefined> {
  const [row] = await db.call<{
    member_id: string
    role: Role
    environment_id: string
    organization_id: string
    mode: Environment['mode']
    simulated_time: Date | null
    api_version: string | null
  }>(findMemberOf, [userId, mode])
  if (row === undefined) return undefined
  return {
    memberId: row.member_id,
    role: row.role,
    environment: {
      id: row.environment_id,
      organizationId: row.organization_id,
      mode: row.mode,
      simulatedTime: row.simulated_time,
    },
    apiVersion: row.api_version,
  }
}

const findOpen: Statement = {
  name: 'members.find_invitation',
  text: 'select * from find_invitation($1, $2)',
}

export type OpenInvitation = {
  readonly organizationName: string
  readonly environment: Environment
  /** Null for the link of the first owner, who names an address. */
  readonly email: string | null
  readonly role: Role
}

/** What an open link is for. Works outside any environment. */
export async function findInvitation(
  db: Database,
  hash: Buffer,
  at: Date,
): Promise<OpenInvitation | undefined> {
  const [row] = await db.call<{
    organization_id: string
    organization_name: string
    environment_id: string
    email: string | null
    role: Role
  }>(findOpen, [hash, at])
  if (row === undefined) return undefined
  return {
    organizationName: row.organization_name,
    environment: {
      id: row.environment_id,
      organizationId: row.organization_id,
      mode: 'sandbox',
      simulatedTime: null,
    },
    email: row.email,
    role: row.role,
  }
}

const lock: Statement = {
  name: 'members.lock',
  text: `select pg_advisory_xact_lock(hashtextextended('commet.members:' || $1, 0))`,
}

/** Who changes who belongs to an organization waits for whoever does so already: it keeps at least one owner. */
export function sendLock(tx: WriteTransaction, organizationId: string): void {
  tx.send(lock, [organizationId])
}

const accept: Statement = {
  name: 'members.accept_invitation',
  text: `
    update invitations set accepted_at = $3
    where organization_id = $1 and secret_hash = $2
      and accepted_at is null and revoked_at is null and expires_at > $3
      and (email is not null or not exists (
        select from members m where m.organization_id = $1 and m.role = 'owner' and m.removed_at is null
      ))
    returning id, role`,
}

/** Uses a link up; undefined when it is not open. */
export function acceptInvitation(
  tx: WriteTransaction,
  organizationId: string,
  hash: Buffer,
  at: Date,
): Promise<{ readonly id: string; readonly role: Role } | undefined> {
  return tx.one(accept, [organizationId, hash, at])
}

const insertMember: Statement = {
  name: 'members.insert',
  text: `
    insert into members (organization_id, id, user_id, email, name, role, created_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (user_id) where removed_at is null do nothing
    returning ${memberColumns}`,
}

export type NewMember = {
  readonly id: string
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly createdAt: Date
}

/** Adds a member; undefined when the account belongs to an organization already. */
export function addMember(
  tx: WriteTransaction,
  organizationId: string,
  { id, userId, email, name, role, createdAt }: NewMember,
): Promise<MemberRow | undefined> {
  return tx.one(insertMember, [organizationId, id, userId, email, name, role, createdAt])
}

const findMemberById: Statement = {
  name: 'members.find',
  text: `select ${memberColumns} from members where organization_id = $1 and id = $2 and removed_at is null`,
}

export function findMember(
  tx: ReadTransaction,
  organizationId: string,
  id: string,
): Promise<MemberRow | undefined> {
  return tx.one(findMemberById, [organizationId, id])
}

const countOwnersOf: Statement = {
  name: 'members.count_owners',
  text: `
    select count(*)::int as owners from members
    where organization_id = $1 and role = 'owner' and removed_at is null`,
}

export async function countOwners(tx: ReadTransaction, organizationId: string): Promise<number> {
  return (await tx.one<{ owners: number }>(countOwnersOf, [organizationId]))?.owners ?? 0
}

const setRole: Statement = {
  name: 'members.set_role',
  text: 'update members set role = $3 where organization_id = $1 and id = $2',
}

export function sendRole(tx: WriteTransaction, organizationId: string, id: string, role: Role): void {
  tx.send(setRole, [organizationId, id, role])
}

const remove: Statement = {
  name: 'members.remove',
  text: 'update members set removed_at = $3 where organization_id = $1 and id = $2',
}

export function sendRemoval(tx: WriteTransaction, organizationId: string, id: string, at: Date): void {
  tx.send(remove, [organizationId, id, at])
}

const findByEmail: Statement = {
  name: 'members.find_by_email',
  text: `
    select ${memberColumns} from members
    where organization_id = $1 and email = $2 and removed_at is null`,
}

export function findMemberByEmail(
  tx: ReadTransaction,
  organizationId: string,
  email: string,
): Promise<MemberRow | undefined> {
  return tx.one(findByEmail, [organizationId, email])
}

const insertInvitation: Statement = {
  name: 'members.insert_invitation',
  text: `
    insert into invitations (organization_id, id, email, role, secret_hash, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
}

export type NewInvitation = {
  readonly id: string
  readonly email: string | null
  readonly role: Role
  readonly hash: Buffer
  readonly createdAt: Date
  readonly expiresAt: Date
}

export function sendInvitation(
  tx: WriteTransaction,
  organizationId: string,
  { id, email, role, hash, createdAt, expiresAt }: NewInvitation,
): void {
  tx.send(insertInvitation, [organizationId, id, email, role, hash, createdAt, expiresAt])
}

const revokeOpen: Statement = {
  name: 'members.revoke_open_invitations',
  text: `
    update invitations set revoked_at = $3
    where organization_id = $1 and email = $2 and accepted_at is null and revoked_at is null`,
}

/** A person has one open link at most. */
export function sendRevocationOfOpen(
  tx: WriteTransaction,
  organizationId: string,
  email: string,
  at: Date,
): void {
  tx.send(revokeOpen, [organizationId, email, at])
}

const revoke: Statement = {
  name: 'members.revoke_invitation',
  text: `
    update invitations set revoked_at = $3
    where organization_id = $1 and id = $2 and email is not null
      and accepted_at is null and revoked_at is null and expires_at > $3
    returning ${invitationColumns}`,
}

export function revokeInvitation(
  tx: WriteTransaction,
  organizationId: string,
  id: string,
  at: Date,
): Promise<InvitationRow | undefined> {
  return tx.one(revoke, [organizationId, id, at])
}

export type After = { readonly createdAt: Date; readonly id: string }

const page = `and ($3::timestamptz is null or (created_at, id) < ($3, $4)) order by created_at desc, id desc limit $2`

const list: Statement = {
  name: 'members.list',
  text: `select ${memberColumns} from members where organization_id = $1 and removed_at is null ${page}`,
}

export function listMembers(
  tx: ReadTransaction,
  organizationId: string,
  limit: number,
  after: After | undefined,
): Promise<MemberRow[]> {
  return tx.many(list, [organizationId, limit, after?.createdAt ?? null, after?.id ?? null])
}

const listOpen: Statement = {
  name: 'members.list_invitations',
  text: `
    select ${invitationColumns} from invitations
    where organization_id = $1 and email is not null and accepted_at is null and revoked_at is null
      and expires_at > $5 ${page}`,
}

export function listInvitations(
  tx: ReadTransaction,
  organizationId: string,
  query: { readonly limit: number; readonly after: After | undefined; readonly at: Date },
): Promise<InvitationRow[]> {
  const { limit, after, at } = query
  return tx.many(listOpen, [organizationId, limit, after?.createdAt ?? null, after?.id ?? null, at])
}
