// Written by npm run gen from packages/contract. Do not edit.

import type { ApiResponse } from '../core/answer.ts'
import type { ListPromise } from '../core/paging.ts'
import type { ApiRequest } from '../core/transport.ts'
import { Webhooks } from '../webhooks.ts'
import { type ApiKeys, apiKeysResource } from './api-keys.ts'
import { type Customers, customersResource } from './customers.ts'
import type { ResourceClient } from './resource.ts'

/** Every resource of the API, hanging off the client. */
export abstract class Resources implements ResourceClient {
  readonly customers: Customers = customersResource(this)
  readonly apiKeys: ApiKeys = apiKeysResource(this)
  readonly webhooks = new Webhooks()

  abstract request<T>(request: ApiRequest): Promise<ApiResponse<T>>
  abstract requestList<T>(request: ApiRequest): ListPromise<T>
}
