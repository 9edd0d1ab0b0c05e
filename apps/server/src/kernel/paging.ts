import { Refusal } from './refusal.ts'

/**
 * Keyset paging: a cursor is the place of the last row seen, in the order (created, ID). Rows that exist throughout are
 * seen exactly once, whatever is inserted or deleted meanwhile.
 */

export type Order = 'asc' | 'desc'

export type Place = { readonly createdAt: Date; readonly id: string }

export type Page<T> = { readonly data: readonly T[]; readonly hasMore: boolean; readonly nextCursor?: string }

/** A page from rows that were read one further than `limit`. */
export function pageOf<Row extends { readonly id: string; readonly created_at: Date }, T>(
  rows: readonly Row[],
  limit: number,
  order: Order,
  present: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const data = shown.map(present)
  if (rows.length <= limit || last === undefined) return { data, hasMore: false }
  return { data, hasMore: true, nextCursor: writeCursor({ createdAt: last.created_at, id: last.id }, order) }
}

function writeCursor({ createdAt, id }: Place, order: Order): string {
  return Buffer.from(JSON.stringify([order, createdAt.getTime(), id])).toString('base64url')
}

/** Reads a cursor that this server wrote for the same order; anything else is refused. */
export function readCursor(cursor: string, order: Order): Place {
  const parts = parse(cursor)
  if (!Array.isArray(parts) || parts.length !== 3) throw badCursor('is not a cursor of this list')
  const [writtenFor, time, id] = parts as unknown[]
  if (!Number.isSafeInteger(time) || typeof id !== 'string') throw badCursor('is not a cursor of this list')
  const createdAt = new Date(time as number)
  if (Number.isNaN(createdAt.getTime())) throw badCursor('is not a cursor of this list')
  if (writtenFor !== order) throw badCursor(`belongs to a list with order=${String(writtenFor)}`)
  return { createdAt, id }
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

function badCursor(why: string): Refusal {
  const message = `${why}; pass nextCursor as it came, or leave it out to start again`
  return new Refusal('validation_error', `cursor ${message}.`, {
    param: 'cursor',
    details: [{ field: 'cursor', message }],
  })
}
