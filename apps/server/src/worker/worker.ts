import type { Kernel } from '../kernel/command.ts'
import { sqlState } from '../kernel/database-errors.ts'
import type { Database, Statement } from '../kernel/db.ts'
import { describeError } from '../kernel/describe-error.ts'
import { idempotencyHours } from '../kernel/idempotency.ts'
import type { Log } from '../kernel/log.ts'
import { carryOutDueDeletions } from './due.ts'
import { carryOutImports, purgeImports } from './imports.ts'
import { type LivedTime, watchLivedTime } from './lived-time.ts'

/** What has to be done now and then, whoever asks or not. It works as a role that sees no tenant's rows. */

const everyMs = 60_000
/** How often it looks for what people wait for. */
const lookForDueEveryMs = 1_000
const purgeBatch = 1_000
const maxBatches = 1_000

const purge: Statement = {
  name: 'worker.purge_idempotency_keys',
  text: 'select purge_idempotency_keys($1, $2) as purged',
}
const purgeOld: Statement = {
  name: 'worker.purge_events',
  text: `select purge_events($1, make_interval(days => $2), $3) as purged`,
}
const dropMonth: Statement = {
  name: 'worker.drop_audit_month',
  text: `select drop_audit_month($1, make_interval(months => $2)) as dropped`,
}
const prepareMonth: Statement = { name: 'worker.prepare_audit_month', text: 'select prepare_audit_month($1)' }

/** How long history is kept. 0 is for ever. */
export type Retention = { readonly eventDays: number; readonly auditMonths: number }

/** What the worker has done since the start of this process. */
export type UpkeepCounts = {
  turns: number
  failedTurns: number
  purgedKeys: number
  purgedEvents: number
  droppedAuditMonths: number
  deletedCustomers: number
  purgedImports: number
}

export type Upkeep = {
  readonly counts: UpkeepCounts
  /** When a turn of upkeep last came to its end. */
  lastDoneAt: Date | undefined
}

export function noUpkeep(): Upkeep {
  return { counts: noCounts(), lastDoneAt: undefined }
}

function noCounts(): UpkeepCounts {
  return {
    turns: 0,
    failedTurns: 0,
    purgedKeys: 0,
    purgedEvents: 0,
    droppedAuditMonths: 0,
    deletedCustomers: 0,
    purgedImports: 0,
  }
}

export type Worker = { stop(): Promise<void> }

export type WorkerServices = {
  /** Logged in as the worker, which sees IDs and due times. */
  readonly db: Database
  /** For commands, each in the environment of what is due. */
  readonly kernel: Kernel
  readonly log: Log
  readonly retention: Retention
  readonly upkeep: Upkeep
}

export function startWorker(services: WorkerServices): Worker {
  const { kernel, log } = services
  const { counts } = services.upkeep
  const lived = watchLivedTime(idempotencyHours * 3_600_000)
  const forgetting = keepDoing(
    everyMs,
    (stopping) => doUpkeep(services, lived, stopping),
    (error) => {
      counts.failedTurns++
      if (!kernel.db.noteFailure(error)) log.error(describeError(error), 'worker turn failed')
    },
  )
  const due = keepDoing(
    lookForDueEveryMs,
    (stopping) => doDueWork(services, stopping),
    (error) => {
      if (!kernel.db.noteFailure(error)) log.error(describeError(error), 'due work failed')
    },
  )
  // Beside what is due, because an import takes its time.
  const imports = keepDoing(
    lookForDueEveryMs,
    (stopping) => carryOutImports(services, stopping),
    (error) => {
      if (!kernel.db.noteFailure(error)) log.error(describeError(error), 'imports not looked for')
    },
  )
  return {
    stop: async () => {
      await Promise.all([forgetting.stop(), due.stop(), imports.stop()])
    },
  }
}

/** Does something now and then again and again, never twice at once. */
function keepDoing(
  everyMs: number,
  work: (stopping: () => boolean) => Promise<void>,
  failed: (error: unknown) => void,
): Worker {
  let running: Promise<void> | undefined
  let stopping = false
  const turn = () => {
    running ??= work(() => stopping)
      .catch(failed)
      .finally(() => {
        running = undefined
      })
  }
  const timer = setInterval(turn, everyMs)
  turn()
  return {
    stop: async () => {
      stopping = true
      clearInterval(timer)
      await running
    },
  }
}

async function doDueWork(services: WorkerServices, stopping: () => boolean): Promise<void> {
  services.upkeep.counts.deletedCustomers += await carryOutDueDeletions(services, new Date(), stopping)
}

async function doUpkeep(
  { db, retention, upkeep }: WorkerServices,
  lived: LivedTime,
  stopping: () => boolean,
): Promise<void> {
  const now = new Date()
  const { counts } = upkeep
  counts.turns++
  const failures: unknown[] = []
  // One that fails holds up no other.
  for (const step of [
    () => prepareAuditMonths(db, now),
    async () => {
      counts.purgedKeys += await purgeIdempotencyKeys(db, lived.now(), stopping)
    },
    async () => {
      counts.purgedEvents += await purgeEvents(db, now, retention.eventDays, stopping)
    },
    async () => {
      counts.purgedImports += await purgeImports(db)
    },
    async () => {
      counts.droppedAuditMonths += await dropAuditMonths(db, now, retention.auditMonths)
    },
  ])
    await step().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
  upkeep.lastDoneAt = new Date()
}

/**
 * The partitions of this month and the next. The server makes them before it serves, the worker keeps them ahead; entries
 * of a month without one lie in the rest until it is made.
 */
export async function prepareAuditMonths(db: Database, now: Date): Promise<void> {
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
  for (const month of [now, next])
    await db.call(prepareMonth, [month.toISOString().slice(0, 10)]).catch(unlessLocked)
}

/** Forgets answers that are older than a day, in batches short enough to hold nobody up. */
export function purgeIdempotencyKeys(
  db: Database,
  now: Date,
  stopping: () => boolean = () => false,
): Promise<number> {
  const before = new Date(now.getTime() - idempotencyHours * 3_600_000)
  return inBatches(db, purge, [before], stopping)
}

/** Forgets events recorded more than `days` ago; none for 0. */
export async function purgeEvents(
  db: Database,
  now: Date,
  days: number,
  stopping: () => boolean = () => false,
): Promise<number> {
  if (days === 0) return 0
  const before = new Date(now.getTime() - days * 24 * 3_600_000)
  return inBatches(db, purgeOld, [before, days], stopping)
}

/** Drops the audit history of months that ended more than `months` ago, whole partitions at a time; none for 0. */
export async function dropAuditMonths(db: Database, now: Date, months: number): Promise<number> {
  if (months === 0) return 0
  const before = new Date(now)
  before.setUTCMonth(before.getUTCMonth() - months, 1)
  let dropped = 0
  while (dropped < maxBatches) {
    const [row] = await db.call<{ dropped: string | null }>(dropMonth, [before, months]).catch(unlessLocked)
    if (row === undefined || row.dropped === null) break
    dropped++
  }
  return dropped
}

/** Somebody works with the table: it goes another time. */
function unlessLocked(error: unknown): [] {
  if (sqlState(error) === '55P03') return []
  throw error
}

async function inBatches(
  db: Database,
  statement: Statement,
  values: readonly unknown[],
  stopping: () => boolean,
): Promise<number> {
  let total = 0
  for (let batch = 0; batch < maxBatches && !stopping(); batch++) {
    const [row] = await db.call<{ purged: number }>(statement, [...values, purgeBatch])
    const purged = row?.purged ?? 0
    total += purged
    if (purged < purgeBatch) break
  }
  return total
}
