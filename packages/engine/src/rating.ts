/*
 * Owns how each kind of charge becomes an invoice line: base price, add-ons, usage overage, seats, quota, balance.
 * Does not own when a charge falls due or how an invoice adds up.
 * Always holds: quantities are summed first and money is rounded once per line.
 */
import { type InvoiceLine, singleLine } from './line.ts'
import { allocate, type Currency, type Rate, rate, rateToMinor, ZERO_MINOR } from './money.ts'
import { dateOf, type Interval, type Period } from './period.ts'
import {
  type AddOn,
  type CountTerms,
  countFeatures,
  type PlanTerms,
  type UsageTerms,
  usageFeatures,
} from './plan.ts'
import { type DaysLeft, daysLeft, prorateRate } from './proration.ts'

/** Units of a consumed feature recorded in the running window. */
export type UsageCount = { readonly featureCode: string; readonly units: bigint }

/** Seats or quota over the running billing period: the count it began with and every change since, oldest first. */
export type CountHistory = {
  readonly featureCode: string
  readonly unitsAtStart: bigint
  readonly changes: readonly CountChange[]
}

/** A count from an instant on. */
export type CountChange = { readonly at: Temporal.Instant; readonly units: bigint }

/** The pool a plan's consumption draws on. Credits are whole; balance is in rate scale and may fall below zero. */
export type Pool =
  | { readonly model: 'none' }
  | { readonly model: 'credits'; readonly planCredits: bigint; readonly purchasedCredits: bigint }
  | { readonly model: 'balance'; readonly balanceRate: Rate; readonly spent: readonly FeatureSpending[] }

/** What a feature drew from the balance in the running window, rate scale. */
export type FeatureSpending = { readonly featureCode: string; readonly spentRate: Rate }

/** Everything a customer consumed or holds that may cost money. */
export type Consumption = {
  readonly usage: readonly UsageCount[]
  readonly counts: readonly CountHistory[]
  readonly pool: Pool
}

export const NO_CONSUMPTION: Consumption = { usage: [], counts: [], pool: { model: 'none' } }

/** The base price for one whole period, in full. Charged ahead. Rule R-BASE. */
export function rateBase(plan: PlanTerms): InvoiceLine {
  const description = `${plan.name}, ${INTERVAL_WORDS[plan.interval]}`
  return {
    ...singleLine('plan_base', description, plan.basePriceMinor, plan.currency),
    chargeType: 'advance',
  }
}

const INTERVAL_WORDS: Readonly<Record<Interval, string>> = {
  weekly: 'weekly',
  monthly: 'monthly',
  quarterly: 'quarterly',
  yearly: 'yearly',
  one_time: 'one time',
}

/** Each add-on's price for one whole period, in full. Charged ahead. Rule R-ADDON (A25). */
export function rateAddOns(addOns: readonly AddOn[], currency: Currency): readonly InvoiceLine[] {
  return addOns.map((addOn) => ({
    ...singleLine('addon_base', addOn.name, addOn.basePriceMinor, currency),
    chargeType: 'advance',
    featureCode: addOn.featureCode,
  }))
}

/** Units beyond the included ones; zero where there are fewer. Rule R-OVERAGE. */
export function overageUnits(includedUnits: bigint, usedUnits: bigint): bigint {
  return usedUnits > includedUnits ? usedUnits - includedUnits : 0n
}

/**
 * The usage beyond the included units of each metered feature of the plan, and of each metered add-on, for one
 * window. None on a free plan, without limits, or where overage is off. Rules R-OVERAGE (A6) and R-FREE.
 */
function rateUsageOverage(
  plan: PlanTerms,
  addOns: readonly AddOn[],
  usage: readonly UsageCount[],
): readonly InvoiceLine[] {
  if (plan.isFree || plan.consumptionModel !== 'metered') return []
  const ofPlan = usageFeatures(plan).filter(chargesOverage).map(planMeter)
  const ofAddOns = addOns.filter((addOn) => addOn.model === 'metered').map(addOnMeter)
  return [...ofPlan, ...ofAddOns].flatMap((meter) =>
    rateMeter(meter, unitsOf(usage, meter.code), plan.currency),
  )
}

type Meter = {
  readonly code: string
  readonly name: string
  readonly includedUnits: bigint
  readonly unitPriceRate: Rate
}

function chargesOverage(terms: UsageTerms | CountTerms): boolean {
  return terms.overage.enabled && !terms.unlimited
}

function planMeter(terms: UsageTerms): Meter {
  const { code, name, includedUnits, overage } = terms
  return { code, name, includedUnits, unitPriceRate: overage.unitPriceRate }
}

function addOnMeter(addOn: AddOn): Meter {
  const { featureCode, name, includedUnits, overageRate } = addOn
  return { code: featureCode, name, includedUnits, unitPriceRate: overageRate }
}

function rateMeter(meter: Meter, usedUnits: bigint, currency: Currency): readonly InvoiceLine[] {
  const extra = overageUnits(meter.includedUnits, usedUnits)
  const line = unitsLine(meter, extra, currency)
  return onlyCharging([
    {
      ...line,
      lineType: 'feature_overage',
      includedUnits: meter.includedUnits,
      usedUnits,
      overageUnits: extra,
    },
  ])
}

function unitsOf(usage: readonly UsageCount[], code: string): bigint {
  return usage.filter((count) => count.featureCode === code).reduce((sum, count) => sum + count.units, 0n)
}

function unitsLine(meter: Meter, units: bigint, currency: Currency): InvoiceLine {
  const amountMinor = rateToMinor(rate(units * meter.unitPriceRate), currency)
  return {
    ...singleLine('feature_overage', meter.name, amountMinor, currency),
    featureCode: meter.code,
    quantity: units,
    unitAmountRate: meter.unitPriceRate,
  }
}

function onlyCharging(lines: readonly InvoiceLine[]): readonly InvoiceLine[] {
  return lines.filter((line) => line.amountMinor !== 0n)
}

/**
 * Seats and quota held beyond the included ones when a period begins, each at its full price for that period.
 * Rules R-COUNT-ADVANCE and R-FREE.
 */
export function rateCountsAhead(plan: PlanTerms, counts: readonly CountHistory[]): readonly InvoiceLine[] {
  if (plan.isFree) return []
  return countFeatures(plan)
    .filter(chargesOverage)
    .flatMap((terms) => rateCountAhead(terms, heldUnits(counts, terms.code), plan.currency))
}

function rateCountAhead(terms: CountTerms, held: bigint, currency: Currency): readonly InvoiceLine[] {
  const extra = overageUnits(terms.includedUnits, held)
  const meter: Meter = { ...terms, unitPriceRate: terms.overage.unitPriceRate }
  const line = unitsLine(meter, extra, currency)
  return onlyCharging([
    {
      ...line,
      lineType: countLineType(terms),
      chargeType: 'advance',
      includedUnits: terms.includedUnits,
      usedUnits: held,
      overageUnits: extra,
    },
  ])
}

function countLineType(terms: CountTerms): 'feature_seats' | 'feature_quota' {
  return terms.type === 'seats' ? 'feature_seats' : 'feature_quota'
}

/** The count of a seat or quota feature as it stands now. */
export function heldUnits(counts: readonly CountHistory[], code: string): bigint {
  const history = counts.find((count) => count.featureCode === code)
  return history?.changes.at(-1)?.units ?? history?.unitsAtStart ?? 0n
}

/**
 * Seats and quota added within a period above its high-water mark, each increase for the days from then to the
 * period's end; where the period is cut short, to the cut. One line per feature and increase, each rounded once.
 * Going down earns nothing, and coming back up to the mark costs nothing. Rules R-TRUE-UP (A3, A4) and R-FREE.
 */
export function rateTrueUps(
  plan: PlanTerms,
  counts: readonly CountHistory[],
  period: Period,
  cutAt: Temporal.Instant | null,
): readonly InvoiceLine[] {
  if (plan.isFree) return []
  const kept = cutAt === null ? 0 : daysLeft(period, cutAt).remaining
  return countFeatures(plan)
    .filter(chargesOverage)
    .flatMap((terms) => rateFeatureTrueUps(terms, historyOf(counts, terms.code), period, kept, plan.currency))
}

function historyOf(counts: readonly CountHistory[], code: string): CountHistory {
  return (
    counts.find((count) => count.featureCode === code) ?? { featureCode: code, unitsAtStart: 0n, changes: [] }
  )
}

function rateFeatureTrueUps(
  terms: CountTerms,
  history: CountHistory,
  period: Period,
  daysCutOff: number,
  currency: Currency,
): readonly InvoiceLine[] {
  const lines = increasesAboveMark(terms.includedUnits, history).map((increase) => {
    const { remaining, total } = daysLeft(period, increase.at)
    const days = { remaining: Math.max(remaining - daysCutOff, 0), total }
    return trueUpLine(terms, increase, days, currency)
  })
  return onlyCharging(lines)
}

/**
 * The increases of a count above the highest it has been in the period; the mark begins at the included units
 * or, where more, at what was already paid ahead. Rule R-TRUE-UP.
 */
export function increasesAboveMark(includedUnits: bigint, history: CountHistory): readonly CountChange[] {
  const increases: CountChange[] = []
  let mark = history.unitsAtStart > includedUnits ? history.unitsAtStart : includedUnits
  for (const change of history.changes) {
    if (change.units <= mark) continue
    increases.push({ at: change.at, units: change.units - mark })
    mark = change.units
  }
  return increases
}

function trueUpLine(
  terms: CountTerms,
  increase: CountChange,
  days: DaysLeft,
  currency: Currency,
): InvoiceLine {
  const { unitPriceRate } = terms.overage
  const description = `${terms.name}, added ${dateOf(increase.at).toString()}`
  const amountMinor = prorateRate(rate(increase.units * unitPriceRate), days, currency)
  return {
    ...singleLine(countLineType(terms), description, amountMinor, currency),
    chargeType: 'true_up',
    featureCode: terms.code,
    quantity: increase.units,
    unitAmountRate: unitPriceRate,
    includedUnits: terms.includedUnits,
    days,
  }
}

/**
 * A balance below zero, as one line with each feature's part of it in proportion to what it spent.
 * Rules R-BALANCE (A17) and R-ALLOCATE.
 */
function rateBalanceDeficit(plan: PlanTerms, pool: Pool): readonly InvoiceLine[] {
  if (plan.isFree || pool.model !== 'balance' || pool.balanceRate >= 0n) return []
  const deficit = rate(-pool.balanceRate)
  const amountMinor = rateToMinor(deficit, plan.currency)
  const line = singleLine(
    'balance_overage',
    'Balance used beyond the included amount',
    amountMinor,
    plan.currency,
  )
  const parts = allocate(
    amountMinor,
    pool.spent.map((spending) => spending.spentRate),
  )
  const breakdown = pool.spent.map(({ featureCode }, index) => ({
    featureCode,
    amountMinor: parts[index] ?? ZERO_MINOR,
  }))
  return onlyCharging([{ ...line, unitAmountRate: deficit, breakdown }])
}

/** Everything one window owes afterwards: usage overage and a balance below zero. Rule R-ARREARS. */
export function rateWindowArrears(
  plan: PlanTerms,
  addOns: readonly AddOn[],
  consumption: Consumption,
): readonly InvoiceLine[] {
  return [...rateUsageOverage(plan, addOns, consumption.usage), ...rateBalanceDeficit(plan, consumption.pool)]
}
