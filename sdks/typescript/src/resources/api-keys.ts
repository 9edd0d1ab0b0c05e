// Written by npm run gen from packages/contract. Do not edit.

import type { ApiResponse } from '../core/answer.ts'
import type { RequestOptions } from '../core/config.ts'
import type { ListPromise } from '../core/paging.ts'
import { path } from '../core/path.ts'
import { type Reference, referencedId } from '../core/reference.ts'
import type { DeletedObject, ResourceClient } from './resource.ts'
import type { ApiKey, CreateApiKeyParams, CreatedApiKey, ListApiKeysParams } from './types.ts'

/** The calls of `apiKeys`. */
export interface ApiKeys {
  /**
   * Keys of this environment that are not revoked, newest first. Secrets are never listed. Await the result for one
   * page, or `for await` over it for every row of all pages.
   */
  list(params?: ListApiKeysParams, options?: RequestOptions): ListPromise<ApiKey>

  /** Creates a key for the environment of the key that asks. The secret is in this answer only. */
  create(params: CreateApiKeyParams, options?: RequestOptions): Promise<ApiResponse<CreatedApiKey>>

  /** Revokes the key at once and for good. Throws `api_key_not_found` (404). */
  delete(reference: Reference, options?: RequestOptions): Promise<ApiResponse<DeletedObject>>
}

export function apiKeysResource(client: ResourceClient): ApiKeys {
  return {
    list: (params, options) =>
      client.requestList({
        method: 'GET',
        path: '/api-keys',
        query: { ...params },
        options,
      }),

    create: (params, options) =>
      client.request({
        method: 'POST',
        path: '/api-keys',
        body: params,
        options,
      }),

    delete: async (reference, options) =>
      client.request({
        method: 'DELETE',
        path: path`/api-keys/${referencedId(reference)}`,
        options,
      }),
  }
}
