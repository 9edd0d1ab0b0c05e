import type { Environment } from './caller.ts'
import type { ReadTransaction, Statement } from './db.ts'

/**
 * Two clocks. `now` is the environment's: real in live, movable in the sandbox; billing facts and events carry it.
 * `realNow` is the machine's: keys, idempotency, leases and logs carry it.
 *
 * The caller brings the sandbox's clock as it was when its key was looked up. The transaction reads it again beside its
 * own work and starts over when it has moved, so nothing is ever written at a stale time and nobody waits for a look-up.
 */

const simulatedTime: Statement = {
  name: 'kernel.simulated_time',
  text: 'select simulated_time from environments where id = $1',
}

/** Thrown inside a transaction that started with an old clock; the command runs again with the right one. */
export class ClockMoved extends Error {
  override readonly name = 'ClockMoved'
  readonly simulatedTime: Date | null

  constructor(simulatedTime: Date | null) {
    super('The clock of the environment moved')
    this.simulatedTime = simulatedTime
  }
}

export type ClockCheck = { readonly now: Date; confirm(): Promise<void> }

/** Sends the look-up and answers at once with the time the caller believes in; `confirm` throws when it was wrong. */
export function readClock(tx: ReadTransaction, environment: Environment, realNow: Date): ClockCheck {
  if (environment.mode === 'live') return { now: realNow, confirm: async () => {} }
  const actual = tx.one<{ simulated_time: Date | null }>(simulatedTime, [environment.id])
  actual.catch(() => undefined)
  return {
    now: environment.simulatedTime ?? realNow,
    confirm: async () => {
      const moved = (await actual)?.simulated_time ?? null
      if (moved?.getTime() !== environment.simulatedTime?.getTime()) throw new ClockMoved(moved)
    },
  }
}
