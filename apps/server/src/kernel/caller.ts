/** Who asks, and in which environment. Everything a request may touch follows from it. */

export type Environment = {
  readonly id: string
  readonly organizationId: string
  readonly mode: 'sandbox' | 'live'
  /** Where the sandbox's test clock stands; null while it runs with real time. */
  readonly simulatedTime: Date | null
}

/** Who is written into the audit: a key, or the server itself. */
export type Actor = { readonly kind: 'api_key'; readonly id: string } | { readonly kind: 'system' }

export type Caller = {
  readonly environment: Environment
  readonly actor: Actor
  readonly requestId: string | undefined
}
