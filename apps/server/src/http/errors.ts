import { errors, type VersionFold } from '@commet/contract'
import pg from 'pg'
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

/** Whatever was thrown, as a refusal. What we did not foresee is logged, and told as internal_error and no more. */
export function asRefusal(error: unknown, requestId: string, log: Log): Refusal {
  if (error instanceof Refusal) return error
  log.error({ requestId, ...describe(error) }, 'request failed')
  return new Refusal(
    'internal_error',
    `Something failed on our side and nothing of the request was kept. Try again; if it persists, report ${requestId}.`,
  )
}

/** What may be logged of an error. Messages of the database can quote rows, so only their codes are. */
export function describe(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof pg.DatabaseError) {
    const { code, table, constraint, routine } = error
    return { error: 'DatabaseError', code, table, constraint, routine, stack: stackOf(error) }
  }
  if (error instanceof Error) return { error: error.name, reason: error.message, stack: stackOf(error) }
  return { error: typeof error }
}

/** The frames of a stack, without the message that heads it. */
function stackOf(error: Error): readonly string[] {
  return (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, 12)
}
