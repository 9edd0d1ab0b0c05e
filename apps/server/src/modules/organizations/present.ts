import {
  type ApiKey,
  type CreatedApiKey,
  defaultVersion,
  type EnvironmentSettings,
  type Organization,
  versions,
} from '@commet/contract'
import type { Environment } from '../../kernel/caller.ts'
import type { ApiKeyRow, EnvironmentRow, NewApiKey, OrganizationRow } from './store.ts'

/** Organizations, environments and API keys as the newest version shows them. */

export function presentApiKey(row: ApiKeyRow, environment: Environment): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    object: 'api_key',
    livemode: environment.mode === 'live',
  }
}

export function presentCreatedApiKey(
  key: NewApiKey & { readonly expiresAt: Date },
  secret: string,
  environment: Environment,
): CreatedApiKey {
  return {
    id: key.id,
    name: key.name,
    apiKey: secret,
    prefix: key.prefix,
    expiresAt: key.expiresAt.toISOString(),
    createdAt: key.createdAt.toISOString(),
    object: 'api_key',
    livemode: environment.mode === 'live',
  }
}

export function presentEnvironment(
  row: EnvironmentRow,
  realNow: Date,
  environment: Environment,
): EnvironmentSettings {
  return {
    id: environment.id,
    now: (row.simulated_time ?? realNow).toISOString(),
    simulatedTime: row.simulated_time?.toISOString() ?? null,
    apiVersion: row.api_version,
    defaultVersion,
    versions: versions.map(({ date, notes }) => ({ date, notes: [...notes] })).toReversed(),
    object: 'environment',
    livemode: environment.mode === 'live',
  }
}

export function presentOrganization({ id, name, created_at }: OrganizationRow): Organization {
  return { id, name, createdAt: created_at.toISOString(), object: 'organization' }
}
