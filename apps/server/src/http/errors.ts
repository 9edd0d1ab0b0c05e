import { errors, type VersionFold } from '@commet/contract'
import { isUnreachable } from '../kernel/db.ts'
import { describeError } from '../kernel/describe-error.ts'
import type { Answer } from '../kernel/idempotency.ts'
import type { Log } from '../kernel/log.ts'
import { Refusal } from '../kernel/refusal.ts'

/** One envelope for everything that is not a success, lowered to the version of the caller. */

export function errorAnswer(refusal: Refusal, version: VersionFold, publicUrl: string): Answer {
  const { code, message, param, details } = refusal
  const body = {
    success: false,
    error: {
      type: errors[code].type,
      code,
      message,
      ...(param === undefined ? {} : { param }),
      ...(details === undefined ? {} : { details }),
      doc_url: `${publicUrl}/reference/errors/${code}`,
    },
  }
  return { status: refusal.status, body: JSON.stringify(version.downError(body)) }
}

/**
 * Whatever was thrown, as a refusal. What we did not foresee is logged, and told as internal_error and no more.
 * An outage of the database is logged once by whoever notices it, not once for every request that meets it.
 */
export function asRefusal(error: unknown, requestId: string, log: Log): Refusal {
  if (error instanceof Refusal) return error
  if (isUnreachable(error)) {
    return new Refusal(
      'internal_error',
      'The database could not be reached. Send the request again in a moment, a write with the same Idempotency-Key: it may have been kept.',
    )
  }
  log.error({ requestId, ...describeError(error) }, 'request failed')
  return new Refusal(
    'internal_error',
    `Something failed on our side and nothing of the request was kept. Try again; if it persists, report ${requestId}.`,
  )
}
