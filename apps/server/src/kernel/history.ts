import type { AuditedOperation, EventType } from '@commet/contract'
import type { Caller } from './caller.ts'
import type { Statement, WriteTransaction } from './db.ts'
import { newId } from './ids.ts'

/**
 * Keeps what a command has emitted and noted: its events and its audit entries, as one statement. A creation emits the very
 * thing that its audit entry shows; it is sent once.
 */

/** What a command says has happened. Kept in its commit, delivered later by whoever reads the log. */
export type EmittedEvent = {
  readonly type: EventType
  /** ID of the thing it happened to. */
  readonly subjectId: string
  /** The thing as the newest version shows it. */
  readonly data: unknown
}

/** One change to one thing: only the fields that changed, before and after. Null before: created; null after: gone. */
export type AuditEntry = {
  readonly operation: AuditedOperation
  readonly subjectId: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

type WriteMoment = { readonly environmentId: string; readonly now: Date; readonly realNow: Date }

const insertHistory: Statement = {
  name: 'kernel.insert_history',
  text: `
    with noted as materialized (
      select * from jsonb_to_recordset($2) as n
        (subject_id text, event_id text, type text, data jsonb, entry_id text, operation text, before jsonb, after jsonb,
         after_is_data boolean)
    ), kept_events as (
      insert into events (environment_id, id, type, subject_id, data, occurred_at, recorded_at)
      select $1, event_id, type, subject_id, data, $3, $4 from noted where event_id is not null
    )
    insert into audit_entries
      (environment_id, id, operation, subject_id, actor_kind, actor_id, request_id, before, after, occurred_at, recorded_at)
    select $1, entry_id, operation, subject_id, $5, $6, $7, before, case when after_is_data then data else after end, $3, $4
    from noted where entry_id is not null`,
}

type Noted = {
  subject_id: string
  event_id?: string
  type?: string
  data?: unknown
  entry_id?: string
  operation?: string
  before?: unknown
  after?: unknown
  after_is_data?: boolean
}

export function sendHistory(
  tx: WriteTransaction,
  { environmentId, now, realNow }: WriteMoment,
  { actor, requestId }: Caller,
  events: readonly EmittedEvent[],
  entries: readonly AuditEntry[],
): void {
  if (events.length === 0 && entries.length === 0) return
  const noted = JSON.stringify(notedOf(events, entries))
  const actorId = actor.kind === 'system' ? null : actor.id
  tx.send(insertHistory, [environmentId, noted, now, realNow, actor.kind, actorId, requestId ?? null])
}

/** The events in their order, each with the entry that shows the same thing, then the other entries. */
function notedOf(events: readonly EmittedEvent[], entries: readonly AuditEntry[]): readonly Noted[] {
  const noted: Noted[] = events.map(({ type, subjectId, data }) => ({
    subject_id: subjectId,
    event_id: newId('event'),
    type,
    data,
  }))
  const byData = new Map(noted.map((row) => [row.data, row]))
  for (const { operation, subjectId, before, after } of entries) {
    const entry = { entry_id: newId('auditEntry'), operation, before }
    const event = byData.get(after)
    if (after === null || event?.subject_id !== subjectId || event.entry_id !== undefined) {
      noted.push({ subject_id: subjectId, ...entry, after })
    } else {
      Object.assign(event, entry, { after_is_data: true })
    }
  }
  return noted
}
