import type { Caller } from './caller.ts'
import type { Statement, WriteTransaction } from './db.ts'
import type { WriteMoment } from './events.ts'
import { newId } from './ids.ts'

/** One change to one thing: only the fields that changed, before and after. Null before: created; null after: gone. */
export type AuditEntry = {
  readonly operation: string
  readonly subjectId: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

const insertEntries: Statement = {
  name: 'kernel.insert_audit_entries',
  text: `
    insert into audit_entries
      (environment_id, id, operation, subject_id, actor_kind, actor_id, request_id, before, after, occurred_at, recorded_at)
    select $1, a.id, a.operation, a.subject_id, $3, $4, $5, a.before, a.after, $6, $7
    from jsonb_to_recordset($2) as a (id text, operation text, subject_id text, before jsonb, after jsonb)`,
}

/** Sends all audit entries of a command as one statement. */
export function sendAudit(
  tx: WriteTransaction,
  moment: WriteMoment,
  caller: Caller,
  entries: readonly AuditEntry[],
): void {
  if (entries.length === 0) return
  const rows = entries.map(({ operation, subjectId, before, after }) => ({
    id: newId('auditEntry'),
    operation,
    subject_id: subjectId,
    before,
    after,
  }))
  tx.send(insertEntries, [
    moment.environmentId,
    JSON.stringify(rows),
    caller.actor.kind,
    caller.actor.kind === 'system' ? null : caller.actor.id,
    caller.requestId ?? null,
    moment.now,
    moment.realNow,
  ])
}
