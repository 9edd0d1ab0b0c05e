import type { IncomingMessage } from 'node:http'
import { isWrite, type OperationShape } from '@commet/contract'
import type { Actor } from '../kernel/caller.ts'
import { isToldOnce } from '../kernel/database-errors.ts'
import type { Database } from '../kernel/db.ts'
import { describeError } from '../kernel/describe-error.ts'
import type { Log } from '../kernel/log.ts'
import { keptRequests, type NewRequest, recordRequests } from '../modules/history/store.ts'
import { targetOf } from './url.ts'

/**
 * The last requests of every environment, for those who develop against it. A request leaves a note in memory and goes on;
 * the notes are written together, about once a second, and only those that will be among the last. While the database is
 * away they wait; where there are too many they are dropped and counted. No request waits for its note, or fails by it.
 */

export type RequestLog = {
  note(request: NewRequest): void
  measure(): RequestLogCounts
  /** Writes what waits. */
  close(): Promise<void>
}

/** Notes of this process since its start, and those that wait. What newer ones would push out at once is not written. */
export type RequestLogCounts = {
  readonly written: number
  readonly dropped: number
  readonly superseded: number
  readonly waiting: number
}

const writeAfterMs = 1_000
/** Where so many come that none of them stays for long, the database is asked less often. */
const writeManyAfterMs = 3_000
const mostInBatch = keptRequests
const mostEnvironments = 200

/** `db` is logged in as the worker, who may add to the log and see nothing of it. */
export function createRequestLog(db: Database, log: Log): RequestLog {
  const counts = { written: 0, dropped: 0, superseded: 0 }
  let waiting = new Map<string, NewRequest[]>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let pauseMs = writeAfterMs
  const keep = (request: NewRequest): boolean => {
    const notes = waiting.get(request.environment_id)
    if (notes !== undefined) {
      notes.push(request)
      if (notes.length >= 2 * keptRequests) counts.superseded += notes.splice(0, keptRequests).length
      return true
    }
    if (waiting.size >= mostEnvironments) return false
    waiting.set(request.environment_id, [request])
    return true
  }
  const keepAgain = (batch: readonly NewRequest[]) => {
    const newer = waiting
    waiting = new Map()
    for (const request of [batch, ...newer.values()].flat()) if (!keep(request)) counts.dropped++
  }
  const write = async (batch: readonly NewRequest[]) => {
    try {
      await recordRequests(db, batch)
      counts.written += batch.length
    } catch (error) {
      if (isToldOnce(error)) return keepAgain(batch)
      counts.dropped += batch.length
      log.warn(describeError(error), 'requests not written to their log')
    }
  }
  const writeAll = async () => {
    const taken = [...waiting.values()]
    waiting = new Map()
    pauseMs = taken.some((notes) => notes.length >= keptRequests) ? writeManyAfterMs : writeAfterMs
    for (const notes of taken) counts.superseded += Math.max(0, notes.length - keptRequests)
    for (const batch of batchesOf(taken.map((notes) => notes.slice(-keptRequests)))) await write(batch)
  }
  const wake = () => {
    timer ??= setTimeout(() => {
      writing = writeAll().finally(() => {
        timer = undefined
        if (waiting.size > 0) wake()
      })
    }, pauseMs).unref()
  }
  return {
    note: (request) => {
      if (keep(request)) wake()
      else counts.dropped++
    },
    measure: () => ({
      ...counts,
      waiting: [...waiting.values()].reduce((sum, notes) => sum + notes.length, 0),
    }),
    close: async () => {
      clearTimeout(timer)
      await writing
      clearTimeout(timer)
      await writeAll()
    },
  }
}

/** Environments with few notes share a batch. */
function batchesOf(groups: readonly (readonly NewRequest[])[]): readonly (readonly NewRequest[])[] {
  const batches: NewRequest[][] = []
  for (const group of groups) {
    const last = batches.at(-1)
    if (last !== undefined && last.length + group.length <= mostInBatch) last.push(...group)
    else batches.push([...group])
  }
  return batches
}

/**
 * What a developer looks for: all that came with a key, and what people changed. Pages read all the time, and would push
 * out everything else.
 */
export function isLogged(operation: OperationShape, actor: Actor): boolean {
  return actor.kind === 'api_key' || isWrite(operation)
}

/** The code of a refusal that was answered as it was kept, in the envelope of any version. */
export function codeOf(body: string): string | undefined {
  const answer = JSON.parse(body) as { readonly error?: { readonly code?: string }; readonly code?: string }
  return answer.error?.code ?? answer.code
}

const longestPath = 500
/** Parameters and values that say how a list is read, and nothing of a person. */
const plainParameters: ReadonlySet<string> = new Set(['limit', 'order', 'createdAfter', 'createdBefore'])
const plainValue = /^(\d{1,6}|asc|desc|\d{4}-\d\d-\d\dT[\dABZ:.+%-]{1,30})$/

/**
 * The path as it was sent. Of the query, names that the operation knows, and few values: searches and filters hold names
 * and addresses of people, who may be deleted, and a key that was sent in the wrong place must not be kept.
 */
export function loggedPath(request: IncomingMessage, operation: OperationShape): string {
  const { path, query } = targetOf(request.url ?? '/')
  const shown =
    query === ''
      ? path
      : `${path}?${query
          .split('&')
          .map((part) => shownPart(part, operation))
          .join('&')}`
  const text = shown.includes('ck_') ? shown.replaceAll(/ck_(sandbox|live)_\w+/g, 'ck_$1_…') : shown
  return text.length > longestPath ? `${text.slice(0, longestPath)}…` : text
}

function shownPart(part: string, operation: OperationShape): string {
  const [name = '', value = ''] = part.split('=', 2)
  if (plainParameters.has(name) && plainValue.test(value)) return part
  const [known = ''] = name.split(/\[|%5b/i)
  return operation.query !== undefined && Object.hasOwn(operation.query.shape, known) ? `${name}=…` : '…'
}
