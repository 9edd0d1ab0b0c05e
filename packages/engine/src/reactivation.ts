/*
 * Owns bringing a subscription back: paying what is overdue, or beginning again after an end.
 * Does not own the charge and its outcome (dunning).
 * Always holds: a past-due one keeps its anchor and its invoice; an ended one gets new ones, in the same record.
 */
import { type AllowanceReset, type Refill, refill } from './allowance.ts'
import { coversCurrency, type OfferApplication, trialDaysOf } from './discount.ts'
import { type Billing, decideInvoice, type Invoice } from './invoice.ts'
import { currentPeriod, dateOf, openCycle } from './period.ts'
import type { PlanTerms } from './plan.ts'
import type { Consumption } from './rating.ts'
import type { StoredInvoice } from './settlement.ts'
import {
  addOnsBeside,
  chargePeriod,
  freshConsumption,
  type Standing,
  type SubscriptionState,
} from './subscription.ts'

export type ReactivationFacts = {
  readonly subscription: SubscriptionState
  readonly outstanding: StoredInvoice | null
  /** The subscription's plan as the catalogue has it today; null where it can no longer be chosen. */
  readonly catalogue: PlanTerms | null
  readonly newOffer: OfferApplication | null
  readonly consumption: Consumption
  readonly billing: Billing
  readonly hasPaymentMethod: boolean
  readonly chargeInProgress: boolean
  readonly hasOpenDispute: boolean
  /** Whether credits and balance stay as they were until the next boundary, or are granted anew at once. */
  readonly pools: 'kept' | 'granted'
  readonly now: Temporal.Instant
}

export type ReactivationRefusal =
  | 'invalid_subscription_status'
  | 'subscription_has_open_dispute'
  | 'charge_in_progress'
  | 'no_outstanding_invoice'
  | 'no_payment_method'
  | 'plan_unavailable'
  | 'offer_not_applicable'
  | 'currency_mismatch'
  | 'tax_unavailable'

export type ReactivationDecision =
  | { readonly outcome: 'refused'; readonly reason: ReactivationRefusal }
  | { readonly outcome: 'charges_outstanding'; readonly invoice: StoredInvoice }
  | ({
      /** Applies once the invoice is paid; at once where there is none. */
      readonly outcome: 'begins_again'
      readonly invoice: Invoice | null
      readonly allowance: AllowanceReset
    } & Standing)

/**
 * What reactivating does: of a past-due subscription, charge the same invoice; of a canceled one, a new first
 * period at today's price from today. Rule R-REACTIVATE (A12).
 */
export function decideReactivation(facts: ReactivationFacts): ReactivationDecision {
  const { status } = facts.subscription
  if (status !== 'past_due' && status !== 'canceled') return refuse('invalid_subscription_status')
  if (facts.hasOpenDispute) return refuse('subscription_has_open_dispute')
  if (facts.chargeInProgress) return refuse('charge_in_progress')
  return status === 'past_due' ? chargeOutstanding(facts) : beginAgain(facts)
}

function refuse(reason: ReactivationRefusal): ReactivationDecision {
  return { outcome: 'refused', reason }
}

function chargeOutstanding(facts: ReactivationFacts): ReactivationDecision {
  if (facts.newOffer !== null) return refuse('offer_not_applicable')
  if (facts.outstanding?.status !== 'outstanding') return refuse('no_outstanding_invoice')
  if (!facts.hasPaymentMethod) return refuse('no_payment_method')
  return { outcome: 'charges_outstanding', invoice: facts.outstanding }
}

function beginAgain(facts: ReactivationFacts): ReactivationDecision {
  const { catalogue, newOffer, billing } = facts
  if (catalogue === null) return refuse('plan_unavailable')
  if (catalogue.currency !== billing.currency) return refuse('currency_mismatch')
  if (newOffer !== null && !isApplicable(newOffer, catalogue)) return refuse('offer_not_applicable')
  const opened = openAgain(facts, catalogue)
  const charge = chargePeriod({ ...opened, counts: facts.consumption.counts, arrears: [], trueUps: [] })
  const invoicing = decideInvoice({
    type: 'reactivation',
    period: currentPeriod(opened.position),
    issuedOn: dateOf(facts.now),
    lines: charge.lines,
    billing,
  })
  if (invoicing.outcome === 'refused') return invoicing
  const invoice = invoicing.outcome === 'issued' ? invoicing.invoice : null
  if (invoice?.status === 'outstanding' && !facts.hasPaymentMethod) return refuse('no_payment_method')
  const refilled = poolOnReturn(facts, catalogue)
  return {
    outcome: 'begins_again',
    invoice,
    allowance: refilled.reset,
    subscription: { ...opened, basePaidMinor: charge.basePaidMinor, offer: charge.offer },
    consumption: freshConsumption(facts.consumption, refilled.pool),
  }
}

function isApplicable(offer: OfferApplication, plan: PlanTerms): boolean {
  return !plan.isFree && trialDaysOf(offer) === 0 && coversCurrency(offer, plan.currency)
}

function openAgain(facts: ReactivationFacts, plan: PlanTerms): SubscriptionState {
  const { subscription, now } = facts
  return {
    ...subscription,
    status: 'active',
    plan,
    addOns: addOnsBeside(plan, subscription.addOns),
    position: openCycle(subscription.position.cycle.seq + 1, dateOf(now), plan.interval),
    offer: facts.newOffer,
    trialEndsOn: null,
    cancelsOn: null,
    scheduledChange: null,
  }
}

function poolOnReturn(facts: ReactivationFacts, plan: PlanTerms): Refill {
  const { pool } = facts.consumption
  const isInitialised = pool.model !== 'none' && pool.model === plan.consumptionModel
  if (isInitialised && facts.pools === 'kept') {
    return { pool, reset: { kind: 'kept', reason: 'reactivation_keeps_pool' } }
  }
  return refill(pool, plan)
}
