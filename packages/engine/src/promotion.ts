/*
 * Owns who gets an offer: introductory offers, promo codes, and that only one way in is taken.
 * Does not own what an offer takes off (discount).
 * Always holds: the first reason against a code is the one that is told.
 */
import { decideDiscount, type OfferApplication, type OfferChannel } from './discount.ts'
import { type Minor, minor, ZERO_MINOR } from './money.ts'
import type { Interval } from './period.ts'
import type { PlanTerms } from './plan.ts'
import { type TaxRule, taxOn } from './tax.ts'

/** The ways into terms other than the list price, of which a caller may name one. */
export type OfferSelection = {
  readonly offerId: string | null
  readonly promoCode: string | null
  readonly cardPromotionId: string | null
  readonly customTrialDays: number | null
  readonly skipTrial: boolean
}

/** Whether at most one way in was named, and which; without any the price's introductory offer applies. Rule R-CHANNEL. */
export function decideOfferChannel(
  selection: OfferSelection,
):
  | { readonly outcome: 'refused'; readonly reason: 'exclusive_options' }
  | { readonly outcome: 'chosen'; readonly channel: OfferChannel | 'none' } {
  const named: readonly (OfferChannel | 'none')[] = [
    ...(selection.offerId === null ? [] : (['direct'] as const)),
    ...(selection.promoCode === null ? [] : (['promo_code'] as const)),
    ...(selection.cardPromotionId === null ? [] : (['card_promotion'] as const)),
    ...(selection.customTrialDays === null ? [] : (['custom'] as const)),
    ...(selection.skipTrial ? (['none'] as const) : []),
  ]
  if (named.length > 1) return { outcome: 'refused', reason: 'exclusive_options' }
  return { outcome: 'chosen', channel: named[0] ?? 'introductory' }
}

/**
 * Whether a customer gets a price's introductory offer: not while another subscription of theirs is active or
 * past due; where the seller wants it once per customer, never after a first one. Rule R-INTRO (A40).
 */
export function decideIntroductoryOffer(facts: {
  readonly hasActiveOrPastDue: boolean
  readonly hadSubscription: boolean
  readonly oncePerCustomer: boolean
}): { readonly eligible: boolean; readonly reason: 'eligible' | 'has_subscription' | 'had_subscription' } {
  if (facts.hasActiveOrPastDue) return { eligible: false, reason: 'has_subscription' }
  if (facts.oncePerCustomer && facts.hadSubscription) return { eligible: false, reason: 'had_subscription' }
  return { eligible: true, reason: 'eligible' }
}

/** A promo code as stored, with the frozen terms it would give. */
export type PromoCode = {
  readonly isActive: boolean
  readonly expiresAt: Temporal.Instant | null
  readonly maxRedemptions: number | null
  readonly redemptions: number
  /** The plans it is for; empty for all. */
  readonly planIds: readonly string[]
  /** The interval it is for; null for all. */
  readonly interval: Interval | null
  readonly offer: OfferApplication
}

export type PromoCodeFacts = {
  readonly code: PromoCode | null
  readonly redeemedByCustomer: boolean
  readonly introductoryOfferActive: boolean
  readonly plan: PlanTerms
  /** What the first invoice charges besides the base price, minor units. */
  readonly extrasMinor: Minor
  readonly tax: TaxRule
  /** The least a payment may be, minor units: 50 for usd. Zero itself is allowed. */
  readonly minimumChargeMinor: Minor
  readonly now: Temporal.Instant
}

export type PromoCodeRefusal =
  | 'not_found'
  | 'inactive'
  | 'expired'
  | 'max_redemptions_reached'
  | 'already_redeemed'
  | 'plan_not_eligible'
  | 'interval_not_eligible'
  | 'intro_offer_active'
  | 'offer_not_applicable'
  | 'below_minimum_charge'

export type PromoCodeDecision =
  | { readonly outcome: 'refused'; readonly reason: PromoCodeRefusal }
  | { readonly outcome: 'accepted'; readonly offer: OfferApplication; readonly totalMinor: Minor }

/**
 * Whether a promo code is accepted for a plan, and the first total it leads to, minor units. Asked once when the
 * code is entered, and again under lock when the payment counts it. Rule R-PROMO (A21).
 */
export function decidePromoCode(facts: PromoCodeFacts): PromoCodeDecision {
  const { code } = facts
  if (code === null) return { outcome: 'refused', reason: 'not_found' }
  const refusal = whyNoRedemption(code, facts) ?? whyNotForPlan(code, facts)
  if (refusal !== null) return { outcome: 'refused', reason: refusal }
  const discounting = decideDiscount(facts.plan, code.offer)
  if (discounting.outcome === 'none') return { outcome: 'refused', reason: 'offer_not_applicable' }
  const net = minor(facts.plan.basePriceMinor - discounting.discountMinor + facts.extrasMinor)
  const totalMinor = minor(net + taxOn(net, facts.tax))
  const isTooSmall = totalMinor > ZERO_MINOR && totalMinor < facts.minimumChargeMinor
  if (isTooSmall) return { outcome: 'refused', reason: 'below_minimum_charge' }
  return { outcome: 'accepted', offer: { ...code.offer, channel: 'promo_code' }, totalMinor }
}

function whyNoRedemption(code: PromoCode, facts: PromoCodeFacts): PromoCodeRefusal | null {
  if (!code.isActive) return 'inactive'
  const isOver = code.expiresAt !== null && Temporal.Instant.compare(code.expiresAt, facts.now) <= 0
  if (isOver) return 'expired'
  if (code.maxRedemptions !== null && code.redemptions >= code.maxRedemptions)
    return 'max_redemptions_reached'
  return facts.redeemedByCustomer ? 'already_redeemed' : null
}

function whyNotForPlan(code: PromoCode, facts: PromoCodeFacts): PromoCodeRefusal | null {
  if (code.planIds.length > 0 && !code.planIds.includes(facts.plan.planId)) return 'plan_not_eligible'
  if (code.interval !== null && code.interval !== facts.plan.interval) return 'interval_not_eligible'
  return facts.introductoryOfferActive ? 'intro_offer_active' : null
}
