/*
 * Owns the two ends of a trial: when it starts and lasts to, and what its end brings.
 * Does not own whether a customer gets a trial (opening) or leaves it early by an upgrade (change).
 * Always holds: a trial is free; the first paid period begins at its end, which is the new anchor.
 */
import { type AllowanceReset, refill } from './allowance.ts'
import { decideInvoice, type Invoice } from './invoice.ts'
import { currentPeriod, dateOf, hasCome, openCycle, startOf } from './period.ts'
import type { PlanTerms } from './plan.ts'
import type { RenewalFacts } from './renewal.ts'
import {
  addOnsBeside,
  chargePeriod,
  freshConsumption,
  type Standing,
  type SubscriptionState,
} from './subscription.ts'

type PlainDate = Temporal.PlainDate

export type TrialStartDecision =
  | { readonly outcome: 'refused'; readonly reason: 'not_awaiting_setup' | 'no_trial_days' }
  | ({
      readonly outcome: 'starts'
      readonly trialEndsOn: PlainDate
      readonly allowance: AllowanceReset
    } & Standing)

/**
 * Starts a trial once the payment method is stored: it ends at the UTC midnight that many days after today's
 * date, and allowances are granted for all of it. Rule R-TRIAL (A22).
 */
export function decideTrialStart(
  facts: Standing & { readonly trialDays: number; readonly now: Temporal.Instant },
): TrialStartDecision {
  const { subscription, consumption, now } = facts
  if (subscription.status !== 'pending_payment') return { outcome: 'refused', reason: 'not_awaiting_setup' }
  if (facts.trialDays <= 0) return { outcome: 'refused', reason: 'no_trial_days' }
  const started = dateOf(now)
  const trialEndsOn = started.add({ days: facts.trialDays })
  const position = openCycle(subscription.position.cycle.seq + 1, started, subscription.plan.interval)
  const refilled = refill(consumption.pool, subscription.plan)
  return {
    outcome: 'starts',
    trialEndsOn,
    allowance: refilled.reset,
    subscription: { ...subscription, status: 'trialing', trialEndsOn, position },
    consumption: freshConsumption(consumption, refilled.pool),
  }
}

export type TrialEndFacts = RenewalFacts & { readonly hasPaymentMethod: boolean }

export type TrialEndDecision =
  | { readonly outcome: 'not_due'; readonly reason: 'not_trialing' | 'still_running' }
  | { readonly outcome: 'refused'; readonly reason: 'tax_unavailable' | 'currency_mismatch' }
  | ({
      readonly outcome: 'ends'
      readonly reason: 'canceled_at_trial_end'
      readonly endsOn: PlainDate
    } & Standing)
  | ({
      readonly outcome: 'converts' | 'awaits_payment'
      readonly on: PlainDate
      readonly invoice: Invoice | null
      readonly allowance: AllowanceReset
      readonly changedPlan: boolean
    } & Standing)

/**
 * What the end of a trial brings: nothing where it was canceled; else the first period, charged in full at
 * today's price (or on the plan a downgrade was scheduled to), anchored at the trial's end. Without a payment
 * method the invoice waits for a checkout. Usage of the trial is never billed. Rules R-TRIAL, R-BASE.
 */
export function decideTrialEnd(facts: TrialEndFacts): TrialEndDecision {
  const { status, trialEndsOn, cancelsOn } = facts.subscription
  if (status !== 'trialing' || trialEndsOn === null) return { outcome: 'not_due', reason: 'not_trialing' }
  if (!hasCome(trialEndsOn, facts.now)) return { outcome: 'not_due', reason: 'still_running' }
  return cancelsOn === null ? convert(facts, trialEndsOn) : endUnpaid(facts, trialEndsOn)
}

/** The end of the trial as it will happen if nothing changes until then: the same decision, asked ahead. */
export function previewTrialEnd(facts: TrialEndFacts): TrialEndDecision {
  const { trialEndsOn } = facts.subscription
  return trialEndsOn === null
    ? decideTrialEnd(facts)
    : decideTrialEnd({ ...facts, now: startOf(trialEndsOn) })
}

function endUnpaid(facts: TrialEndFacts, endsOn: PlainDate): TrialEndDecision {
  const ended = { status: 'canceled', trialEndsOn: null, cancelsOn: null, scheduledChange: null } as const
  return {
    outcome: 'ends',
    reason: 'canceled_at_trial_end',
    endsOn,
    subscription: { ...facts.subscription, ...ended },
    consumption: facts.consumption,
  }
}

function convert(facts: TrialEndFacts, on: PlainDate): TrialEndDecision {
  const plan = facts.subscription.scheduledChange ?? facts.catalogue
  if (plan.currency !== facts.billing.currency) return { outcome: 'refused', reason: 'currency_mismatch' }
  const subscription = firstPaidPeriod(facts, plan, on)
  const charge = chargePeriod({ ...subscription, counts: facts.consumption.counts, arrears: [], trueUps: [] })
  const invoicing = decideInvoice({
    type: 'recurring',
    period: currentPeriod(subscription.position),
    issuedOn: on,
    lines: charge.lines,
    billing: facts.billing,
  })
  if (invoicing.outcome === 'refused') return invoicing
  const invoice = invoicing.outcome === 'issued' ? invoicing.invoice : null
  const isUnpayable = invoice?.status === 'outstanding' && !facts.hasPaymentMethod
  const refilled = refill(facts.consumption.pool, plan)
  return {
    outcome: isUnpayable ? 'awaits_payment' : 'converts',
    on,
    invoice,
    allowance: refilled.reset,
    changedPlan: facts.subscription.scheduledChange !== null,
    subscription: {
      ...subscription,
      status: isUnpayable ? 'pending_payment' : 'active',
      basePaidMinor: charge.basePaidMinor,
      offer: charge.offer,
    },
    consumption: freshConsumption(facts.consumption, refilled.pool),
  }
}

function firstPaidPeriod(facts: TrialEndFacts, plan: PlanTerms, on: PlainDate): SubscriptionState {
  const { subscription } = facts
  return {
    ...subscription,
    plan,
    addOns: addOnsBeside(plan, subscription.addOns),
    position: openCycle(subscription.position.cycle.seq + 1, on, plan.interval),
    trialEndsOn: null,
    scheduledChange: null,
  }
}
