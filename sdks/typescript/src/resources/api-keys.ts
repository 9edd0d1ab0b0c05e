// Owns the `apiKeys` resource: its calls and their types.
// Does not send (core/transport.ts).
// Always: the secret appears in one place only, the answer to `create`.

import type { ApiResponse } from '../core/answer.ts'
import type { RequestOptions } from '../core/config.ts'
import type { ListPromise } from '../core/paging.ts'
import { path } from '../core/path.ts'
import { type Reference, referencedId } from '../core/reference.ts'
import type { DeletedObject, Open, ResourceClient } from './resource.ts'

/** An API key as it can be seen after its creation: never the secret. */
export interface ApiKey {
  readonly id: string
  readonly name: string
  /** The first characters of the secret, enough to tell keys apart. */
  readonly prefix: string
  /** ISO 8601, or null for a key that does not expire. */
  readonly expiresAt: string | null
  /** ISO 8601, exact to about a minute; null before the first use. */
  readonly lastUsedAt: string | null
  /** ISO 8601. */
  readonly createdAt: string
  readonly object: Open<'api_key'>
  readonly livemode: boolean
}

/** A new API key, with its secret. */
export interface CreatedApiKey {
  readonly id: string
  readonly name: string
  /** The secret, `ck_…`. Shown this once: store it now. */
  readonly apiKey: string
  readonly prefix: string
  /** ISO 8601. */
  readonly expiresAt: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly object: Open<'api_key'>
  readonly livemode: boolean
}

export interface ListApiKeysParams {
  /** Items per page, 1 to 100; the server's default is 25. */
  readonly limit?: number | undefined
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined
}

export interface CreateApiKeyParams {
  /** What the key is for; not empty. */
  readonly name: string
  /** Days until it expires, 1 or more; the server's default is 365. */
  readonly expiresInDays?: number | undefined
}

export interface ApiKeys {
  /** The environment's keys, newest first, without their secrets. Await one page or `for await` over all. */
  list(params?: ListApiKeysParams, options?: RequestOptions): ListPromise<ApiKey>

  /**
   * Creates a key of the same environment. The secret is in `data.apiKey`, in this answer only.
   * A retry with the same idempotency key answers the same key. Throws `validation_error` for a bad field.
   */
  create(params: CreateApiKeyParams, options?: RequestOptions): Promise<ApiResponse<CreatedApiKey>>

  /** Revokes a key at once and for good, also the one in use. Throws `api_key_not_found` (404). */
  delete(reference: Reference, options?: RequestOptions): Promise<ApiResponse<DeletedObject>>
}

export function apiKeysResource(client: ResourceClient): ApiKeys {
  return {
    list: (params, options) =>
      client.requestList({ method: 'GET', path: '/api-keys', query: { ...params }, options }),

    create: (params, options) => client.request({ method: 'POST', path: '/api-keys', body: params, options }),

    delete: async (reference, options) =>
      client.request({ method: 'DELETE', path: path`/api-keys/${referencedId(reference)}`, options }),
  }
}
