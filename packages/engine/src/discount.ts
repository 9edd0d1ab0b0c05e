/*
 * Owns offers: their phases, which one is running, and what it takes off the base price.
 * Does not own who may accept an offer through which channel (see promotion).
 * Always holds: a discount touches the base price only and never makes it negative; accepted terms are frozen.
 */
import { type InvoiceLine, type LineDiscount, singleLine } from './line.ts'
import {
  atLeastZero,
  type Currency,
  lesserMinor,
  type Minor,
  type Money,
  minor,
  negateMinor,
  shareOf,
} from './money.ts'
import type { PlanTerms } from './plan.ts'

/** A price phase of an offer. `cycles` counts billing periods; null, in the last phase only, has no end. */
export type PricePhase =
  | { readonly kind: 'percentage'; readonly basisPoints: bigint; readonly cycles: number | null }
  | { readonly kind: 'amount_off'; readonly amounts: readonly Money[]; readonly cycles: number | null }
  | { readonly kind: 'fixed_price'; readonly prices: readonly Money[]; readonly cycles: number | null }

/** A free trial, which only the first phase of an offer may be. */
export type TrialPhase = { readonly kind: 'free_trial'; readonly durationDays: number }

export type OfferPhase = TrialPhase | PricePhase

/** Through which door an offer came in. A subscription takes one only. */
export type OfferChannel = 'direct' | 'introductory' | 'promo_code' | 'card_promotion' | 'custom'

/** The frozen terms of an offer a subscription accepted, and how many periods have been billed under it. */
export type OfferApplication = {
  readonly name: string
  readonly channel: OfferChannel
  readonly phases: readonly OfferPhase[]
  readonly periodsBilled: number
}

/** What an offer does to the base price of the coming period. */
export type Discounting =
  | { readonly outcome: 'none'; readonly reason: 'no_offer' | 'over' | 'no_amount_in_currency' }
  | { readonly outcome: 'discounted'; readonly discountMinor: Minor; readonly line: InvoiceLine }

/**
 * What the running phase takes off a plan's base price: a percentage to the nearest minor unit, an amount up to
 * the price, or the difference to a fixed price. Never more than the base. Rule R-DISCOUNT.
 */
export function decideDiscount(plan: PlanTerms, offer: OfferApplication | null): Discounting {
  if (offer === null) return { outcome: 'none', reason: 'no_offer' }
  const phase = runningPhase(offer)
  if (phase === null) return { outcome: 'none', reason: 'over' }
  const discount = discountOf(phase, plan, offer.name)
  if (discount === null) return { outcome: 'none', reason: 'no_amount_in_currency' }
  return {
    outcome: 'discounted',
    discountMinor: discount.amountMinor,
    line: discountLine(plan, offer, discount),
  }
}

/**
 * The price phase that applies to the next period billed, or null once all are over. Trial phases have passed by
 * the time a period is billed. Rule R-OFFER.
 */
export function runningPhase(offer: OfferApplication): PricePhase | null {
  let begins = 0
  for (const phase of pricePhases(offer)) {
    const ends = phase.cycles === null ? Number.POSITIVE_INFINITY : begins + phase.cycles
    if (offer.periodsBilled < ends) return phase
    begins = ends
  }
  return null
}

function pricePhases(offer: OfferApplication): readonly PricePhase[] {
  return offer.phases.filter((phase) => phase.kind !== 'free_trial')
}

/** The offer once one more period is billed under it; null when its last phase is then over. Rule R-OFFER. */
export function afterBilling(offer: OfferApplication | null): OfferApplication | null {
  if (offer === null) return null
  const next = { ...offer, periodsBilled: offer.periodsBilled + 1 }
  return runningPhase(next) === null ? null : next
}

/** Days of free trial an offer begins with; zero where it begins with a price. Rule R-TRIAL. */
export function trialDaysOf(offer: OfferApplication | null): number {
  const first = offer?.phases[0]
  return first?.kind === 'free_trial' ? first.durationDays : 0
}

/** Whether an offer states an amount wherever the currency asks for one. Rule R-OFFER: never another currency's. */
export function coversCurrency(offer: OfferApplication, currency: Currency): boolean {
  return pricePhases(offer).every((phase) => {
    if (phase.kind === 'percentage') return true
    return amountIn(phase.kind === 'amount_off' ? phase.amounts : phase.prices, currency) !== null
  })
}

type Discount = { readonly amountMinor: Minor; readonly shown: LineDiscount }

function discountOf(phase: PricePhase, plan: PlanTerms, name: string): Discount | null {
  const base = plan.basePriceMinor
  if (phase.kind === 'percentage') {
    const amountMinor = lesserMinor(shareOf(base, phase.basisPoints), base)
    return { amountMinor, shown: { type: 'percentage', value: phase.basisPoints, name } }
  }
  const stated = amountIn(phase.kind === 'amount_off' ? phase.amounts : phase.prices, plan.currency)
  if (stated === null) return null
  const wanted = phase.kind === 'amount_off' ? stated : atLeastZero(minor(base - stated))
  return { amountMinor: lesserMinor(wanted, base), shown: { type: phase.kind, value: stated, name } }
}

function amountIn(amounts: readonly Money[], currency: Currency): Minor | null {
  return amounts.find((money) => money.currency === currency)?.amountMinor ?? null
}

function discountLine(plan: PlanTerms, offer: OfferApplication, discount: Discount): InvoiceLine {
  const lineType = offer.channel === 'promo_code' ? 'promo_code_discount' : 'discount'
  const line = singleLine(lineType, offer.name, negateMinor(discount.amountMinor), plan.currency)
  return { ...line, discount: discount.shown }
}
