/*
 * Owns what happens when a window ends: renew the period, renew the allowances within it, or end.
 * Does not own the end of a trial (trial) or the charge of the invoice (dunning).
 * Always holds: one decision handles one boundary, at the boundary's own date, however late it is taken.
 */
import { type AllowanceReset, type Refill, refill } from './allowance.ts'
import { type Billing, decideInvoice, type Invoice } from './invoice.ts'
import type { InvoiceLine } from './line.ts'
import {
  continueCycle,
  currentPeriod,
  currentWindow,
  endsPeriod,
  hasCome,
  nextPosition,
  startOf,
} from './period.ts'
import { grantsAccess, type PlanTerms } from './plan.ts'
import { type Consumption, rateTrueUps, rateWindowArrears } from './rating.ts'
import {
  addOnsBeside,
  chargePeriod,
  freshConsumption,
  type PeriodChargeFacts,
  restOfPeriod,
  type Standing,
  type SubscriptionState,
} from './subscription.ts'

type PlainDate = Temporal.PlainDate

export type RenewalFacts = {
  readonly subscription: SubscriptionState
  /** The subscription's own plan as the catalogue has it today. */
  readonly catalogue: PlanTerms
  readonly consumption: Consumption
  readonly billing: Billing
  readonly now: Temporal.Instant
}

export type RenewalDecision =
  | {
      readonly outcome: 'not_due'
      readonly reason: 'not_running' | 'before_boundary'
      readonly dueOn: PlainDate
    }
  | { readonly outcome: 'waits'; readonly reason: 'retries_first' | 'trial_end_first' }
  | { readonly outcome: 'refused'; readonly reason: 'tax_unavailable' | 'currency_mismatch' }
  | ({
      readonly outcome: 'ends'
      readonly reason: 'canceled_at_period_end'
      readonly endsOn: PlainDate
      readonly invoice: Invoice | null
    } & Standing)
  | Renewed

export type Renewed = {
  readonly outcome: 'renews'
  readonly reason: 'period_over' | 'window_over'
  readonly on: PlainDate
  readonly invoice: Invoice | null
  readonly allowance: AllowanceReset
  /** Whether a scheduled plan change took effect. */
  readonly changedPlan: boolean
} & Standing

/**
 * What the end of the running window brings. A renewed period is charged ahead at today's price, together with
 * what the past one still owes; between the months of a longer period only usage is billed. A scheduled
 * cancellation goes before a scheduled change, and both before the new period is charged.
 * Rules R-BOUNDARY (A16, A45), R-BASE, R-ARREARS, R-CANCEL (A26).
 */
export function decideRenewal(facts: RenewalFacts): RenewalDecision {
  const reason = whyNotNow(facts)
  if (reason !== null) return reason
  if (isCanceledHere(facts)) return endSubscription(facts)
  if (isTrialing(facts)) return renewTrialWindow(facts)
  return endsPeriod(facts.subscription.position) ? renewPeriod(facts) : renewWindow(facts)
}

/**
 * The renewal as it will happen at the next boundary if nothing changes until then: the same decision, asked
 * ahead of time. Amounts as in `decideRenewal`.
 */
export function previewRenewal(facts: RenewalFacts): RenewalDecision {
  return decideRenewal({ ...facts, now: startOf(boundaryOf(facts)) })
}

/** The date the running window ends: the earliest a renewal may be decided. */
function boundaryOf(facts: RenewalFacts): PlainDate {
  return currentWindow(facts.subscription.position).end
}

function whyNotNow(facts: RenewalFacts): RenewalDecision | null {
  const { status, trialEndsOn } = facts.subscription
  const dueOn = boundaryOf(facts)
  if (!grantsAccess(status)) return { outcome: 'not_due', reason: 'not_running', dueOn }
  if (!hasCome(dueOn, facts.now)) return { outcome: 'not_due', reason: 'before_boundary', dueOn }
  if (status === 'past_due') return { outcome: 'waits', reason: 'retries_first' }
  const trialIsOver = trialEndsOn !== null && Temporal.PlainDate.compare(trialEndsOn, dueOn) <= 0
  return isTrialing(facts) && trialIsOver ? { outcome: 'waits', reason: 'trial_end_first' } : null
}

function isTrialing(facts: RenewalFacts): boolean {
  return facts.subscription.status === 'trialing'
}

function isCanceledHere(facts: RenewalFacts): boolean {
  const { cancelsOn } = facts.subscription
  return cancelsOn !== null && Temporal.PlainDate.compare(cancelsOn, boundaryOf(facts)) <= 0
}

/** The last invoice carries what is still owed: usage, true-ups, a balance below zero. Nothing is charged ahead. */
function endSubscription(facts: RenewalFacts): RenewalDecision {
  const { subscription, consumption } = facts
  const owed = [...arrearsOfWindow(facts), ...trueUpsOfPeriod(facts)]
  const invoicing = invoiceOver(facts, 'overage', currentWindow(subscription.position), owed)
  if (invoicing.outcome === 'refused') return invoicing
  return {
    outcome: 'ends',
    reason: 'canceled_at_period_end',
    endsOn: boundaryOf(facts),
    invoice: invoicing.invoice,
    subscription: { ...subscription, status: 'canceled', cancelsOn: null, scheduledChange: null },
    consumption,
  }
}

/** Within a trial only the counters start over: nothing is billed, and credits or balance were granted once. */
function renewTrialWindow(facts: RenewalFacts): RenewalDecision {
  const { subscription, consumption } = facts
  return {
    outcome: 'renews',
    reason: 'window_over',
    on: boundaryOf(facts),
    invoice: null,
    allowance: { kind: 'kept', reason: 'trial_grants_once' },
    changedPlan: false,
    subscription: { ...subscription, position: nextPosition(subscription.position) },
    consumption: { ...consumption, usage: [] },
  }
}

/** A month within a longer period: usage of the past month is billed, allowances start over, nothing else. */
function renewWindow(facts: RenewalFacts): RenewalDecision {
  const { subscription, consumption } = facts
  const window = currentWindow(subscription.position)
  const invoicing = invoiceOver(facts, 'overage', window, arrearsOfWindow(facts))
  if (invoicing.outcome === 'refused') return invoicing
  const refilled = refillFromCatalogue(facts)
  return {
    outcome: 'renews',
    reason: 'window_over',
    on: boundaryOf(facts),
    invoice: invoicing.invoice,
    allowance: refilled.reset,
    changedPlan: false,
    subscription: { ...subscription, position: nextPosition(subscription.position) },
    consumption: { ...consumption, usage: [], pool: refilled.pool },
  }
}

/** Allowances follow the catalogue at every reset, while features and prices wait for the period to end. */
function refillFromCatalogue(facts: RenewalFacts): Refill {
  return refill(facts.consumption.pool, facts.catalogue)
}

/** The past period is settled by its own terms; the coming one is charged by the plan that is in force from here. */
function renewPeriod(facts: RenewalFacts): RenewalDecision {
  const { subscription, consumption } = facts
  const plan = subscription.scheduledChange ?? facts.catalogue
  if (plan.currency !== facts.billing.currency) return { outcome: 'refused', reason: 'currency_mismatch' }
  const next = openNextPeriod(facts, plan)
  const invoicing = invoiceOver(facts, next.type, next.invoicedPeriod, next.lines)
  if (invoicing.outcome === 'refused') return invoicing
  const refilled = refill(consumption.pool, plan)
  return {
    outcome: 'renews',
    reason: 'period_over',
    on: boundaryOf(facts),
    invoice: invoicing.invoice,
    allowance: refilled.reset,
    changedPlan: subscription.scheduledChange !== null,
    subscription: next.subscription,
    consumption: freshConsumption(consumption, refilled.pool),
  }
}

function openNextPeriod(facts: RenewalFacts, plan: PlanTerms) {
  const { subscription } = facts
  const addOns = addOnsBeside(plan, subscription.addOns)
  const position = continueCycle(subscription.position, plan.interval)
  const opened = { ...subscription, position, plan, addOns, scheduledChange: null }
  const charge = chargeNextPeriod(facts, opened)
  const chargesAhead = charge.lines.some((line) => line.chargeType === 'advance')
  return {
    lines: charge.lines,
    type: chargesAhead ? 'recurring' : 'overage',
    invoicedPeriod: chargesAhead ? currentPeriod(position) : currentWindow(subscription.position),
    subscription: { ...opened, basePaidMinor: charge.basePaidMinor, offer: charge.offer },
  } as const
}

function chargeNextPeriod(facts: RenewalFacts, opened: SubscriptionState) {
  const charged: PeriodChargeFacts = {
    plan: opened.plan,
    addOns: opened.addOns,
    counts: facts.consumption.counts,
    offer: opened.offer,
    arrears: arrearsOfWindow(facts),
    trueUps: trueUpsOfPeriod(facts),
  }
  const isBoughtForEver = opened.plan.interval === 'one_time'
  if (!isBoughtForEver) return chargePeriod(charged)
  return { lines: restOfPeriod(charged), basePaidMinor: opened.basePaidMinor, offer: opened.offer }
}

function arrearsOfWindow(facts: RenewalFacts): readonly InvoiceLine[] {
  const { plan, addOns, status } = facts.subscription
  return status === 'trialing' ? [] : rateWindowArrears(plan, addOns, facts.consumption)
}

function trueUpsOfPeriod(facts: RenewalFacts): readonly InvoiceLine[] {
  const { plan, position, status } = facts.subscription
  if (status === 'trialing') return []
  return rateTrueUps(plan, facts.consumption.counts, currentPeriod(position), null)
}

type Invoicing =
  | { readonly outcome: 'refused'; readonly reason: 'tax_unavailable' }
  | { readonly outcome: 'done'; readonly invoice: Invoice | null }

function invoiceOver(
  facts: RenewalFacts,
  type: 'recurring' | 'overage',
  period: { readonly start: PlainDate; readonly end: PlainDate },
  lines: readonly InvoiceLine[],
): Invoicing {
  const decision = decideInvoice({ type, period, lines, billing: facts.billing, issuedOn: boundaryOf(facts) })
  if (decision.outcome === 'refused') return decision
  return { outcome: 'done', invoice: decision.outcome === 'issued' ? decision.invoice : null }
}
