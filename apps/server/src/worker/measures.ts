import type { Database, Statement } from '../kernel/db.ts'
import { idempotencyHours } from '../kernel/idempotency.ts'

/** What operators watch of the worker's affairs: what waits to be forgotten, and what people wait for. */

const upkeep: Statement = { name: 'worker.measure_upkeep', text: 'select * from measure_upkeep($1)' }
const queues: Statement = { name: 'worker.measure_queues', text: 'select * from measure_queues($1)' }

export type UpkeepMeasures = {
  /** Stored answers past their day that are still there; counted up to 100,000. */
  readonly keysPastTheirTime: number
  /** Age of the oldest stored answer in seconds; 0 when there is none. */
  readonly oldestKeySeconds: number
  /** Rows in the log of events, as the database estimates them. */
  readonly eventsEstimate: number
  readonly eventsBytes: number
  /** Imports that a worker has yet to finish, and for how many seconds nobody has worked on the longest waiting. */
  readonly importsWaiting: number
  readonly importsWaitSeconds: number
  /** Deletions that can no longer be taken back and are not carried out, and for how many seconds the first is due. */
  readonly deletionsDue: number
  readonly deletionsDueSeconds: number
}

type UpkeepRow = {
  readonly keys_past_their_time: string
  readonly oldest_key_at: Date | null
  readonly events_estimate: string
  readonly events_bytes: string
}

type QueuesRow = {
  readonly imports_waiting: string
  readonly imports_waiting_since: Date | null
  readonly deletions_due: string
  readonly deletions_due_since: Date | null
}

export async function measureUpkeep(db: Database, now: Date): Promise<UpkeepMeasures> {
  const before = new Date(now.getTime() - idempotencyHours * 3_600_000)
  const secondsSince = (then: Date | null | undefined) =>
    Math.max(0, (now.getTime() - (then ?? now).getTime()) / 1000)
  const [[kept], [waiting]] = await Promise.all([
    db.call<UpkeepRow>(upkeep, [before]),
    db.call<QueuesRow>(queues, [now]),
  ])
  return {
    keysPastTheirTime: Number(kept?.keys_past_their_time ?? 0),
    oldestKeySeconds: secondsSince(kept?.oldest_key_at),
    eventsEstimate: Number(kept?.events_estimate ?? 0),
    eventsBytes: Number(kept?.events_bytes ?? 0),
    importsWaiting: Number(waiting?.imports_waiting ?? 0),
    importsWaitSeconds: secondsSince(waiting?.imports_waiting_since),
    deletionsDue: Number(waiting?.deletions_due ?? 0),
    deletionsDueSeconds: secondsSince(waiting?.deletions_due_since),
  }
}
