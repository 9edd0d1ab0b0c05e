/*
 * Owns what the deciders share: how a subscription stands, and what one period costs ahead.
 * Does not own when a period begins; renewal, trial, change, opening and reactivation say that.
 * Always holds: every way into a period charges it by the same function.
 */
import { afterBilling, decideDiscount, type OfferApplication } from './discount.ts'
import type { InvoiceLine } from './line.ts'
import { type Minor, minor, ZERO_MINOR } from './money.ts'
import type { Position } from './period.ts'
import { type AddOn, featureOf, type PlanTerms, type SubscriptionStatus } from './plan.ts'
import {
  type Consumption,
  type CountHistory,
  heldUnits,
  type Pool,
  rateAddOns,
  rateBase,
  rateCountsAhead,
} from './rating.ts'

/** How a subscription stands between two decisions. */
export type SubscriptionState = {
  readonly status: SubscriptionStatus
  readonly position: Position
  /** The terms of the running period, features as snapshotted for it. */
  readonly plan: PlanTerms
  /** The base price charged for the running period after discount, minor units; what a plan change credits. */
  readonly basePaidMinor: Minor
  readonly offer: OfferApplication | null
  readonly addOns: readonly AddOn[]
  readonly trialEndsOn: Temporal.PlainDate | null
  /** The boundary a scheduled cancellation takes effect at. */
  readonly cancelsOn: Temporal.PlainDate | null
  /** The plan a scheduled change moves to, at its terms of today. */
  readonly scheduledChange: PlanTerms | null
}

/** A subscription and its consumption as they stand once a decision is applied. */
export type Standing = { readonly subscription: SubscriptionState; readonly consumption: Consumption }

/** What a coming period costs ahead: lines in the order of an invoice, and what then remains of the offer. */
export type PeriodCharge = {
  readonly lines: readonly InvoiceLine[]
  readonly basePaidMinor: Minor
  readonly offer: OfferApplication | null
}

export type PeriodChargeFacts = {
  readonly plan: PlanTerms
  readonly addOns: readonly AddOn[]
  readonly counts: readonly CountHistory[]
  readonly offer: OfferApplication | null
  /** What the time before still owes; stands between the prices ahead and the discount. */
  readonly arrears: readonly InvoiceLine[]
  readonly trueUps: readonly InvoiceLine[]
}

/**
 * Charges a whole period ahead: base, add-ons, arrears, seats and quota, true-ups, and the discount on the base
 * last. A free plan has no base and no discount. Rules R-BASE, R-LINE-ORDER, R-DISCOUNT.
 */
export function chargePeriod(facts: PeriodChargeFacts): PeriodCharge {
  const { plan } = facts
  const discounting = plan.isFree ? null : decideDiscount(plan, facts.offer)
  const discounted = discounting?.outcome === 'discounted' ? discounting : null
  const lines = [
    ...(plan.isFree ? [] : [rateBase(plan)]),
    ...restOfPeriod(facts),
    ...(discounted === null ? [] : [discounted.line]),
  ]
  const basePaidMinor = minor(plan.basePriceMinor - (discounted?.discountMinor ?? ZERO_MINOR))
  return { lines, basePaidMinor, offer: plan.isFree ? facts.offer : afterBilling(facts.offer) }
}

/** The lines of a period besides base and discount: all there is after a one-time price was paid. Rule R-ONE-TIME. */
export function restOfPeriod(facts: PeriodChargeFacts): readonly InvoiceLine[] {
  return [
    ...rateAddOns(facts.addOns, facts.plan.currency),
    ...facts.arrears,
    ...rateCountsAhead(facts.plan, facts.counts),
    ...facts.trueUps,
  ]
}

/** Counts as a new period finds them: what is held now, with no change yet. */
function rolledCounts(counts: readonly CountHistory[]): readonly CountHistory[] {
  return counts.map(({ featureCode }) => ({
    featureCode,
    unitsAtStart: heldUnits(counts, featureCode),
    changes: [],
  }))
}

/** The consumption a new period begins with: usage from zero, counts carried over, the pool as given. */
export function freshConsumption(before: Consumption, pool: Pool): Consumption {
  return { usage: [], counts: rolledCounts(before.counts), pool }
}

/** The add-ons a plan leaves in place; one whose feature the plan itself brings is switched off. Rule R-ADDON (A25). */
export function addOnsBeside(plan: PlanTerms, addOns: readonly AddOn[]): readonly AddOn[] {
  return addOns.filter((addOn) => featureOf(plan, addOn.featureCode) === undefined)
}
