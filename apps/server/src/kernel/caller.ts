import type { Role } from '@commet/contract'

/** Who asks, and in which environment. Everything a request may touch follows from it. */

export type Environment = {
  readonly id: string
  readonly organizationId: string
  readonly mode: 'sandbox' | 'live'
  /** Where the sandbox's test clock stands; null while it runs with real time. */
  readonly simulatedTime: Date | null
}

/** Somebody who is signed in. */
export type Person = {
  readonly kind: 'user'
  /** Of the account, which is what the audit names. */
  readonly id: string
  readonly memberId: string
  readonly name: string
  readonly email: string
  readonly role: Role
}

/** Who is written into the audit: a key, a person, or the server itself. */
export type Actor = { readonly kind: 'api_key'; readonly id: string } | Person | { readonly kind: 'system' }

export type Caller = {
  readonly environment: Environment
  readonly actor: Actor
  readonly requestId: string | undefined
}
