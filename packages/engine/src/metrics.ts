/*
 * Owns the two ratios a dashboard shows of money: revenue per month and parts of a whole.
 * Does not own which payments or subscriptions are counted.
 * Always holds: shown figures, never charged ones.
 */
import { divideHalfUp, type Minor, minor } from './money.ts'
import type { Interval } from './period.ts'

/** A price of one interval as so much a month, to the nearest minor unit; a one-time price recurs never. Rule R-MRR. */
export function monthlyValue(amount: Minor, interval: Interval): Minor {
  switch (interval) {
    case 'weekly':
      return minor(divideHalfUp(amount * 52n, 12n))
    case 'monthly':
      return amount
    case 'quarterly':
      return minor(divideHalfUp(amount, 3n))
    case 'yearly':
      return minor(divideHalfUp(amount, 12n))
    case 'one_time':
      return minor(0n)
  }
}

/** A part of a whole in basis points, to the nearest; zero of an empty whole. Rule R-MRR. */
export function basisPointsOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Number(divideHalfUp(BigInt(part) * 10_000n, BigInt(whole)))
}
