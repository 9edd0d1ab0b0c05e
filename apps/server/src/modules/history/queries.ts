import type { Activity, ListRequests, LoggedRequest, TimelineEntry } from '@commet/contract'
import type { QueryContext } from '../../kernel/command.ts'
import { type Page, pageOf, readCursor, writeCursor } from '../../kernel/paging.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { presentActivity, presentRequest, presentTimelineItem } from './present.ts'
import * as store from './store.ts'
import { mergeTimeline, placeOf } from './timeline.ts'

/**
 * Owns the log of requests, and reads what commands leave behind. Does not know what the things it tells of are.
 * Whoever has a name here is shown by it, and nothing of a deleted customer is shown but that it was deleted.
 */

type PageQuery = { readonly limit: number; readonly cursor?: string | undefined }

function afterOf({ cursor }: PageQuery): store.Place | undefined {
  return cursor === undefined ? undefined : readCursor(cursor, 'desc')
}

/** Everything that happened to one customer, newest first. A page may be shorter than asked for and not be the last. */
export async function listTimeline(
  ctx: QueryContext,
  customer: string,
  input: PageQuery,
): Promise<Page<TimelineEntry>> {
  const { environment } = ctx.caller
  const window = { customer, after: afterOf(input), limit: input.limit + 1 }
  const [exists, entries, events] = await Promise.all([
    store.customerExists(ctx.tx, environment.id, customer),
    store.listEntries(ctx.tx, environment.id, window),
    store.listEvents(ctx.tx, environment.id, window),
  ])
  if (!exists) throw customerNotFound(customer)
  const { items, hasMore } = mergeTimeline(entries, events, input.limit)
  const data = items.flatMap((item) => presentTimelineItem(item, environment) ?? [])
  const last = items.at(-1)
  const place = last === undefined ? undefined : placeOf(last)
  if (!hasMore || place === undefined) return { data, hasMore: false }
  return { data, hasMore, nextCursor: writeCursor({ createdAt: place.recorded_at, id: place.id }, 'desc') }
}

/** The same answer as for any other operation on a customer that is not there. */
function customerNotFound(name: string): Refusal {
  return new Refusal(
    'customer_not_found',
    `There is no customer ${JSON.stringify(name)} in this environment.`,
    { param: 'id' },
  )
}

/** What happened in the environment, newest first. */
export async function listActivity(ctx: QueryContext, input: PageQuery): Promise<Page<Activity>> {
  const { environment } = ctx.caller
  const window = { after: afterOf(input), limit: input.limit + 1 }
  const rows = await store.listActivity(ctx.tx, environment.id, window)
  const placed = rows.map((row) => ({ ...row, created_at: row.recorded_at }))
  return pageOf(placed, input.limit, 'desc', (row) => presentActivity(row, environment))
}

/** The last requests, newest first. */
export async function listRequests(ctx: QueryContext, input: ListRequests): Promise<Page<LoggedRequest>> {
  const { environment } = ctx.caller
  const rows = await store.listRequests(ctx.tx, environment.id, {
    statusClass: input.status === undefined ? undefined : Number(input.status[0]),
    method: input.method,
    callerId: input.callerId,
    after: afterOf(input),
    limit: input.limit + 1,
  })
  const placed = rows.map((row) => ({ ...row, created_at: row.received_at }))
  return pageOf(placed, input.limit, 'desc', (row) => presentRequest(row, environment))
}

/** One request, by the ID that its answer carried. */
export async function getRequest(ctx: QueryContext, id: string): Promise<LoggedRequest> {
  const { environment } = ctx.caller
  const row = await store.getRequest(ctx.tx, environment.id, id)
  if (row !== undefined) return presentRequest(row, environment)
  throw new Refusal(
    'not_found',
    `There is no request ${JSON.stringify(id)} among the last ${store.keptRequests} of this environment.`,
    { param: 'id' },
  )
}
