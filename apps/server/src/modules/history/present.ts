import { isDeepStrictEqual } from 'node:util'
import type { Activity, ActorShown, FieldChange, LoggedRequest, TimelineEntry } from '@commet/contract'
import type { Environment } from '../../kernel/caller.ts'
import type { ActivityRow, ActorColumns, EntryRow, RequestRow } from './store.ts'
import type { TimelineItem } from './timeline.ts'

/** The history as people see it. */

function presentActor({ actor_kind, actor_id, actor_name, actor_hint }: ActorColumns): ActorShown {
  const kind = actor_kind === 'api_key' || actor_kind === 'user' ? actor_kind : 'system'
  return { kind, id: actor_id, name: actor_name, hint: actor_hint }
}

export function presentTimelineItem(
  { entry, events }: TimelineItem,
  environment: Environment,
): TimelineEntry | undefined {
  const row = entry ?? events.at(-1)
  if (row === undefined) return undefined
  return {
    id: row.id,
    kind: entry === undefined ? 'event' : kindOf(entry),
    operation: entry?.operation ?? null,
    events: events.map(({ type }) => type),
    actor: entry === undefined ? null : presentActor(entry),
    changes: entry === undefined ? [] : changesOf(entry),
    requestId: entry?.request_id ?? null,
    occurredAt: row.occurred_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    object: 'timeline_entry',
    livemode: environment.mode === 'live',
  }
}

function kindOf({ before, after }: EntryRow): 'created' | 'updated' | 'deleted' {
  if (before === null) return 'created'
  return after === null ? 'deleted' : 'updated'
}

/** Fields that say nothing of a change: names of the thing itself, and times that the entry carries. */
const constant: ReadonlySet<string> = new Set(['id', 'object', 'livemode', 'createdAt', 'updatedAt'])

/** What differs, field by field; of objects such as metadata, key by key. What was empty and stays so is left out. */
function changesOf({ before, after }: EntryRow): FieldChange[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names
    .filter((name) => !constant.has(name))
    .flatMap((name) => fieldChanges(name, before?.[name] ?? null, after?.[name] ?? null))
}

function fieldChanges(field: string, before: unknown, after: unknown): readonly FieldChange[] {
  if (isDeepStrictEqual(before, after)) return []
  const [old, now] = [partsOf(before), partsOf(after)]
  if (old === undefined || now === undefined) return [{ field, before, after }]
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key) => {
    const [one, other] = [old[key] ?? null, now[key] ?? null]
    return isDeepStrictEqual(one, other) ? [] : [{ field: `${field}.${key}`, before: one, after: other }]
  })
}

/** The keys of an object; nothing has none. Undefined for values that have no keys. */
function partsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  return value as Readonly<Record<string, unknown>>
}

export function presentActivity(row: ActivityRow, environment: Environment): Activity {
  return {
    id: row.id,
    operation: row.operation,
    subject: { id: row.subject_id, name: row.subject_name },
    fields: [...row.fields],
    actor: presentActor(row),
    requestId: row.request_id,
    occurredAt: row.occurred_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    object: 'activity',
    livemode: environment.mode === 'live',
  }
}

export function presentRequest(row: RequestRow, environment: Environment): LoggedRequest {
  return {
    id: row.id,
    method: row.method,
    path: row.path,
    status: row.status,
    errorCode: row.error_code,
    durationMs: row.duration_ms,
    apiVersion: row.api_version,
    caller: presentActor(row),
    idempotentReplay: row.replayed,
    createdAt: row.received_at.toISOString(),
    object: 'request',
    livemode: environment.mode === 'live',
  }
}
