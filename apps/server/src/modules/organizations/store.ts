import type { Environment } from '../../kernel/caller.ts'
import type { Database, ReadTransaction, Statement, WriteTransaction } from '../../kernel/db.ts'
import { newId } from '../../kernel/ids.ts'

/** All SQL of organizations, environments and API keys. */

export type ApiKeyRow = {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly last_used_at: Date | null
}

const columns = 'id, name, prefix, created_at, expires_at, last_used_at'

const find: Statement = {
  name: 'organizations.find_api_key',
  text: 'select * from find_api_key($1)',
}

export type KnownKey = {
  readonly apiKeyId: string
  readonly environment: Environment
  readonly apiVersion: string | null
  readonly expiresAt: Date | null
}

/** Who a secret belongs to; undefined when it is unknown or revoked. Works outside any environment. */
export async function findBySecretHash(db: Database, hash: Buffer): Promise<KnownKey | undefined> {
  const [row] = await db.call<{
    api_key_id: string
    environment_id: string
    organization_id: string
    mode: Environment['mode']
    simulated_time: Date | null
    api_version: string | null
    expires_at: Date | null
  }>(find, [hash])
  if (row === undefined) return undefined
  return {
    apiKeyId: row.api_key_id,
    environment: {
      id: row.environment_id,
      organizationId: row.organization_id,
      mode: row.mode,
      simulatedTime: row.simulated_time,
    },
    apiVersion: row.api_version,
    expiresAt: row.expires_at,
  }
}

const recordUse: Statement = {
  name: 'organizations.record_key_use',
  text: 'select record_api_key_use($1, $2)',
}

/** Notes when keys were last used. Works outside any environment. */
export async function recordUseOf(db: Database, hashes: readonly Buffer[], usedAt: Date): Promise<void> {
  await db.call(recordUse, [hashes, usedAt])
}

const insert: Statement = {
  name: 'organizations.insert_api_key',
  text: `
    insert into api_keys (environment_id, id, name, prefix, secret_hash, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
}

export type NewApiKey = {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly hash: Buffer
  readonly createdAt: Date
  readonly expiresAt: Date | null
}

export function sendInsertApiKey(tx: WriteTransaction, environmentId: string, key: NewApiKey): void {
  const { id, name, prefix, hash, createdAt, expiresAt } = key
  tx.send(insert, [environmentId, id, name, prefix, hash, createdAt, expiresAt])
}

const revoke: Statement = {
  name: 'organizations.revoke_api_key',
  text: `
    update api_keys set revoked_at = $3
    where environment_id = $1 and id = $2 and revoked_at is null
    returning encode(secret_hash, 'hex') as hash`,
}

/** Revokes a key; answers its hash in hex, or undefined when there is no such key. */
export async function revokeApiKey(
  tx: WriteTransaction,
  environmentId: string,
  id: string,
  at: Date,
): Promise<string | undefined> {
  return (await tx.one<{ hash: string }>(revoke, [environmentId, id, at]))?.hash
}

/** Tells every server process, at commit, that a key no longer stands. */
export function sendKeyNotice(tx: WriteTransaction, hashHex: string): void {
  tx.notify('commet_api_keys', hashHex)
}

export type OrganizationRow = { readonly id: string; readonly name: string; readonly created_at: Date }

const organizationById: Statement = {
  name: 'organizations.get',
  text: 'select id, name, created_at from organizations where id = $1',
}

export function getOrganization(
  tx: ReadTransaction,
  organizationId: string,
): Promise<OrganizationRow | undefined> {
  return tx.one(organizationById, [organizationId])
}

const lockOrganizationById: Statement = {
  name: 'organizations.lock',
  text: `${organizationById.text} for no key update`,
}

/** Reads the organization and keeps others from renaming it until the commit. */
export function lockOrganization(
  tx: WriteTransaction,
  organizationId: string,
): Promise<OrganizationRow | undefined> {
  return tx.one(lockOrganizationById, [organizationId])
}

const rename: Statement = {
  name: 'organizations.rename',
  text: 'update organizations set name = $2 where id = $1',
}

export function sendRename(tx: WriteTransaction, organizationId: string, name: string): void {
  tx.send(rename, [organizationId, name])
}

export type EnvironmentRow = { readonly simulated_time: Date | null; readonly api_version: string | null }

const environmentById: Statement = {
  name: 'organizations.get_environment',
  text: 'select simulated_time, api_version from environments where id = $1',
}

export function getEnvironment(
  tx: ReadTransaction,
  environmentId: string,
): Promise<EnvironmentRow | undefined> {
  return tx.one(environmentById, [environmentId])
}

const lockEnvironmentById: Statement = {
  name: 'organizations.lock_environment',
  text: `${environmentById.text} for no key update`,
}

/** Reads the environment and keeps others from pinning it until the commit. */
export function lockEnvironment(
  tx: WriteTransaction,
  environmentId: string,
): Promise<EnvironmentRow | undefined> {
  return tx.one(lockEnvironmentById, [environmentId])
}

const pin: Statement = {
  name: 'organizations.pin_version',
  text: 'update environments set api_version = $2 where id = $1',
}

/** Pins the environment, and tells every server process, at commit, that what it knows of it no longer holds. */
export function sendPin(tx: WriteTransaction, environmentId: string, apiVersion: string | null): void {
  tx.send(pin, [environmentId, apiVersion])
  tx.notify('commet_environments', environmentId)
}

const listFirst: Statement = {
  name: 'organizations.list_api_keys',
  text: `
    select ${columns} from api_keys
    where environment_id = $1 and revoked_at is null
    order by created_at desc, id desc limit $2`,
}

const listNext: Statement = {
  name: 'organizations.list_api_keys_after',
  text: `
    select ${columns} from api_keys
    where environment_id = $1 and revoked_at is null and (created_at, id) < ($3, $4)
    order by created_at desc, id desc limit $2`,
}

export type After = { readonly createdAt: Date; readonly id: string }

export function listApiKeys(
  tx: ReadTransaction,
  environmentId: string,
  limit: number,
  after: After | undefined,
): Promise<ApiKeyRow[]> {
  if (after === undefined) return tx.many(listFirst, [environmentId, limit])
  return tx.many(listNext, [environmentId, limit, after.createdAt, after.id])
}

const first: Statement = {
  name: 'organizations.first',
  text: 'select * from first_organization($1, $2, $3, $4, $5)',
}

export type FirstOrganizationRow = {
  readonly created: boolean
  readonly organization_id: string
  readonly sandbox_id: string
  readonly live_id: string
}

/** The oldest organization, made under this name when there is none. Works outside any environment. */
export async function firstOrganization(db: Database, name: string, at: Date): Promise<FirstOrganizationRow> {
  const values = [newId('organization'), name, newId('environment'), newId('environment'), at]
  const [row] = await db.call<FirstOrganizationRow>(first, values)
  if (row === undefined) throw new Error('The first organization has no environments')
  return row
}
