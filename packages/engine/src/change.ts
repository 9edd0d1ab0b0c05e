/*
 * Owns plan changes: which way a change goes, when it takes effect, and what an immediate one costs.
 * Does not own carrying a scheduled change out (renewal, trial).
 * Always holds: money is charged first and the change applied after; a preview is the same decision.
 */
import { type AllowanceReset, refill } from './allowance.ts'
import { usableCredit } from './credit.ts'
import { coversCurrency, type OfferApplication, trialDaysOf } from './discount.ts'
import { type Billing, decideInvoice, type Invoice } from './invoice.ts'
import { type InvoiceLine, singleLine, sumLines } from './line.ts'
import { type Minor, minor, negateMinor, ZERO_MINOR } from './money.ts'
import {
  compareIntervals,
  currentPeriod,
  cutPeriod,
  dateOf,
  openCycle,
  type Period,
  startOf,
} from './period.ts'
import { countFeatures, isSameOffer, type PlanTerms } from './plan.ts'
import { daysLeft, prorate } from './proration.ts'
import { type Consumption, heldUnits, rateTrueUps, rateWindowArrears } from './rating.ts'
import {
  addOnsBeside,
  chargePeriod,
  freshConsumption,
  type PeriodCharge,
  type Standing,
  type SubscriptionState,
} from './subscription.ts'

export type ChangeFacts = {
  readonly subscription: SubscriptionState
  readonly target: PlanTerms
  /** An offer given with the change; it replaces the one that ends with it. */
  readonly newOffer: OfferApplication | null
  readonly consumption: Consumption
  readonly billing: Billing
  readonly chargeInProgress: boolean
  readonly hasOpenDispute: boolean
  readonly now: Temporal.Instant
}

export type ChangeRefusal =
  | 'no_change_requested'
  | 'plans_not_in_same_group'
  | 'subscription_not_active'
  | 'subscription_has_open_dispute'
  | 'charge_in_progress'
  | 'one_time_interval_change'
  | 'seat_limit_exceeded'
  | 'offer_not_applicable'
  | 'currency_mismatch'
  | 'tax_unavailable'

/** Why an immediate change is immediate. */
export type ImmediateReason =
  | 'free_to_free'
  | 'free_to_paid'
  | 'trial_converted'
  | 'longer_interval'
  | 'upgrade'

/** Seats held beyond what the plan of a scheduled change includes. Whole units. */
export type SeatWarning = {
  readonly featureCode: string
  readonly featureName: string
  readonly heldUnits: bigint
  readonly includedUnits: bigint
}

/** The money of an immediate change, minor units. */
export type ChangeAmounts = {
  /** The unused part of the old base price. */
  readonly creditMinor: Minor
  /** The new base price after a new offer. */
  readonly chargeMinor: Minor
  /** All lines together, before customer credit and tax; below zero where the customer is owed. */
  readonly netMinor: Minor
  readonly creditsAppliedMinor: Minor
  readonly taxMinor: Minor
  readonly totalMinor: Minor
  /** Customer credit usable after the change. */
  readonly remainingCreditMinor: Minor
  readonly daysRemaining: number
}

export type ChangeDecision =
  | { readonly outcome: 'refused'; readonly reason: ChangeRefusal }
  | { readonly outcome: 'already_scheduled'; readonly effectiveOn: Temporal.PlainDate }
  | { readonly outcome: 'schedule_revoked'; readonly subscription: SubscriptionState }
  | {
      readonly outcome: 'scheduled'
      readonly changeType: 'plan_downgrade' | 'interval_change'
      readonly effectiveOn: Temporal.PlainDate
      /** The plan of an earlier scheduled change that this one replaces. */
      readonly replaces: PlanTerms | null
      readonly seatWarnings: readonly SeatWarning[]
      readonly subscription: SubscriptionState
    }
  | ({
      /** `requires_checkout` asks the customer for a card first; both apply only once the invoice is paid. */
      readonly outcome: 'changes_now' | 'requires_checkout'
      readonly reason: ImmediateReason
      readonly amounts: ChangeAmounts
      readonly invoice: Invoice | null
      readonly allowance: AllowanceReset
      /** The old running period, ended by the change. */
      readonly closedPeriod: Period
    } & Standing)

/**
 * Decides a change of plan, interval or both. Longer interval or higher order: now, full new price, the unused
 * days of the old base credited, a new cycle from today. Shorter or lower: at the end of the period, without
 * money. Coming back to the current plan drops a scheduled change. The preview shown before is this decision.
 * Rules R-CHANGE-ROUTE, R-DIRECTION, R-CHANGE-MONEY (A3, A4, A25, A34, A39, A42).
 */
export function decideChange(facts: ChangeFacts): ChangeDecision {
  const { subscription, target } = facts
  if (isSameOffer(subscription.plan, target)) return stayOnPlan(subscription)
  const refusal = whyNoChange(facts)
  if (refusal !== null) return { outcome: 'refused', reason: refusal }
  if (directionOf(subscription.plan, target) === 'down') return schedule(facts)
  const refusedNow = whyNotNow(facts)
  return refusedNow === null ? changeNow(facts) : { outcome: 'refused', reason: refusedNow }
}

function stayOnPlan(subscription: SubscriptionState): ChangeDecision {
  if (subscription.scheduledChange === null) return { outcome: 'refused', reason: 'no_change_requested' }
  return { outcome: 'schedule_revoked', subscription: { ...subscription, scheduledChange: null } }
}

function whyNoChange(facts: ChangeFacts): ChangeRefusal | null {
  const { subscription, target } = facts
  const { plan, status } = subscription
  if (plan.groupId === null || plan.groupId !== target.groupId) return 'plans_not_in_same_group'
  if (status !== 'active' && status !== 'trialing') return 'subscription_not_active'
  if (facts.hasOpenDispute) return 'subscription_has_open_dispute'
  if (facts.chargeInProgress) return 'charge_in_progress'
  if (isOneTimeIntervalChange(plan, target)) return 'one_time_interval_change'
  return target.currency === facts.billing.currency ? null : 'currency_mismatch'
}

function isOneTimeIntervalChange(plan: PlanTerms, target: PlanTerms): boolean {
  if (plan.isFree) return false
  if (target.isFree) return plan.interval === 'one_time'
  return (plan.interval === 'one_time') !== (target.interval === 'one_time')
}

/**
 * Which way a change goes. Into the free plan is down and out of it up; then the longer interval is up, whatever
 * the plans; then the plan's place in its group decides, an equal place being up. Price never decides.
 * Rule R-DIRECTION (A42).
 */
export function directionOf(plan: PlanTerms, target: PlanTerms): 'up' | 'down' {
  if (plan.isFree || target.isFree) return plan.isFree ? 'up' : 'down'
  const intervals = compareIntervals(target.interval, plan.interval)
  if (intervals !== 0) return intervals > 0 ? 'up' : 'down'
  return target.sortOrder >= plan.sortOrder ? 'up' : 'down'
}

function whyNotNow(facts: ChangeFacts): ChangeRefusal | null {
  if (facts.subscription.plan.planId !== facts.target.planId && seatsDoNotFit(facts))
    return 'seat_limit_exceeded'
  const { newOffer, target } = facts
  if (newOffer === null) return null
  const applicable =
    !target.isFree && trialDaysOf(newOffer) === 0 && coversCurrency(newOffer, target.currency)
  return applicable ? null : 'offer_not_applicable'
}

function seatsDoNotFit(facts: ChangeFacts): boolean {
  return seatsBeyond(facts).some((seats) => !seats.mayExceed)
}

function seatsBeyond(facts: ChangeFacts): readonly (SeatWarning & { readonly mayExceed: boolean })[] {
  return countFeatures(facts.target)
    .filter((terms) => terms.type === 'seats' && !terms.unlimited)
    .map((terms) => ({
      featureCode: terms.code,
      featureName: terms.name,
      heldUnits: heldUnits(facts.consumption.counts, terms.code),
      includedUnits: terms.includedUnits,
      mayExceed: terms.overage.enabled,
    }))
    .filter((seats) => seats.heldUnits > seats.includedUnits)
}

function schedule(facts: ChangeFacts): ChangeDecision {
  const { subscription, target } = facts
  if (facts.newOffer !== null) return { outcome: 'refused', reason: 'offer_not_applicable' }
  const pending = subscription.scheduledChange
  const effectiveOn = subscription.trialEndsOn ?? currentPeriod(subscription.position).end
  if (pending !== null && isSameOffer(pending, target)) return { outcome: 'already_scheduled', effectiveOn }
  return {
    outcome: 'scheduled',
    changeType: subscription.plan.planId === target.planId ? 'interval_change' : 'plan_downgrade',
    effectiveOn,
    replaces: pending,
    seatWarnings: seatsBeyond(facts).map(({ mayExceed: _, ...warning }) => warning),
    subscription: { ...subscription, scheduledChange: target },
  }
}

function changeNow(facts: ChangeFacts): ChangeDecision {
  const opened = openChangedPeriod(facts)
  const charge = chargeChangedPeriod(facts, opened)
  const lines = [...charge.lines, ...creditLine(facts)]
  const period = currentPeriod(opened.position)
  const { start } = period
  const invoicing = decideInvoice({
    type: 'plan_change',
    period,
    issuedOn: start,
    lines,
    billing: facts.billing,
  })
  if (invoicing.outcome === 'refused') return invoicing
  const invoice = invoicing.outcome === 'issued' ? invoicing.invoice : null
  const refilled = refill(facts.consumption.pool, facts.target)
  const reason = immediateReason(facts)
  return {
    outcome: reason === 'free_to_paid' ? 'requires_checkout' : 'changes_now',
    reason,
    amounts: amountsOf(facts, charge, lines, invoice),
    invoice,
    allowance: refilled.reset,
    closedPeriod: cutPeriod(currentPeriod(facts.subscription.position), start),
    subscription: { ...opened, basePaidMinor: charge.basePaidMinor, offer: charge.offer },
    consumption: freshConsumption(facts.consumption, refilled.pool),
  }
}

function immediateReason(facts: ChangeFacts): ImmediateReason {
  const { subscription, target } = facts
  if (subscription.plan.isFree) return target.isFree ? 'free_to_free' : 'free_to_paid'
  if (subscription.status === 'trialing') return 'trial_converted'
  return compareIntervals(target.interval, subscription.plan.interval) > 0 ? 'longer_interval' : 'upgrade'
}

/** The subscription on its new plan from today. What was scheduled is void, and the old offer has ended. */
function openChangedPeriod(facts: ChangeFacts): SubscriptionState {
  const { subscription, target, now } = facts
  return {
    ...subscription,
    status: 'active',
    plan: target,
    position: openCycle(subscription.position.cycle.seq + 1, dateOf(now), target.interval),
    offer: facts.newOffer,
    addOns: addOnsBeside(target, subscription.addOns),
    trialEndsOn: null,
    cancelsOn: null,
    scheduledChange: null,
  }
}

function chargeChangedPeriod(facts: ChangeFacts, opened: SubscriptionState): PeriodCharge {
  const { subscription, consumption, now } = facts
  const { plan, addOns, position } = subscription
  const wasPaidFor = subscription.status !== 'trialing'
  return chargePeriod({
    plan: opened.plan,
    addOns: opened.addOns,
    counts: consumption.counts,
    offer: opened.offer,
    arrears: wasPaidFor ? rateWindowArrears(plan, addOns, consumption) : [],
    trueUps: wasPaidFor ? rateTrueUps(plan, consumption.counts, currentPeriod(position), now) : [],
  })
}

function creditLine(facts: ChangeFacts): readonly InvoiceLine[] {
  const credit = unusedBase(facts)
  if (credit === 0n) return []
  const days = daysLeft(currentPeriod(facts.subscription.position), facts.now)
  const { plan, basePaidMinor } = facts.subscription
  const line = singleLine('credit', `Unused days of ${plan.name}`, negateMinor(basePaidMinor), plan.currency)
  return [{ ...line, amountMinor: negateMinor(credit), days }]
}

/** What the rest of the running period is worth: nothing in a trial, on a free plan, or of a price paid for ever. */
function unusedBase(facts: ChangeFacts): Minor {
  const { subscription, now } = facts
  const { plan, basePaidMinor } = subscription
  const hasUnusedDays = subscription.status !== 'trialing' && !plan.isFree && plan.interval !== 'one_time'
  return hasUnusedDays
    ? prorate(basePaidMinor, daysLeft(currentPeriod(subscription.position), now))
    : ZERO_MINOR
}

function amountsOf(
  facts: ChangeFacts,
  charge: PeriodCharge,
  lines: readonly InvoiceLine[],
  invoice: Invoice | null,
): ChangeAmounts {
  const { credits, currency } = facts.billing
  const usable = usableCredit(credits, currency, startOf(dateOf(facts.now)))
  const applied = invoice?.creditAppliedMinor ?? ZERO_MINOR
  return {
    creditMinor: unusedBase(facts),
    chargeMinor: charge.basePaidMinor,
    netMinor: sumLines(lines),
    creditsAppliedMinor: applied,
    taxMinor: invoice?.taxMinor ?? ZERO_MINOR,
    totalMinor: invoice?.totalMinor ?? ZERO_MINOR,
    remainingCreditMinor: minor(usable - applied + (invoice?.creditGrantedMinor ?? 0n)),
    daysRemaining: daysLeft(currentPeriod(facts.subscription.position), facts.now).remaining,
  }
}
