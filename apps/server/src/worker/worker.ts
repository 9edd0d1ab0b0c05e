import type { Database, Statement } from '../kernel/db.ts'
import { describeError } from '../kernel/describe-error.ts'
import { idempotencyHours } from '../kernel/idempotency.ts'
import type { Log } from '../kernel/log.ts'

/** What has to be done now and then, whoever asks or not. It works as a role that sees no tenant's rows. */

const everyMs = 60_000
const purgeBatch = 1_000
const maxBatches = 100

const purge: Statement = {
  name: 'worker.purge_idempotency_keys',
  text: 'select purge_idempotency_keys($1, $2) as purged',
}
const prepareMonth: Statement = { name: 'worker.prepare_audit_month', text: 'select prepare_audit_month($1)' }

export type Worker = { stop(): Promise<void> }

export function startWorker(db: Database, log: Log): Worker {
  let running: Promise<void> = Promise.resolve()
  const turn = () => {
    running = running
      .then(() => doDueWork(db))
      .catch((error: unknown) => log.error(describeError(error), 'worker turn failed'))
  }
  const timer = setInterval(turn, everyMs)
  turn()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}

async function doDueWork(db: Database): Promise<void> {
  await prepareAuditMonths(db, new Date())
  await purgeIdempotencyKeys(db, new Date())
}

/** The partitions of this month and the next. The server makes them before it serves, the worker keeps them ahead. */
export async function prepareAuditMonths(db: Database, now: Date): Promise<void> {
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
  for (const month of [now, next]) await db.call(prepareMonth, [month.toISOString().slice(0, 10)])
}

/** Forgets answers that are older than a day, in batches short enough to hold nobody up. */
export async function purgeIdempotencyKeys(db: Database, now: Date): Promise<number> {
  const before = new Date(now.getTime() - idempotencyHours * 3_600_000)
  let total = 0
  for (let batch = 0; batch < maxBatches; batch++) {
    const [row] = await db.call<{ purged: number }>(purge, [before, purgeBatch])
    const purged = row?.purged ?? 0
    total += purged
    if (purged < purgeBatch) break
  }
  return total
}
