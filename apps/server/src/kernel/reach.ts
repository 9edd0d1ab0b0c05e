import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from './log.ts'

/**
 * Whether the database can be reached. An outage is told once when it begins and once when it is over; in between requests
 * fail at once, so that a database that is recovering is not held up by everybody knocking.
 */

export type Reach = {
  /** True during an outage. */
  isAway(): boolean
  /** Told of every lost connection; looks whether it was only that one. */
  noteLoss(): void
  stop(): void
}

const askAgainAfterMs = 50

/** `probe` opens a connection of its own and fails when that cannot be used. */
export function watchReach(probe: () => Promise<void>, log: Log | undefined): Reach {
  let away = false
  let looking = false
  let stopped = false
  const answers = () =>
    probe().then(
      () => true,
      () => false,
    )
  const look = async () => {
    if (await answers()) return
    if (stopped) return
    away = true
    const began = performance.now()
    log?.error({}, 'the database cannot be reached; requests fail until it is back')
    while (!stopped && !(await answers())) await delay(askAgainAfterMs, undefined, { ref: false })
    away = false
    const seconds = Math.round((performance.now() - began) / 100) / 10
    if (!stopped) log?.warn({ seconds }, 'the database is reached again')
  }
  return {
    isAway: () => away,
    noteLoss: () => {
      if (looking || stopped) return
      looking = true
      void look().finally(() => {
        looking = false
      })
    },
    stop: () => {
      stopped = true
    },
  }
}
