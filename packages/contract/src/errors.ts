/**
 * Every error the API can answer with: its code, the class it belongs to, its status, what it means and what mends it.
 * The codes are the published ones; a route that needs another status than its class says names it here.
 */

export type ErrorType =
  | 'validation_error'
  | 'authentication_error'
  | 'not_found_error'
  | 'conflict_error'
  | 'billing_error'
  | 'rate_limit_error'
  | 'internal_error'

/** What a caller may do with the same request: never, after the condition changed, later with the same key, or wait. */
export type RetryAdvice = 'never' | 'after_change' | 'same_key' | 'wait'

export type ErrorDefinition = {
  readonly type: ErrorType
  readonly status: number
  readonly retry: RetryAdvice
  /** One sentence for the reference page: when this happens. */
  readonly meaning: string
  /** One sentence: what to do about it. */
  readonly remedy: string
}

export const errors = {
  api_key_not_found: {
    type: 'not_found_error',
    status: 404,
    retry: 'after_change',
    meaning: 'No API key with this ID exists in the environment of the key that asked.',
    remedy: 'List the keys and use the ID of one of them.',
  },
  customer_not_found: {
    type: 'not_found_error',
    status: 404,
    retry: 'after_change',
    meaning: 'No customer with this ID or user ID exists in the environment of the key that asked.',
    remedy:
      'Check the ID, and that the key belongs to the environment (sandbox or live) that holds the customer.',
  },
  duplicate: {
    type: 'conflict_error',
    status: 409,
    retry: 'never',
    meaning: 'A value that must be unique belongs to something else already.',
    remedy: 'Send another value, or change the thing that holds it.',
  },
  endpoint_deprecated: {
    type: 'not_found_error',
    status: 410,
    retry: 'never',
    meaning: 'The route existed in an earlier API version and was retired.',
    remedy: 'Use the successor named in the message, or send an earlier commet-version.',
  },
  endpoint_not_available: {
    type: 'not_found_error',
    status: 404,
    retry: 'never',
    meaning: 'The route exists, but not in this API version or not with this method.',
    remedy: 'Send a commet-version that has the route, or use one of the methods named in the Allow header.',
  },
  forbidden: {
    type: 'authentication_error',
    status: 403,
    retry: 'after_change',
    meaning: 'The key or session is known, but it may not do this.',
    remedy: 'Use a key or an account that carries the permission named in the message.',
  },
  idempotency_in_progress: {
    type: 'conflict_error',
    status: 409,
    retry: 'same_key',
    meaning: 'A request with this Idempotency-Key is still running.',
    remedy: 'Wait a moment and send the same request with the same key again.',
  },
  idempotency_key_mismatch: {
    type: 'conflict_error',
    status: 409,
    retry: 'never',
    meaning: 'This Idempotency-Key was used for a different request in the last 24 hours.',
    remedy: 'Use a new key for a new request, and the old key only to repeat the old one.',
  },
  idempotency_unavailable: {
    type: 'internal_error',
    status: 500,
    retry: 'same_key',
    meaning: 'The answer could not be kept under its Idempotency-Key, so nothing was done.',
    remedy: 'Send the same request with the same key again.',
  },
  internal_error: {
    type: 'internal_error',
    status: 500,
    retry: 'same_key',
    meaning:
      'The server failed. Nothing of the request was kept, unless the connection to the database broke at the very end.',
    remedy: 'Send it again with the same Idempotency-Key, and report the request ID if it persists.',
  },
  invalid_import_status: {
    type: 'conflict_error',
    status: 409,
    retry: 'after_change',
    meaning: 'The import is at a step that does not allow this.',
    remedy: 'Look at its status: wait until the step under way is over, or cancel it.',
  },
  invalid_json: {
    type: 'validation_error',
    status: 400,
    retry: 'after_change',
    meaning: 'The body is not JSON text in UTF-8.',
    remedy: 'Send a JSON object; the message names the place where reading stopped.',
  },
  not_found: {
    type: 'not_found_error',
    status: 404,
    retry: 'after_change',
    meaning: 'There is nothing at this address.',
    remedy: 'Check method and path against the reference.',
  },
  rate_limited: {
    type: 'rate_limit_error',
    status: 429,
    retry: 'wait',
    meaning: 'The key sent more requests than its limit within the window.',
    remedy: 'Wait for the number of seconds in the Retry-After header.',
  },
  unauthorized: {
    type: 'authentication_error',
    status: 401,
    retry: 'never',
    meaning: 'The x-api-key header is missing, or its key is unknown, expired or revoked.',
    remedy: 'Send a valid key in the x-api-key header.',
  },
  validation_error: {
    type: 'validation_error',
    status: 400,
    retry: 'after_change',
    meaning: 'One or more fields are missing or malformed; details lists every one of them.',
    remedy: 'Correct the fields named in details.',
  },
} as const satisfies Record<string, ErrorDefinition>

export type ErrorCode = keyof typeof errors

/** One bad field of a request: its dotted path and what to send instead. */
export type FieldError = { readonly field: string; readonly message: string }

/** The inner error object of the newest shape; versions lower it. */
export type ErrorBody = {
  readonly type: ErrorType
  readonly code: ErrorCode
  readonly message: string
  readonly param?: string
  readonly details?: unknown
  readonly doc_url?: string
}
