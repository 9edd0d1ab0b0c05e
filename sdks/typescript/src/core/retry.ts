// Owns when a failed attempt is worth another one, and how long to wait before it.
// Does not send or wait by itself: the waiting is passed in, so tests never sleep.
// Always: a refusal that would be given again (4xx) is not retried.

import { CommetAPIError, CommetConnectionError, type CommetError } from './errors.ts'

/** Where time and chance come from. */
export interface Timing {
  wait(delayMs: number, signal: AbortSignal | undefined): Promise<void>
  /** In [0, 1), as Math.random. */
  random(): number
}

const FIRST_BACKOFF_MS = 1_000
const LONGEST_BACKOFF_MS = 8_000
const LONGEST_RETRY_AFTER_MS = 30_000
const JITTER_SHARE = 0.25
const RETRIED_STATUSES: readonly number[] = [408, 500, 502, 503, 504]

/** Milliseconds to wait after failed attempt number `attempt` (from 0), or undefined to give up. */
export function retryDelayMs(error: CommetError, attempt: number, random: number): number | undefined {
  if (error instanceof CommetConnectionError) return backoffMs(attempt, random)
  if (!(error instanceof CommetAPIError)) return undefined
  const asked = retryAfterMs(error)
  if (error.statusCode === 429) return asked
  return isTransient(error) ? (asked ?? backoffMs(attempt, random)) : undefined
}

/** The first attempt may still be running on the server: its answer is there a moment later. */
function isTransient(error: CommetAPIError): boolean {
  return RETRIED_STATUSES.includes(error.statusCode) || error.code === 'idempotency_in_progress'
}

function retryAfterMs(error: CommetAPIError): number | undefined {
  if (error.retryAfterSeconds === undefined) return undefined
  return Math.min(error.retryAfterSeconds * 1_000, LONGEST_RETRY_AFTER_MS)
}

/** 1, 2, 4, 8, 8 … seconds, less up to a quarter so that clients cut off together do not return together. */
function backoffMs(attempt: number, random: number): number {
  const fullMs = Math.min(FIRST_BACKOFF_MS * 2 ** attempt, LONGEST_BACKOFF_MS)
  return Math.round(fullMs * (1 - JITTER_SHARE * random))
}

export const realTiming: Timing = {
  random: () => Math.random(),
  wait: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const stop = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, delayMs)
      signal?.addEventListener('abort', stop, { once: true })
    }),
}
