// Owns the ways a caller may name the thing a call addresses.
// Does not look anything up; the server resolves Commet IDs and the caller's own user IDs.
// Always: one call addresses one thing; two different names are refused before sending.

import { invalidArgument } from './errors.ts'

/** A customer by `cus_…` ID or by your own user ID, under either name. */
export type CustomerKey =
  | { readonly id: string; readonly customerId?: string | undefined }
  | { readonly customerId: string; readonly id?: string | undefined }

/** A resource by its ID, in an object or bare. */
export type Reference = string | { readonly id: string }

/** A customer, in an object or as a bare ID. */
export type CustomerReference = string | CustomerKey

export function referencedId(reference: string | Names): string {
  if (typeof reference === 'string') return reference
  const { id, customerId } = reference ?? {}
  if (id !== undefined && customerId !== undefined && id !== customerId) {
    throw invalidArgument('id and customerId name two different customers; pass one of them')
  }
  const name = id ?? customerId
  if (name === undefined) throw invalidArgument('an id is required')
  return name
}

interface Names {
  readonly id?: string | undefined
  readonly customerId?: string | undefined
}
