import { CommetAPIError, CommetConnectionError, CommetValidationError } from '@commet/node'

/** What a failed request says, whoever sent it. */

/** A request outside the contract failed; `fields` says what is wrong with which field. */
export class RequestFailed extends Error {
  /** 0 where no answer came. */
  readonly status: number
  readonly fields: Readonly<Record<string, string>>

  constructor(message: string, status: number, fields: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.fields = fields
  }
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof RequestFailed) return error.status
  return error instanceof CommetAPIError ? error.statusCode : undefined
}

/** Whether nobody is signed in any more. */
export function isSignedOut(error: unknown): boolean {
  return statusOf(error) === 401
}

/** Whether there is nothing of this name: it never was, or is gone. */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404
}

/** Whether this is no answer of the server: it stops, starts, or cannot be reached. */
export function isAway(error: unknown): boolean {
  return error instanceof CommetConnectionError || statusOf(error) === 0 || statusOf(error) === 503
}

/** What a failed request says of single fields. */
export function fieldErrorsOf(error: unknown): Readonly<Record<string, string>> {
  if (error instanceof RequestFailed) return error.fields
  if (error instanceof CommetValidationError) {
    return Object.fromEntries(
      Object.entries(error.validationErrors).map(([field, messages]) => [field, messages.join('; ')]),
    )
  }
  return error instanceof CommetAPIError && error.param !== undefined ? { [error.param]: error.message } : {}
}

export function messageOf(error: unknown): string {
  if (error instanceof CommetConnectionError) return 'The server cannot be reached. It may be restarting.'
  return error instanceof Error ? error.message : 'Something went wrong.'
}
