/*
 * Owns the share of a period that is left, and what an amount is worth for that share.
 * Does not own which amounts are prorated.
 * Always holds: plan credit, true-ups, add-ons and previews count days by this one rule.
 */
import { type Currency, divideHalfUp, type Minor, minor, type Rate, ratePerMinor } from './money.ts'
import { daysBegun, daysBetween, type Period } from './period.ts'

/** Days not yet begun of a period, out of all its days. */
export type DaysLeft = { readonly remaining: number; readonly total: number }

/**
 * The days of a period still to come at an instant, between none and all of them. The running day counts as
 * used; at the very midnight a day begins it does not yet. Rule R-DAYS (A1).
 */
export function daysLeft(period: Period, now: Temporal.Instant): DaysLeft {
  const total = daysBetween(period.start, period.end)
  const remaining = total - daysBegun(period.start, now)
  return { remaining: Math.min(Math.max(remaining, 0), total), total }
}

/** An amount's worth for the days left, to the nearest minor unit. An empty period is worth nothing. Rule R-DAYS. */
export function prorate(amount: Minor, days: DaysLeft): Minor {
  if (days.total === 0) return minor(0n)
  return minor(divideHalfUp(amount * BigInt(days.remaining), BigInt(days.total)))
}

/** The same for an amount in rate scale, rounded once, straight to the nearest minor unit. Rules R-DAYS, R-ROUND. */
export function prorateRate(amount: Rate, days: DaysLeft, currency: Currency): Minor {
  if (days.total === 0) return minor(0n)
  const divisor = BigInt(days.total) * ratePerMinor(currency)
  return minor(divideHalfUp(amount * BigInt(days.remaining), divisor))
}
