import type { EventType } from '@commet/contract'
import type { Statement, WriteTransaction } from './db.ts'
import { newId } from './ids.ts'

/** What a command says has happened. Kept in its commit, delivered later by whoever reads the log. */
export type EmittedEvent = {
  readonly type: EventType
  /** ID of the thing it happened to. */
  readonly subjectId: string
  /** The thing as the newest version shows it. */
  readonly data: unknown
}

const insertEvents: Statement = {
  name: 'kernel.insert_events',
  text: `
    insert into events (environment_id, id, type, subject_id, data, occurred_at, recorded_at)
    select $1, e.id, e.type, e.subject_id, e.data, $3, $4
    from jsonb_to_recordset($2) as e (id text, type text, subject_id text, data jsonb)`,
}

export type WriteMoment = { readonly environmentId: string; readonly now: Date; readonly realNow: Date }

/** Sends all events of a command as one statement. */
export function sendEvents(tx: WriteTransaction, moment: WriteMoment, events: readonly EmittedEvent[]): void {
  if (events.length === 0) return
  const rows = events.map(({ type, subjectId, data }) => ({
    id: newId('event'),
    type,
    subject_id: subjectId,
    data,
  }))
  tx.send(insertEvents, [moment.environmentId, JSON.stringify(rows), moment.now, moment.realNow])
}
