import type { CreatedApiKey, DeletedApiKey, EnvironmentSettings, Organization } from '@commet/contract'
import type { CommandContext } from '../../kernel/command.ts'
import { invariant } from '../../kernel/invariant.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { hashOf, newSecret, prefixOf } from './api-key-secret.ts'
import { presentCreatedApiKey, presentEnvironment, presentOrganization } from './present.ts'
import * as store from './store.ts'

/**
 * Owns organizations, environments and API keys. Does not know customers or billing.
 * A secret leaves this module once, in the answer that creates it; only its hash is kept.
 */

const dayMs = 86_400_000

export type CreateApiKeyInput = { readonly name: string; readonly expiresInDays: number }

/** Creates a key of the caller's environment. Expiry runs on real time. */
export async function createApiKey(ctx: CommandContext, input: CreateApiKeyInput): Promise<CreatedApiKey> {
  const secret = newSecret(ctx.caller.environment.mode)
  const expiresAt = new Date(ctx.realNow.getTime() + input.expiresInDays * dayMs)
  const key = keepSecret(ctx, { name: input.name, secret, expiresAt })
  return presentCreatedApiKey({ ...key, expiresAt }, secret, ctx.caller.environment)
}

export type KeptSecret = { readonly name: string; readonly secret: string; readonly expiresAt: Date | null }

/** Stores a secret that exists already: the first key, or the one given by COMMET_API_KEY. */
export function keepSecret(ctx: CommandContext, { name, secret, expiresAt }: KeptSecret): store.NewApiKey {
  const key = {
    id: ctx.newId('apiKey'),
    name,
    prefix: prefixOf(secret),
    hash: hashOf(secret),
    createdAt: ctx.realNow,
    expiresAt,
  }
  store.sendInsertApiKey(ctx.tx, ctx.caller.environment.id, key)
  ctx.audit({
    operation: 'apiKeys.create',
    subjectId: key.id,
    before: null,
    after: { name, prefix: key.prefix, expiresAt },
  })
  return key
}

/** Revokes a key for good. Every server process forgets it when the revocation commits. */
export async function deleteApiKey(ctx: CommandContext, id: string): Promise<DeletedApiKey> {
  const hash = await store.revokeApiKey(ctx.tx, ctx.caller.environment.id, id, ctx.realNow)
  if (hash === undefined) {
    throw new Refusal('api_key_not_found', `There is no API key ${JSON.stringify(id)} in this environment.`, {
      param: 'id',
    })
  }
  store.sendKeyNotice(ctx.tx, hash)
  ctx.audit({
    operation: 'apiKeys.delete',
    subjectId: id,
    before: { revoked: false },
    after: { revoked: true },
  })
  return { id, deleted: true, object: 'api_key', livemode: ctx.caller.environment.mode === 'live' }
}

/** Pins the version that answers requests which name none; null unpins it. Every server process hears of it at commit. */
export async function pinVersion(
  ctx: CommandContext,
  apiVersion: string | null,
): Promise<EnvironmentSettings> {
  const { environment } = ctx.caller
  const before = await store.lockEnvironment(ctx.tx, environment.id)
  invariant(before !== undefined, 'a caller has an environment')
  if (before.api_version !== apiVersion) {
    store.sendPin(ctx.tx, environment.id, apiVersion)
    ctx.audit({
      operation: 'environment.update',
      subjectId: environment.id,
      before: { apiVersion: before.api_version },
      after: { apiVersion },
    })
  }
  return presentEnvironment({ ...before, api_version: apiVersion }, ctx.realNow, environment)
}

/** Gives the organization another name. */
export async function renameOrganization(ctx: CommandContext, name: string): Promise<Organization> {
  const { organizationId } = ctx.caller.environment
  const before = await store.lockOrganization(ctx.tx, organizationId)
  invariant(before !== undefined, 'an environment belongs to an organization')
  if (before.name !== name) {
    store.sendRename(ctx.tx, organizationId, name)
    ctx.audit({
      operation: 'organization.update',
      subjectId: organizationId,
      before: { name: before.name },
      after: { name },
    })
  }
  return presentOrganization({ ...before, name })
}
