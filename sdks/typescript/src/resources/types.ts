// Written by npm run gen from packages/contract. Do not edit.

import type { CustomerKey } from '../core/reference.ts'
import type { Open } from './resource.ts'

/** A postal address. Replaced whole, never merged. */
export interface Address {
  readonly line1: string
  readonly line2?: string | undefined
  readonly city: string
  readonly state?: string | undefined
  readonly postalCode: string
  /** Two-letter country code of ISO 3166-1. */
  readonly country: string
  readonly region?: string | undefined
}

/** An API key, without its secret. */
export interface ApiKey {
  readonly id: string
  readonly name: string
  /** The first characters of the secret. */
  readonly prefix: string
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly object: Open<'api_key'>
  readonly livemode: boolean
  /** ISO 8601, UTC. */
  readonly expiresAt: string | null
  /** Written at most once a minute. ISO 8601, UTC. */
  readonly lastUsedAt: string | null
}

/** The key to create. */
export interface CreateApiKeyParams {
  /** What the key is for. */
  readonly name: string
  /** Days until the key stops working. The server takes 365 where nothing is given. */
  readonly expiresInDays?: number | undefined
}

/** The customer to create. */
export interface CreateCustomerParams {
  /** Up to 200 characters. */
  readonly email: string
  /** Your own ID of the customer, unique in the environment. */
  readonly id?: string | undefined
  /** The same as id. */
  readonly externalId?: string | undefined
  /** Up to 200 characters. */
  readonly fullName?: string | null | undefined
  /** Up to 100 characters. */
  readonly taxDocument?: string | null | undefined
  /** A postal address. Replaced whole, never merged. */
  readonly address?: Address | null | undefined
  /** IANA time zone, for display; billing runs in UTC. */
  readonly timezone?: string | undefined
  /**
   * Your own keys and values: at most 16 KB as JSON and 200 keys of up to 200 characters, nested ones included. Kept
   * as sent; never changes billing.
   */
  readonly metadata?: Record<string, unknown> | null | undefined
}

/** The customers to create. */
export interface CreateCustomerBatchParams {
  /** Each item follows the rules of a single create and fails or succeeds on its own. */
  readonly customers: readonly CreateCustomerParams[]
}

/** A new API key with its secret. */
export interface CreatedApiKey {
  readonly id: string
  readonly name: string
  /** The first characters of the secret. */
  readonly prefix: string
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly object: Open<'api_key'>
  readonly livemode: boolean
  /** ISO 8601, UTC. */
  readonly expiresAt: string
  /** The secret. Shown once. */
  readonly apiKey: string
}

/** Someone you bill. */
export interface Customer {
  /** ID of the customer, starting with cus_. */
  readonly id: string
  /** Your own user ID, if one was given. */
  readonly externalId: string | null
  /** Name of the person or business. */
  readonly fullName: string | null
  /** Where bills go. */
  readonly email: string
  /** Tax ID as it was sent. */
  readonly taxDocument: string | null
  /** Kind of the tax ID, derived from the country of the address. */
  readonly documentType: string | null
  /** IANA time zone, for display. */
  readonly timezone: string | null
  /** A postal address. Replaced whole, never merged. */
  readonly address: Address | null
  /** Your own keys and values, as they were sent. */
  readonly metadata: Record<string, unknown> | null
  /** ISO 8601, UTC. */
  readonly createdAt: string
  /** ISO 8601, UTC. */
  readonly updatedAt: string
  readonly object: Open<'customer'>
  /** false in the sandbox. */
  readonly livemode: boolean
}

/** What became of every item of a batch. */
export interface CustomerBatch {
  readonly successful: Customer[]
  readonly failed: FailedCustomer[]
  readonly object: Open<'customer'>
  readonly livemode: boolean
}

/** An item of a batch that broke a rule. */
export interface FailedCustomer {
  /** Position in the request, from 0. */
  readonly index: number
  /** What was wrong, in words. */
  readonly error: string
  /** The item as it was sent. */
  readonly data: CreateCustomerParams
}

/** Fields that are absent stay as they are. */
export interface UpdateCustomerFields {
  /** Up to 200 characters. */
  readonly email?: string | undefined
  /** The new user ID; `null` removes it. */
  readonly externalId?: string | null | undefined
  /** Up to 200 characters. */
  readonly fullName?: string | null | undefined
  /** Up to 100 characters. */
  readonly taxDocument?: string | null | undefined
  /** A postal address. Replaced whole, never merged. */
  readonly address?: Address | null | undefined
  /** IANA time zone, for display; billing runs in UTC. */
  readonly timezone?: string | undefined
  /**
   * Your own keys and values: at most 16 KB as JSON and 200 keys of up to 200 characters, nested ones included. Kept
   * as sent; never changes billing.
   */
  readonly metadata?: Record<string, unknown> | null | undefined
}

/** The customer, by `id` or `customerId`, and the fields to send. */
export type UpdateCustomerParams = CustomerKey & UpdateCustomerFields

/** What `customers.list` may be narrowed by. */
export interface ListCustomersParams {
  /** Rows per page, 1 to 100. The server takes 25 where nothing is given. */
  readonly limit?: number | undefined
  /** nextCursor of the page before. Opaque: pass it as it came. */
  readonly cursor?: string | undefined
  /** Exactly this user ID. */
  readonly externalId?: string | undefined
  /** Exactly this e-mail address, in any case. */
  readonly email?: string | undefined
  /**
   * Part of name, e-mail, user ID or cus_ ID, in any case: anywhere from three characters on, the start of a word
   * below.
   */
  readonly search?: string | undefined
  /** Created later than this instant. ISO 8601, or a Date. */
  readonly createdAfter?: string | Date | undefined
  /** Created earlier than this instant. ISO 8601, or a Date. */
  readonly createdBefore?: string | Date | undefined
  /** metadata[key]=value, several allowed: all must match. Numbers and booleans match their text. */
  readonly metadata?: Readonly<Record<string, string | number | boolean>> | undefined
  /** By creation: desc is newest first. The server takes desc where nothing is given. */
  readonly order?: 'asc' | 'desc' | undefined
}

/** What `apiKeys.list` may be narrowed by. */
export interface ListApiKeysParams {
  /** Rows per page, 1 to 100. The server takes 25 where nothing is given. */
  readonly limit?: number | undefined
  /** nextCursor of the page before. Opaque: pass it as it came. */
  readonly cursor?: string | undefined
}
