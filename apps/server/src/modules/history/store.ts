import { type RawBuilder, sql } from 'kysely'
import { compose } from '../../kernel/compose.ts'
import type { Database, ReadTransaction, Statement } from '../../kernel/db.ts'

/** All SQL of the history: what commands have left behind, and the log of requests. */

type Values = Readonly<Record<string, unknown>>

export type ActorColumns = {
  readonly actor_kind: string
  readonly actor_id: string | null
  readonly actor_name: string | null
  readonly actor_hint: string | null
}

/** Keys and people that are gone keep their rows, and so their names. */
const actorNames = sql`coalesce(k.name, m.name) as actor_name, k.prefix as actor_hint`
const joinActors = (environmentId: string) => sql`
  left join api_keys k on page.actor_kind = 'api_key' and k.environment_id = ${environmentId} and k.id = page.actor_id
  left join lateral (
    select name from members where user_id = page.actor_id order by created_at desc limit 1
  ) m on page.actor_kind = 'user'`

const keepToOrder = compose(
  sql`select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`,
)

/**
 * Reads the first rows of an order that an index has, by that index. The planner cannot know how much history a thing has:
 * it may take half a million entries for two, and would read and sort them all for a page.
 */
function firstInOrder<Row>(tx: ReadTransaction, statement: RawBuilder<unknown>): Promise<Row[]> {
  tx.manyComposed(keepToOrder).catch(() => undefined)
  return tx.manyComposed<Row>(compose(statement))
}

/** A row's place in what goes by the time of recording. */
export type Place = { readonly createdAt: Date; readonly id: string }

export type Window = {
  /** `cus_` ID or user ID. */
  readonly customer: string
  readonly after: Place | undefined
  readonly limit: number
}

/** The ID of a customer that is there, by its `cus_` ID or its user ID. */
function idOf(environmentId: string, name: string): RawBuilder<unknown> {
  const column = sql.raw(name.startsWith('cus_') ? 'id' : 'external_id')
  return sql`select id from customers where environment_id = ${environmentId} and ${column} = ${name} and deleted_at is null`
}

const below = (after: Place | undefined) =>
  after === undefined ? sql`` : sql`and (recorded_at, id) < (${after.createdAt}, ${after.id})`

export async function customerExists(
  tx: ReadTransaction,
  environmentId: string,
  name: string,
): Promise<boolean> {
  return (await tx.manyComposed(compose(idOf(environmentId, name)))).length > 0
}

export type EntryRow = ActorColumns & {
  readonly id: string
  readonly operation: string
  readonly request_id: string | null
  readonly before: Values | null
  readonly after: Values | null
  readonly occurred_at: Date
  readonly recorded_at: Date
}

/** The newest audit entries of a customer. */
export function listEntries(
  tx: ReadTransaction,
  environmentId: string,
  { customer, after, limit }: Window,
): Promise<EntryRow[]> {
  return firstInOrder(
    tx,
    sql`
      with page as (
        select id, operation, request_id, before, after, occurred_at, recorded_at, actor_kind, actor_id
        from audit_entries
        where environment_id = ${environmentId} and subject_id = (${idOf(environmentId, customer)}) ${below(after)}
        order by recorded_at desc, id desc limit ${limit}
      )
      select page.*, ${actorNames} from page ${joinActors(environmentId)}
      order by page.recorded_at desc, page.id desc`,
  )
}

export type EventRow = {
  readonly id: string
  readonly type: string
  readonly occurred_at: Date
  readonly recorded_at: Date
}

/** The newest events of a customer. */
export function listEvents(
  tx: ReadTransaction,
  environmentId: string,
  { customer, after, limit }: Window,
): Promise<EventRow[]> {
  return firstInOrder(
    tx,
    sql`
      select id, type, occurred_at, recorded_at from events
      where environment_id = ${environmentId} and subject_id = (${idOf(environmentId, customer)}) ${below(after)}
      order by recorded_at desc, id desc limit ${limit}`,
  )
}

export type ActivityRow = ActorColumns & {
  readonly id: string
  readonly operation: string
  readonly subject_id: string
  readonly subject_name: string | null
  readonly fields: readonly string[]
  readonly request_id: string | null
  readonly occurred_at: Date
  readonly recorded_at: Date
}

/**
 * The newest audit entries of an environment, in the order of their IDs, which sort by time and lead the primary key.
 * Names come from what is there today: what was deleted has none.
 */
export function listActivity(
  tx: ReadTransaction,
  environmentId: string,
  { after, limit }: Omit<Window, 'customer'>,
): Promise<ActivityRow[]> {
  return firstInOrder(
    tx,
    sql`
      with page as (
        select id, operation, subject_id, request_id, occurred_at, recorded_at, actor_kind, actor_id,
          case when before is null then '{}' else array(select jsonb_object_keys(after)) end as fields
        from audit_entries
        where environment_id = ${environmentId} ${after === undefined ? sql`` : sql`and id < ${after.id}`}
        order by id desc limit ${limit}
      )
      select page.*, ${actorNames}, coalesce(c.full_name, c.email, s.name) as subject_name
      from page ${joinActors(environmentId)}
      left join customers c on c.environment_id = ${environmentId} and c.id = page.subject_id and c.deleted_at is null
      left join api_keys s on s.environment_id = ${environmentId} and s.id = page.subject_id and s.revoked_at is null
      order by page.id desc`,
  )
}

export type RequestRow = ActorColumns & {
  readonly id: string
  readonly received_at: Date
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly status: number
  readonly error_code: string | null
  readonly duration_ms: number
  readonly api_version: string
  readonly replayed: boolean
}

const requestColumns = sql`id, received_at, method, path, status, error_code, duration_ms, api_version, replayed,
  caller_kind as actor_kind, caller_id as actor_id`

export type RequestFilter = {
  /** First digit of the status. */
  readonly statusClass: number | undefined
  readonly method: string | undefined
  readonly callerId: string | undefined
  readonly after: Place | undefined
  readonly limit: number
}

/** Logged requests that pass the filter, in the order of their IDs, which sort by time. */
export function listRequests(
  tx: ReadTransaction,
  environmentId: string,
  { statusClass, method, callerId, after, limit }: RequestFilter,
): Promise<RequestRow[]> {
  const conditions = [
    sql`environment_id = ${environmentId}`,
    ...(statusClass === undefined ? [] : [sql`status / 100 = ${statusClass}`]),
    ...(method === undefined ? [] : [sql`method = ${method}`]),
    ...(callerId === undefined ? [] : [sql`caller_id = ${callerId}`]),
    ...(after === undefined ? [] : [sql`id < ${after.id}`]),
  ]
  return tx.manyComposed(
    compose(sql`
      with page as (
        select ${requestColumns} from request_log where ${sql.join(conditions, sql` and `)}
        order by id desc limit ${limit}
      )
      select page.*, ${actorNames} from page ${joinActors(environmentId)} order by page.id desc`),
  )
}

export async function getRequest(
  tx: ReadTransaction,
  environmentId: string,
  id: string,
): Promise<RequestRow | undefined> {
  const [row] = await tx.manyComposed<RequestRow>(
    compose(sql`
      with page as (
        select ${requestColumns} from request_log where environment_id = ${environmentId} and id = ${id}
      )
      select page.*, ${actorNames} from page ${joinActors(environmentId)}`),
  )
  return row
}

/** How many requests of an environment are kept. */
export const keptRequests = 1_000

const record: Statement = { name: 'history.record_requests', text: 'select record_requests($1, $2)' }

export type NewRequest = {
  readonly environment_id: string
  readonly id: string
  readonly received_at: Date
  readonly method: string
  readonly path: string
  readonly status: number
  readonly error_code: string | null
  readonly duration_ms: number
  readonly api_version: string
  readonly caller_kind: string
  readonly caller_id: string
  readonly replayed: boolean
}

/** Adds requests to the log. Works outside any environment, for the worker. */
export async function recordRequests(db: Database, requests: readonly NewRequest[]): Promise<void> {
  await db.call(record, [JSON.stringify(requests), keptRequests])
}
