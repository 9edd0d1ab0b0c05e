// Written by npm run gen from packages/contract. Do not edit.

import type { ApiResponse } from '../core/answer.ts'
import type { RequestOptions } from '../core/config.ts'
import type { ListPromise } from '../core/paging.ts'
import { path } from '../core/path.ts'
import { type CustomerReference, referencedId } from '../core/reference.ts'
import type { DeletedObject, ResourceClient } from './resource.ts'
import type {
  CreateCustomerBatchParams,
  CreateCustomerParams,
  Customer,
  CustomerBatch,
  ListCustomersParams,
  UpdateCustomerParams,
} from './types.ts'

/** The calls of `customers`. */
export interface Customers {
  /**
   * Creates a customer. With a user ID (`id`) the call is idempotent: if a customer with that user ID exists, it is
   * answered unchanged. E-mail addresses need not be unique.
   */
  create(params: CreateCustomerParams, options?: RequestOptions): Promise<ApiResponse<Customer>>

  /** Answers one customer, found by its `cus_` ID or by your own user ID. Throws `customer_not_found` (404). */
  get(reference: CustomerReference, options?: RequestOptions): Promise<ApiResponse<Customer>>

  /**
   * Changes the fields that are sent and leaves the others. Address and metadata are replaced whole. `null` clears
   * `fullName`, `taxDocument`, `address` and `externalId`, and empties `metadata`. Throws `customer_not_found` (404),
   * `duplicate` (409).
   */
  update(params: UpdateCustomerParams, options?: RequestOptions): Promise<ApiResponse<Customer>>

  /**
   * A page of customers, newest first. Pass `nextCursor` to get the next page with the same filters; rows that exist
   * throughout are seen exactly once, whatever is inserted or deleted meanwhile. Await the result for one page, or
   * `for await` over it for every row of all pages.
   */
  list(params?: ListCustomersParams, options?: RequestOptions): ListPromise<Customer>

  /**
   * Creates 1 to 100 customers in one request. Items that break a rule are reported in `failed` with their index and
   * do not stop the others. An item whose user ID exists resolves to the existing customer.
   */
  createBatch(
    params: CreateCustomerBatchParams,
    options?: RequestOptions,
  ): Promise<ApiResponse<CustomerBatch>>

  /**
   * Deletes the customer at once. Its user ID is free again; what happened stays in the history. Throws
   * `customer_not_found` (404).
   */
  delete(reference: CustomerReference, options?: RequestOptions): Promise<ApiResponse<DeletedObject>>
}

export function customersResource(client: ResourceClient): Customers {
  return {
    create: (params, options) =>
      client.request({
        method: 'POST',
        path: '/customers',
        body: params,
        options,
      }),

    get: async (reference, options) =>
      client.request({
        method: 'GET',
        path: path`/customers/${referencedId(reference)}`,
        options,
      }),

    update: async ({ id, customerId, ...body }, options) =>
      client.request({
        method: 'PUT',
        path: path`/customers/${referencedId({ id, customerId })}`,
        body,
        options,
      }),

    list: (params, options) =>
      client.requestList({
        method: 'GET',
        path: '/customers',
        query: { ...params },
        options,
      }),

    createBatch: (params, options) =>
      client.request({
        method: 'POST',
        path: '/customers/batch',
        body: params,
        options,
      }),

    delete: async (reference, options) =>
      client.request({
        method: 'DELETE',
        path: path`/customers/${referencedId(reference)}`,
        options,
      }),
  }
}
