import { setTimeout as delay } from 'node:timers/promises'
import { prepareDatabase } from '../apps/server/src/db/prepare.ts'
import { openDatabase } from '../apps/server/src/kernel/db.ts'
import { dropAuditMonths, purgeEvents, purgeIdempotencyKeys } from '../apps/server/src/worker/worker.ts'
import type { BenchDatabase } from './database.ts'
import { runLoad, type ServerProcess } from './processes.ts'
import type { RequestSource } from './requests.ts'

/** What creates cost while the worker forgets a great many stored answers, events and audit entries beside them. */

export type Forgetting = {
  /** Of each kind. */
  readonly many: number
  readonly seconds: { readonly keys: number; readonly events: number; readonly audit: number }
  readonly before: CreateLatency
  readonly beside: CreateLatency
}

export type CreateLatency = {
  readonly perSecond: number
  readonly p50Ms: number
  /** In the worst four seconds. */
  readonly p99Ms: number
  readonly mostMs: number
}

type ForgettingPlan = {
  readonly database: BenchDatabase
  readonly secret: string
  readonly environmentId: string
  readonly ours: ServerProcess
  readonly source: Omit<RequestSource, 'label'>
  readonly many: number
}

/** Few, so that what is measured is waiting, and not how busy the machine is. */
const connections = 4
const warmMs = 300
const beforeMs = 12_000
/** Longer than forgetting takes by far; the load ends with it. */
const longestMs = 30 * 60_000
const monthsKept = 12

export async function forgettingRun(plan: ForgettingPlan): Promise<Forgetting> {
  await addHistory(plan)
  const { worker } = await prepareDatabase({ connectionString: plan.database.url }, plan.secret)
  const db = openDatabase(worker)
  try {
    const before = await creates(plan, 'before')
    const now = new Date()
    const forgotten = new AbortController()
    const load = creates(plan, 'beside', forgotten.signal)
    await delay(warmMs)
    const keys = await timed(() => purgeIdempotencyKeys(db, now))
    const events = await timed(() => purgeEvents(db, now, 30))
    const audit = await timed(() => dropAuditMonths(db, now, monthsKept))
    forgotten.abort()
    const beside = await load
    if (keys.value < plan.many || events.value < plan.many || audit.value < 1)
      throw new Error(`Not all was forgotten: ${keys.value}, ${events.value}, ${audit.value}`)
    const seconds = { keys: keys.seconds, events: events.seconds, audit: audit.seconds }
    return { many: plan.many, seconds, before, beside }
  } finally {
    await db.close()
  }
}

/** Without a signal for as long as the worst of a run is looked at. */
async function creates(
  { ours, source }: ForgettingPlan,
  label: string,
  until?: AbortSignal,
): Promise<CreateLatency> {
  const measureMs = until === undefined ? beforeMs : longestMs
  const order = { ...source, label, origin: ours.origin, operations: ['create'] as const }
  const run = await runLoad({ ...order, connections, warmMs, measureMs }, until)
  const { requests, seconds, p50Ms, worstP99Ms, mostMs } = run
  return { perSecond: requests / seconds, p50Ms, p99Ms: worstP99Ms, mostMs }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> {
  const began = performance.now()
  const value = await work()
  return { value, seconds: (performance.now() - began) / 1_000 }
}

async function addHistory({ database, environmentId, many }: ForgettingPlan): Promise<void> {
  await database.owner(`set search_path = commet, public`)
  await database.owner(
    `insert into idempotency_keys (environment_id, key, fingerprint, status, body, sealed, created_at)
     select $1, 'past' || n, sha256(n::text::bytea), 201, repeat('x', 400)::bytea, false, now() - interval '25 hours' - n * interval '1 ms'
     from generate_series(1, $2) n`,
    [environmentId, many],
  )
  await database.owner(
    `insert into events (environment_id, id, type, subject_id, data, occurred_at, recorded_at)
     select $1, 'evt_past' || n, 'customer.created', 'cus_' || n, '{"email": "past@example.com"}', now(), now() - interval '31 days'
     from generate_series(1, $2) n`,
    [environmentId, many],
  )
  await database.owner(`select prepare_audit_month((now() - interval '14 months')::date)`)
  await database.owner(
    `insert into audit_entries (environment_id, id, operation, subject_id, actor_kind, occurred_at, recorded_at)
     select $1, 'aud_past' || n, 'customers.create', 'cus_' || n, 'system', at, at
     from generate_series(1, $2) n, (select now() - interval '14 months' as at) as past`,
    [environmentId, many],
  )
  await database.owner('reset search_path')
  await database.owner('vacuum (analyze) commet.idempotency_keys, commet.events')
  await database.owner('checkpoint')
}
