import { newId } from '@commet/server/kernel/ids'
import { hashOf, newSecret, prefixOf } from '@commet/server/modules/organizations/api-key-secret'
import { type Caller, callerWith, type Reply } from './caller.ts'
import type { TestDatabase } from './database.ts'
import { rawRequest } from './raw-http.ts'

export type TestEnvironment = {
  readonly id: string
  readonly apiKey: string
  readonly call: Caller
  /** Sends a request byte by byte; see {@link rawRequest}. */
  raw(head: string, body?: string | Uint8Array): Promise<Reply>
}

export type TestOrganization = {
  readonly id: string
  readonly sandbox: TestEnvironment
  readonly live: TestEnvironment
}

/** An organization made by the owner of the database, as the start makes the first one. */
export async function createOrganization(database: TestDatabase, address: string): Promise<TestOrganization> {
  const id = newId('organization')
  const [sandboxId, liveId] = [newId('environment'), newId('environment')]
  await database.owner('select create_organization($1, $2, $3, $4, now())', [
    id,
    'Test organization',
    sandboxId,
    liveId,
  ])
  return {
    id,
    sandbox: await withKey(database, address, sandboxId, 'sandbox'),
    live: await withKey(database, address, liveId, 'live'),
  }
}

async function withKey(
  database: TestDatabase,
  address: string,
  id: string,
  mode: 'sandbox' | 'live',
): Promise<TestEnvironment> {
  const apiKey = newSecret(mode)
  await database.owner(
    `insert into api_keys (environment_id, id, name, prefix, secret_hash, created_at) values ($1, $2, 'Test', $3, $4, $5)`,
    [id, newId('apiKey'), prefixOf(apiKey), hashOf(apiKey), new Date()],
  )
  return {
    id,
    apiKey,
    call: callerWith(address, apiKey),
    raw: (head, body) => rawRequest(address, head, body),
  }
}
