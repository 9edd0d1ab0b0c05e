/**
 * Time as this process has lived it. A clock that jumps ahead makes a day pass in no time: what must be kept for a day is
 * measured by the steady clock, which does not jump. Sleep of the machine is a jump as well, and counts as no time.
 */

export type LivedTime = {
  /** The time by the clock, less what it has jumped ahead within the last `keepMs` of this process. */
  now(): Date
}

const smallestJumpMs = 60_000

type Clocks = {
  /** Milliseconds by the clock of the machine. */
  readonly clock: () => number
  /** Milliseconds by a clock that only ever goes on. */
  readonly steady: () => number
}

const ownClocks: Clocks = { clock: () => Date.now(), steady: () => performance.now() }

/** Has to be asked often enough to see a jump and a jump back as two; the worker asks at each turn. */
export function watchLivedTime(keepMs: number, { clock, steady }: Clocks = ownClocks): LivedTime {
  let ahead = clock() - steady()
  let jumps: readonly { readonly at: number; readonly by: number }[] = []
  return {
    now: () => {
      const at = steady()
      const time = clock()
      const by = time - at - ahead
      ahead = time - at
      jumps = jumps.filter((jump) => jump.at > at - keepMs)
      if (by > smallestJumpMs) jumps = [...jumps, { at, by }]
      return new Date(time - jumps.reduce((sum, jump) => sum + jump.by, 0))
    },
  }
}
