import { errors, type VersionFold } from '@commet/contract'
import { isUnreachable, troubleOf } from '../kernel/database-errors.ts'
import { describeError } from '../kernel/describe-error.ts'
import type { Answer } from '../kernel/idempotency.ts'
import type { Log } from '../kernel/log.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Trouble } from '../kernel/strain.ts'

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
 * An outage of the database, and a trouble of it, is logged once by whoever notices it, not once for every request that
 * meets it (kernel/reach.ts, kernel/strain.ts).
 */
export function asRefusal(error: unknown, requestId: string, log: Log): Refusal {
  if (error instanceof Refusal) return error
  if (isUnreachable(error)) {
    return unavailable(
      'The database could not be reached. Send the request again in a moment, a write with the same Idempotency-Key: it may have been kept.',
    )
  }
  const trouble = troubleOf(error)
  if (trouble !== undefined) return unavailable(troubleMessages[trouble])
  log.error({ requestId, ...describeError(error) }, 'request failed')
  return new Refusal(
    'internal_error',
    `Something failed on our side and nothing of the request was kept. Try again; if it persists, report ${requestId}.`,
  )
}

const troubleMessages: Readonly<Record<Trouble, string>> = {
  full: 'The disk of the database is full and nothing of the request was kept. Send it again once there is room.',
  slow: 'The database took too long and nothing of the request was kept. Send it again in a moment.',
  busy: 'Too many requests wait for the database and nothing of this one was kept. Send it again in a moment.',
}

const askAgainAfterSeconds = 1

function unavailable(message: string): Refusal {
  return new Refusal('internal_error', message, {
    status: 503,
    headers: { 'retry-after': String(askAgainAfterSeconds) },
  })
}
