/*
 * Owns how a subscription begins: free at once, with a trial, or with a first invoice to be paid.
 * Does not own the checkout that collects a card, nor the start of the trial clock (trial).
 * Always holds: nothing is granted before it is free, paid, or on trial with a card.
 */
import { type AllowanceReset, refill } from './allowance.ts'
import { coversCurrency, type OfferApplication, trialDaysOf } from './discount.ts'
import { type Billing, decideInvoice, type Invoice } from './invoice.ts'
import { ZERO_MINOR } from './money.ts'
import { currentPeriod, dateOf, openCycle } from './period.ts'
import type { PlanTerms } from './plan.ts'
import { type CountHistory, NO_CONSUMPTION } from './rating.ts'
import { chargePeriod, freshConsumption, type Standing, type SubscriptionState } from './subscription.ts'

export type OpeningFacts = {
  readonly plan: PlanTerms
  /** Whether the customer has a draft, trialing, active or past-due subscription already. */
  readonly hasLiveSubscription: boolean
  /** The accepted offer, already found eligible; null without one. */
  readonly offer: OfferApplication | null
  /** Days of trial the price itself brings. */
  readonly priceTrialDays: number
  readonly customTrialDays: number | null
  readonly skipTrial: boolean
  readonly initialCounts: readonly CountHistory[]
  readonly billing: Billing
  readonly now: Temporal.Instant
}

export type OpeningRefusal =
  | 'already_has_active_subscription'
  | 'currency_mismatch'
  | 'one_time_trial_not_allowed'
  | 'offer_not_applicable'
  | 'tax_unavailable'

export type OpeningDecision =
  | { readonly outcome: 'refused'; readonly reason: OpeningRefusal }
  | ({ readonly outcome: 'active_free'; readonly allowance: AllowanceReset } & Standing)
  | ({ readonly outcome: 'awaits_setup'; readonly trialDays: number } & Standing)
  | ({ readonly outcome: 'awaits_payment'; readonly invoice: Invoice } & Standing)

/**
 * How a new subscription begins. A free plan is active at once; a trial waits for a card; else the first period
 * is invoiced in full and waits for its payment. Rules R-OPENING, R-TRIAL (A23), R-FREE, R-BASE.
 */
export function decideOpening(facts: OpeningFacts): OpeningDecision {
  const refusal = whyNoOpening(facts)
  if (refusal !== null) return { outcome: 'refused', reason: refusal }
  if (facts.plan.isFree) return openFree(facts)
  const trialDays = trialDaysFor(facts)
  if (trialDays === 0) return openPaid(facts)
  const standing = { subscription: pendingState(facts), consumption: initialConsumption(facts) }
  return { outcome: 'awaits_setup', trialDays, ...standing }
}

function whyNoOpening(facts: OpeningFacts): OpeningRefusal | null {
  const { plan, offer } = facts
  if (facts.hasLiveSubscription) return 'already_has_active_subscription'
  if (plan.currency !== facts.billing.currency) return 'currency_mismatch'
  if (offer !== null && (plan.isFree || !coversCurrency(offer, plan.currency))) return 'offer_not_applicable'
  return plan.interval === 'one_time' && trialDaysFor(facts) > 0 ? 'one_time_trial_not_allowed' : null
}

function trialDaysFor(facts: OpeningFacts): number {
  if (facts.skipTrial) return 0
  if (facts.customTrialDays !== null) return facts.customTrialDays
  const offered = trialDaysOf(facts.offer)
  return offered > 0 ? offered : facts.priceTrialDays
}

function initialConsumption(facts: OpeningFacts) {
  return { ...NO_CONSUMPTION, counts: facts.initialCounts }
}

function pendingState(facts: OpeningFacts): SubscriptionState {
  return {
    status: 'pending_payment',
    position: openCycle(1, dateOf(facts.now), facts.plan.interval),
    plan: facts.plan,
    basePaidMinor: ZERO_MINOR,
    offer: facts.offer,
    addOns: [],
    trialEndsOn: null,
    cancelsOn: null,
    scheduledChange: null,
  }
}

function openFree(facts: OpeningFacts): OpeningDecision {
  const before = initialConsumption(facts)
  const refilled = refill(before.pool, facts.plan)
  return {
    outcome: 'active_free',
    allowance: refilled.reset,
    subscription: { ...pendingState(facts), status: 'active' },
    consumption: freshConsumption(before, refilled.pool),
  }
}

function openPaid(facts: OpeningFacts): OpeningDecision {
  const { plan, initialCounts, offer, billing } = facts
  const pending = pendingState(facts)
  const charge = chargePeriod({ plan, addOns: [], counts: initialCounts, offer, arrears: [], trueUps: [] })
  const invoicing = decideInvoice({
    type: 'recurring',
    period: currentPeriod(pending.position),
    issuedOn: pending.position.cycle.anchor,
    lines: charge.lines,
    billing,
  })
  if (invoicing.outcome !== 'issued') return { outcome: 'refused', reason: 'tax_unavailable' }
  return {
    outcome: 'awaits_payment',
    invoice: invoicing.invoice,
    subscription: { ...pending, basePaidMinor: charge.basePaidMinor, offer: charge.offer },
    consumption: initialConsumption(facts),
  }
}

export type ActivationDecision =
  | { readonly outcome: 'refused'; readonly reason: 'invalid_subscription_status' }
  | ({ readonly outcome: 'activates'; readonly allowance: AllowanceReset } & Standing)

/**
 * Opens the first period once its invoice is paid: anchored on the date of the payment, allowances granted.
 * Rules R-OPENING and R-ANCHOR.
 */
export function decideActivation(facts: Standing & { readonly now: Temporal.Instant }): ActivationDecision {
  const { subscription, consumption, now } = facts
  if (subscription.status !== 'pending_payment')
    return { outcome: 'refused', reason: 'invalid_subscription_status' }
  const { seq } = subscription.position.cycle
  const refilled = refill(consumption.pool, subscription.plan)
  return {
    outcome: 'activates',
    allowance: refilled.reset,
    subscription: {
      ...subscription,
      status: 'active',
      position: openCycle(seq + 1, dateOf(now), subscription.plan.interval),
    },
    consumption: freshConsumption(consumption, refilled.pool),
  }
}
