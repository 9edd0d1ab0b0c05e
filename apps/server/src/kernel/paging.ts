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

/** The cursor of a page that ends at this place. */
export function writeCursor({ createdAt, id }: Place, order: Order): string {
  return Buffer.from(JSON.stringify([order, createdAt.getTime(), id])).toString('base64url')
}

/** Reads a cursor that this server wrote for the same order; anything else is refused. */
export function readCursor(cursor: string, order: Order): Place {
  const parts = parse(cursor)
  if (!Array.isArray(parts) || parts.length !== 3) throw badCursor('is not a cursor of this list')
  const [writtenFor, time, id] = parts as unknown[]
  if (!isTime(time) || !isId(id)) throw badCursor('is not a cursor of this list')
  const createdAt = new Date(time)
  if (writtenFor !== order) throw badCursor(`belongs to a list with order=${String(writtenFor)}`)
  return { createdAt, id }
}

const endOfYear9999 = Date.UTC(10_000, 0) - 1

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= endOfYear9999
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]+_[0-9a-z]+$/.test(value)
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
