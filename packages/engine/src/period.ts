/*
 * Owns the calendar of a subscription: cycles, billing periods, and the windows in which allowances renew.
 * Does not own what is billed at a boundary.
 * Always holds: every boundary is a UTC midnight computed from the stored anchor, never from the boundary before.
 */

type PlainDate = Temporal.PlainDate
type Instant = Temporal.Instant

/** How often a base price is charged. */
export type Interval = 'weekly' | 'monthly' | 'quarterly' | 'yearly' | 'one_time'

/** From the start, inclusive, to the end, exclusive; both stand for UTC midnight. May be empty after a cut. */
export type Period = { readonly start: PlainDate; readonly end: PlainDate }

/**
 * A run of periods counted from one anchor date. Every re-anchoring (activation, trial end, immediate plan
 * change, reactivation) opens the next number; nothing else does.
 */
export type Cycle = { readonly seq: number; readonly anchor: PlainDate; readonly interval: Interval }

/** Where a subscription stands: a cycle and the number, from 0, of the running allowance window in it. */
export type Position = { readonly cycle: Cycle; readonly window: number }

const NANOSECONDS_PER_DAY = 86_400_000_000_000n
const EPOCH = Temporal.PlainDate.from('1970-01-01')

/** Intervals from the shortest to the longest; a one-time price has no place among them. Rule R-DIRECTION. */
const INTERVAL_ORDER: readonly Interval[] = ['weekly', 'monthly', 'quarterly', 'yearly']

const WINDOWS_PER_PERIOD: Readonly<Record<Interval, number>> = {
  weekly: 1,
  monthly: 1,
  quarterly: 3,
  yearly: 12,
  one_time: 1,
}

/** Below zero where the first interval is the shorter, above where it is the longer. Rule R-DIRECTION. */
export function compareIntervals(left: Interval, right: Interval): number {
  return INTERVAL_ORDER.indexOf(left) - INTERVAL_ORDER.indexOf(right)
}

/** The UTC date an instant falls on. */
export function dateOf(instant: Instant): PlainDate {
  return EPOCH.add({ days: Number(floorDays(instant)) })
}

/** The instant a UTC date begins. */
export function startOf(date: PlainDate): Instant {
  return Temporal.Instant.from(`${date.toString()}T00:00:00Z`)
}

/** Whether the UTC midnight of a date has come. The boundary itself counts as come. */
export function hasCome(date: PlainDate, now: Instant): boolean {
  return Temporal.Instant.compare(now, startOf(date)) >= 0
}

/** Whole days from one date to another; below zero where the second is earlier. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return from.until(to, { largestUnit: 'day' }).days
}

/** Days from a date to an instant, a day that has begun counting whole. Rule R-DAYS (A1). */
export function daysBegun(from: PlainDate, now: Instant): number {
  const begun = floorDays(now) + (now.epochNanoseconds % NANOSECONDS_PER_DAY === 0n ? 0n : 1n)
  return Number(begun) - daysBetween(EPOCH, from)
}

function floorDays(instant: Instant): bigint {
  const days = instant.epochNanoseconds / NANOSECONDS_PER_DAY
  return instant.epochNanoseconds % NANOSECONDS_PER_DAY < 0n ? days - 1n : days
}

/**
 * The n-th allowance window of a cycle: seven days on weekly plans, else a month. A day the month lacks becomes
 * the month's last, and comes back in the next month that has it. Rules R-ANCHOR (A2, A41) and R-WINDOW.
 */
export function windowAt(cycle: Cycle, index: number): Period {
  return { start: windowStart(cycle, index), end: windowStart(cycle, index + 1) }
}

function windowStart(cycle: Cycle, index: number): PlainDate {
  return cycle.interval === 'weekly'
    ? cycle.anchor.add({ days: 7 * index })
    : cycle.anchor.add({ months: index })
}

/**
 * The n-th billing period of a cycle. A one-time price has monthly ones, in the first of which alone its base is
 * charged. Rules R-ANCHOR (A2) and R-ONE-TIME (A24).
 */
export function periodAt(cycle: Cycle, index: number): Period {
  const windows = WINDOWS_PER_PERIOD[cycle.interval]
  return { start: windowStart(cycle, index * windows), end: windowStart(cycle, (index + 1) * windows) }
}

/** The number, from 0, of the billing period a position stands in. Unique within its cycle. */
export function periodIndex(position: Position): number {
  return Math.floor(position.window / WINDOWS_PER_PERIOD[position.cycle.interval])
}

/** The running billing period. */
export function currentPeriod(position: Position): Period {
  return periodAt(position.cycle, periodIndex(position))
}

/** A period that a new cycle cuts short: it ends where that begins, and may be left empty. Rule R-ANCHOR. */
export function cutPeriod(period: Period, newAnchor: PlainDate): Period {
  const endsEarlier = Temporal.PlainDate.compare(newAnchor, period.end) < 0
  return endsEarlier ? { start: period.start, end: newAnchor } : period
}

/** The running allowance window. */
export function currentWindow(position: Position): Period {
  return windowAt(position.cycle, position.window)
}

/** Whether the billing period ends where the running window ends, so that base prices fall due there. */
export function endsPeriod(position: Position): boolean {
  return (position.window + 1) % WINDOWS_PER_PERIOD[position.cycle.interval] === 0
}

/** The position one window later in the same cycle. */
export function nextPosition(position: Position): Position {
  return { cycle: position.cycle, window: position.window + 1 }
}

/** The first position of a new cycle anchored on a date. Rule R-ANCHOR. */
export function openCycle(seq: number, anchor: PlainDate, interval: Interval): Position {
  return { cycle: { seq, anchor, interval }, window: 0 }
}

/**
 * The position after the running window when a scheduled change brings another interval. The anchor stays, so a
 * 31st remains a 31st; only where months and weeks meet, which share no boundaries, does a new cycle begin.
 * Rule R-ANCHOR: scheduled changes do not re-anchor.
 */
export function continueCycle(position: Position, interval: Interval): Position {
  const next = nextPosition(position)
  const { cycle } = position
  const sameCadence = (cycle.interval === 'weekly') === (interval === 'weekly')
  if (sameCadence && next.window % WINDOWS_PER_PERIOD[interval] === 0) {
    return { cycle: { ...cycle, interval }, window: next.window }
  }
  return openCycle(cycle.seq + 1, currentWindow(position).end, interval)
}

/** The position of an instant in a cycle that began on or before it. */
export function positionAt(cycle: Cycle, now: Instant): Position {
  const date = dateOf(now)
  const passed =
    cycle.interval === 'weekly' ? weeksBetween(cycle.anchor, date) : monthsBetween(cycle.anchor, date)
  const begins = windowStart(cycle, passed + 1)
  return { cycle, window: Temporal.PlainDate.compare(begins, date) <= 0 ? passed + 1 : passed }
}

function weeksBetween(from: PlainDate, to: PlainDate): number {
  return Math.floor(daysBetween(from, to) / 7)
}

function monthsBetween(from: PlainDate, to: PlainDate): number {
  return from.until(to, { largestUnit: 'month' }).months
}
