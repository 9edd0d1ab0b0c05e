// Owns the error classes a caller can meet.
// Does not read HTTP answers (answer.ts does) and does not decide about retries (retry.ts does).
// Always: no error carries the API key, neither as a field nor in toJSON().

interface CommetErrorFields {
  readonly code: string
  readonly statusCode?: number | undefined
  readonly details?: unknown
  readonly cause?: unknown
}

/** What every error of this package extends. Thrown as itself for a wrong argument (`INVALID_ARGUMENT`). */
export class CommetError extends Error {
  override readonly name: string = 'CommetError'
  /** Machine-readable reason, such as `customer_not_found` or `TIMEOUT`. Branch on this, not on the message. */
  readonly code: string
  /** HTTP status, where the server answered. */
  readonly statusCode: number | undefined
  /** What the server added to the code; its shape depends on the code. */
  readonly details: unknown

  constructor(message: string, fields: CommetErrorFields) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause })
    this.code = fields.code
    this.statusCode = fields.statusCode
    this.details = fields.details
  }

  /** The same as `statusCode`. */
  get status(): number | undefined {
    return this.statusCode
  }

  /** The fields that are safe to log. The cause is left out, for it may hold anything. */
  toJSON(): Record<string, unknown> {
    return {
      name: this.name,
      message: this.message,
      code: this.code,
      statusCode: this.statusCode,
      details: this.details,
    }
  }
}

/** What is known of an answer that was not a success. */
export interface APIErrorFields {
  readonly message: string
  readonly code: string
  readonly type: string
  readonly statusCode: number
  readonly param?: string | undefined
  readonly details?: unknown
  readonly docUrl?: string | undefined
  readonly requestId?: string | undefined
  readonly retryAfterSeconds?: number | undefined
}

/**
 * The server answered, and the answer was no, or was not an answer of the API at all
 * (`INVALID_JSON`, `EMPTY_RESPONSE`, `UNEXPECTED_REDIRECT`, `UNEXPECTED_RESPONSE`).
 */
export class CommetAPIError extends CommetError {
  override readonly name: string = 'CommetAPIError'
  override readonly statusCode: number
  /** Family of the code: `validation_error`, `not_found_error`, `conflict_error`, … */
  readonly type: string
  /** The one field at fault, where there is one. */
  readonly param: string | undefined
  /** Page that explains the code. */
  readonly docUrl: string | undefined
  /** The `x-request-id` of the answer: the line to look for in the server's log. */
  readonly requestId: string | undefined
  /** Seconds the server asked to wait, where it sent a numeric `Retry-After`. */
  readonly retryAfterSeconds: number | undefined

  constructor(fields: APIErrorFields) {
    super(fields.message, fields)
    this.statusCode = fields.statusCode
    this.type = fields.type
    this.param = fields.param
    this.docUrl = fields.docUrl
    this.requestId = fields.requestId
    this.retryAfterSeconds = fields.retryAfterSeconds
  }

  override toJSON(): Record<string, unknown> {
    return {
      ...super.toJSON(),
      type: this.type,
      param: this.param,
      docUrl: this.docUrl,
      requestId: this.requestId,
      retryAfterSeconds: this.retryAfterSeconds,
    }
  }
}

/** The request had bad fields. `validationErrors` lists them all, by dotted path (`address.country`). */
export class CommetValidationError extends CommetAPIError {
  override readonly name: string = 'CommetValidationError'
  /** Field path → what was wrong with it, in the server's order. */
  readonly validationErrors: Record<string, string[]>

  constructor(fields: APIErrorFields, validationErrors: Record<string, string[]>) {
    super(fields)
    this.validationErrors = validationErrors
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), validationErrors: this.validationErrors }
  }
}

/** No complete answer arrived: refused, reset, unresolvable. `cause` is what `fetch` threw. */
export class CommetConnectionError extends CommetError {
  override readonly name: string = 'CommetConnectionError'

  constructor(message: string, fields: { readonly code?: string; readonly cause?: unknown } = {}) {
    super(message, { code: fields.code ?? 'CONNECTION_ERROR', cause: fields.cause })
  }
}

/** No complete answer arrived within `timeout` milliseconds. Code `TIMEOUT`. */
export class CommetTimeoutError extends CommetConnectionError {
  override readonly name: string = 'CommetTimeoutError'

  constructor(message: string) {
    super(message, { code: 'TIMEOUT' })
  }
}

/** @internal A mistake found before anything was sent. */
export function invalidArgument(message: string): CommetError {
  return new CommetError(`Commet SDK: ${message}`, { code: 'INVALID_ARGUMENT' })
}
