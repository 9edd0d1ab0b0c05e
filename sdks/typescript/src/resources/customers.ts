// Owns the `customers` resource: its calls and their types.
// Does not send (core/transport.ts) and never rewrites a key, least of all inside `metadata`.
// Always: a customer is addressed by its `cus_…` ID or by the caller's own user ID alike.

import type { ApiResponse } from '../core/answer.ts'
import type { RequestOptions } from '../core/config.ts'
import type { ListPromise } from '../core/paging.ts'
import { path } from '../core/path.ts'
import { type CustomerKey, type CustomerReference, referencedId } from '../core/reference.ts'
import type { DeletedObject, Open, ResourceClient } from './resource.ts'

/** A billing address. */
export interface Address {
  readonly line1: string
  readonly line2?: string | undefined
  readonly city: string
  readonly state?: string | undefined
  readonly postalCode: string
  /** ISO 3166-1 alpha-2, such as `DE`. */
  readonly country: string
  readonly region?: string | undefined
}

/** The person or business that is billed. */
export interface Customer {
  /** The Commet ID, `cus_…`. */
  readonly id: string
  /** Your own user ID, where one was given. */
  readonly externalId: string | null
  readonly fullName: string | null
  readonly email: string
  /** Tax number, as it was given. */
  readonly taxDocument: string | null
  /** Kind of tax number, told by the server from the address' country. */
  readonly documentType: string | null
  /** IANA zone, such as `Europe/Berlin`. */
  readonly timezone: string | null
  readonly address: Address | null
  /** Your own data, returned as it was given. */
  readonly metadata: Record<string, unknown> | null
  /** ISO 8601. */
  readonly createdAt: string
  /** ISO 8601. */
  readonly updatedAt: string
  readonly object: Open<'customer'>
  /** False in the sandbox. */
  readonly livemode: boolean
}

export interface CreateCustomerParams {
  /** Where bills go; up to 200 characters. */
  readonly email: string
  /** Your own user ID, up to 100 characters. Makes the create idempotent for good. */
  readonly id?: string | undefined
  /** The same as `id`; give one of them. */
  readonly externalId?: string | undefined
  /** Up to 200 characters. */
  readonly fullName?: string | null | undefined
  readonly taxDocument?: string | null | undefined
  /** IANA zone; the server's default is `UTC`. */
  readonly timezone?: string | undefined
  readonly address?: Address | null | undefined
  /** A JSON object of at most 16 KB. */
  readonly metadata?: Record<string, unknown> | null | undefined
}

export interface UpdateCustomerFields {
  readonly email?: string | undefined
  /** `null` clears it. */
  readonly fullName?: string | null | undefined
  /** `null` clears it. */
  readonly taxDocument?: string | null | undefined
  /** Changes your user ID for this customer; `null` clears it. */
  readonly externalId?: string | null | undefined
  /** IANA zone. */
  readonly timezone?: string | undefined
  /** Replaced whole; `null` clears it. */
  readonly address?: Address | null | undefined
  /** Replaced whole; `null` empties it. */
  readonly metadata?: Record<string, unknown> | null | undefined
}

/** The customer, by `id` or `customerId`, and what to change. */
export type UpdateCustomerParams = CustomerKey & UpdateCustomerFields

export interface CreateCustomerBatchParams {
  /** 1 to 100 customers, each by the rules of `create`. */
  readonly customers: readonly CreateCustomerParams[]
}

/** What became of each customer of a batch. */
export interface CustomerBatch {
  readonly successful: { readonly id: string; readonly externalId: string | null; readonly email: string }[]
  readonly failed: {
    /** Position in the request, from 0. */
    readonly index: number
    /** What was wrong, in words. */
    readonly error: string
    /** The customer as it was sent. */
    readonly data: CreateCustomerParams
  }[]
  readonly object: Open<'customer' | 'customer_batch'>
  readonly livemode: boolean
}

export interface ListCustomersParams {
  /** Items per page, 1 to 100; the server's default is 25. */
  readonly limit?: number | undefined
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined
  /** By creation; the server's default is `desc`, newest first. */
  readonly order?: 'asc' | 'desc' | undefined
  /** Exactly this user ID. */
  readonly externalId?: string | undefined
  /** Exactly this address, upper and lower case alike. */
  readonly email?: string | undefined
  /** Part of name, e-mail, user ID or `cus_…` ID; one or two characters match the start of a word. */
  readonly search?: string | undefined
  /** ISO 8601 or a Date. */
  readonly createdAfter?: string | Date | undefined
  /** ISO 8601 or a Date. */
  readonly createdBefore?: string | Date | undefined
  /** Entries `metadata` must hold, such as `{ team: 'north' }`. */
  readonly metadata?: Readonly<Record<string, string | number | boolean>> | undefined
}

export interface Customers {
  /**
   * Creates a customer. With your user ID in `id`, a second create answers the stored customer, unchanged:
   * `statusCode` is then 200 instead of 201. Throws `validation_error` for bad fields.
   */
  create(params: CreateCustomerParams, options?: RequestOptions): Promise<ApiResponse<Customer>>

  /**
   * Creates 1 to 100 customers in one request, each by the rules of `create`. A bad customer fails alone: see
   * `data.failed`. Throws `validation_error` only when the list itself is empty, too long or not a list.
   */
  createBatch(
    params: CreateCustomerBatchParams,
    options?: RequestOptions,
  ): Promise<ApiResponse<CustomerBatch>>

  /** One customer, by `cus_…` ID or your user ID: `get({ id })` or `get('…')`. Throws `customer_not_found` (404). */
  get(reference: CustomerReference, options?: RequestOptions): Promise<ApiResponse<Customer>>

  /**
   * Changes the given fields of the customer named by `id` or `customerId`; absent fields stay. Address and metadata
   * are replaced whole. Throws `customer_not_found` (404), `validation_error`, and `duplicate` (409) for a user ID
   * that is taken.
   */
  update(params: UpdateCustomerParams, options?: RequestOptions): Promise<ApiResponse<Customer>>

  /**
   * Customers, newest first unless `order` says otherwise. `await` gives one page (`{ data, hasMore, nextCursor }`);
   * `for await (const customer of commet.customers.list({ limit: 100 }))` walks all of them, page by page.
   */
  list(params?: ListCustomersParams, options?: RequestOptions): ListPromise<Customer>

  /** Deletes a customer at once; its user ID is free again, its history stays. Throws `customer_not_found` (404). */
  delete(reference: CustomerReference, options?: RequestOptions): Promise<ApiResponse<DeletedObject>>
}

export function customersResource(client: ResourceClient): Customers {
  return {
    create: (params, options) =>
      client.request({ method: 'POST', path: '/customers', body: params, options }),

    createBatch: (params, options) =>
      client.request({ method: 'POST', path: '/customers/batch', body: params, options }),

    get: async (reference, options) =>
      client.request({ method: 'GET', path: path`/customers/${referencedId(reference)}`, options }),

    update: async ({ id, customerId, ...body }, options) =>
      client.request({
        method: 'PUT',
        path: path`/customers/${referencedId({ id, customerId })}`,
        body,
        options,
      }),

    list: (params, options) =>
      client.requestList({ method: 'GET', path: '/customers', query: { ...params }, options }),

    delete: async (reference, options) =>
      client.request({ method: 'DELETE', path: path`/customers/${referencedId(reference)}`, options }),
  }
}
