/*
 * Owns what the outcome of a charge does, and when a declined one is tried again.
 * Does not own the charge itself, nor e-mails about it.
 * Always holds: the calendar of retries hangs on the first decline and never moves; four declined retries end it.
 */

import { type Minor, ZERO_MINOR } from './money.ts'
import type { SubscriptionStatus } from './plan.ts'
import {
  decideSettlement,
  decideUncollectible,
  type NotChargeable,
  type SettlementDecision,
  type StoredInvoice,
  type WriteOffDecision,
} from './settlement.ts'

type Instant = Temporal.Instant

/** Days after the first decline on which a charge is tried again. Rule R-DUNNING. */
const RETRY_DAYS: readonly number[] = [1, 3, 5, 7]

/** How often a customer may retry by hand within a day. Rule R-DUNNING. */
const CUSTOMER_RETRIES_PER_DAY = 3

/** A running dunning: the first decline, and how many retries were declined since. */
export type Dunning = { readonly declinedAt: Instant; readonly declinedRetries: number }

/** The four instants of the retries after a first decline: 24-hour days later each. Rule R-DUNNING. */
export function retrySchedule(declinedAt: Instant): readonly Instant[] {
  return RETRY_DAYS.map((days) => declinedAt.add({ hours: 24 * days }))
}

/** When the next automatic retry is due; null once all four were declined. Rule R-DUNNING. */
export function nextRetryAt(dunning: Dunning): Instant | null {
  return retrySchedule(dunning.declinedAt)[dunning.declinedRetries] ?? null
}

export type RetryDecision =
  | {
      readonly outcome: 'refused'
      readonly reason:
        | 'not_past_due'
        | 'charge_in_progress'
        | 'not_yet_due'
        | 'retries_used_up'
        | 'daily_limit'
    }
  | { readonly outcome: 'charge'; readonly slot: number }

/**
 * Whether a retry may be tried now. An automatic one waits for its day; one by hand need not, takes the next
 * slot if declined, and is limited to three a day for customers. Rule R-DUNNING (A28).
 */
export function decideRetry(facts: {
  readonly status: SubscriptionStatus
  readonly dunning: Dunning | null
  readonly by: 'schedule' | 'customer' | 'staff'
  readonly customerRetriesToday: number
  readonly chargeInProgress: boolean
  readonly now: Instant
}): RetryDecision {
  const { dunning, by } = facts
  if (facts.status !== 'past_due' || dunning === null) return { outcome: 'refused', reason: 'not_past_due' }
  if (facts.chargeInProgress) return { outcome: 'refused', reason: 'charge_in_progress' }
  const dueAt = nextRetryAt(dunning)
  if (dueAt === null) return { outcome: 'refused', reason: 'retries_used_up' }
  if (by === 'schedule' && Temporal.Instant.compare(facts.now, dueAt) < 0) {
    return { outcome: 'refused', reason: 'not_yet_due' }
  }
  if (by === 'customer' && facts.customerRetriesToday >= CUSTOMER_RETRIES_PER_DAY) {
    return { outcome: 'refused', reason: 'daily_limit' }
  }
  return { outcome: 'charge', slot: dunning.declinedRetries }
}

/** What was being charged. `operation` is a plan change, add-on, pack, top-up or one-time payment. */
export type Occasion =
  | { readonly kind: 'first_checkout' | 'renewal' | 'trial_end' | 'reactivation' | 'operation' }
  | { readonly kind: 'retry'; readonly dunning: Dunning; readonly slot: number }

/** What the provider said. `needs_customer` is a missing card or a step only the customer can take. */
export type ChargeOutcome = 'succeeded' | 'declined' | 'needs_customer' | 'unknown'

export type PaymentFacts = {
  readonly occasion: Occasion
  readonly charge: ChargeOutcome
  readonly invoice: StoredInvoice
  readonly at: Instant
}

export type PaymentDecision =
  | {
      readonly outcome: 'refused'
      readonly reason: NotChargeable | 'retry_already_counted'
      /** A charge that succeeded for an invoice no longer open: what has to go back, minor units. */
      readonly returnMinor: Minor
    }
  | { readonly outcome: 'unresolved'; readonly reason: 'outcome_unknown' }
  | {
      readonly outcome: 'paid'
      /** Null for an operation, whose own decision says what the subscription becomes. */
      readonly status: 'active' | null
      readonly meaning: 'paid' | 'recovered'
      readonly settlement: SettlementDecision
    }
  | { readonly outcome: 'nothing_changes'; readonly reason: 'payment_failed'; readonly status: null }
  | { readonly outcome: 'awaits_customer'; readonly status: 'pending_payment' }
  | { readonly outcome: 'stays_canceled'; readonly status: 'canceled' }
  | {
      readonly outcome: 'past_due'
      readonly status: 'past_due'
      readonly dunning: Dunning
      readonly nextRetryAt: Instant | null
    }
  | {
      readonly outcome: 'gives_up'
      readonly status: 'canceled'
      readonly reason: 'dunning_exhausted'
      readonly writeOff: WriteOffDecision
    }

/**
 * What the outcome of a charge does to its invoice and its subscription. A declined renewal begins dunning, a
 * declined retry uses a slot, the fourth ends the subscription; a declined first checkout waits, a declined
 * operation changes nothing. Rules R-FAILURE, R-DUNNING, R-SETTLE.
 */
export function decidePayment(facts: PaymentFacts): PaymentDecision {
  const settlement = decideSettlement(facts.invoice, { by: 'charge', outcome: outcomeOf(facts.charge) })
  switch (settlement.outcome) {
    case 'refused':
      return { outcome: 'refused', reason: settlement.reason, returnMinor: settlement.returnMinor }
    case 'paid':
      return paid(facts, settlement)
    case 'stays_outstanding':
      return settlement.reason === 'declined'
        ? declined(facts)
        : { outcome: 'unresolved', reason: 'outcome_unknown' }
  }
}

function outcomeOf(charge: ChargeOutcome): 'succeeded' | 'declined' | 'unknown' {
  return charge === 'needs_customer' ? 'declined' : charge
}

function paid(facts: PaymentFacts, settlement: SettlementDecision): PaymentDecision {
  const meaning = facts.occasion.kind === 'retry' ? 'recovered' : 'paid'
  const status = facts.occasion.kind === 'operation' ? null : 'active'
  return { outcome: 'paid', status, meaning, settlement }
}

function declined(facts: PaymentFacts): PaymentDecision {
  const { occasion } = facts
  switch (occasion.kind) {
    case 'first_checkout':
      return { outcome: 'awaits_customer', status: 'pending_payment' }
    case 'trial_end':
      return facts.charge === 'needs_customer'
        ? { outcome: 'awaits_customer', status: 'pending_payment' }
        : beginDunning(facts.at)
    case 'renewal':
      return beginDunning(facts.at)
    case 'retry':
      return countDecline(facts.invoice, occasion.dunning, occasion.slot)
    case 'reactivation':
      return { outcome: 'stays_canceled', status: 'canceled' }
    case 'operation':
      return { outcome: 'nothing_changes', reason: 'payment_failed', status: null }
  }
}

function beginDunning(declinedAt: Instant): PaymentDecision {
  const dunning = { declinedAt, declinedRetries: 0 }
  return { outcome: 'past_due', status: 'past_due', dunning, nextRetryAt: nextRetryAt(dunning) }
}

function countDecline(invoice: StoredInvoice, before: Dunning, slot: number): PaymentDecision {
  if (slot !== before.declinedRetries) {
    return { outcome: 'refused', reason: 'retry_already_counted', returnMinor: ZERO_MINOR }
  }
  const dunning = { ...before, declinedRetries: before.declinedRetries + 1 }
  if (dunning.declinedRetries < RETRY_DAYS.length) {
    return { outcome: 'past_due', status: 'past_due', dunning, nextRetryAt: nextRetryAt(dunning) }
  }
  const writeOff = decideUncollectible(invoice)
  return { outcome: 'gives_up', status: 'canceled', reason: 'dunning_exhausted', writeOff }
}

export type RecoveryDecision =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'recovers'; readonly status: 'active'; readonly isPayment: boolean }

/**
 * What closing the overdue invoice by hand does to its subscription: settled outside it recovers as if paid;
 * void, dunning stops and it is active again, though nothing was paid. Rule R-RECOVERY (A38).
 */
export function decideRecovery(
  status: SubscriptionStatus,
  closed: 'settled_outside' | 'void',
): RecoveryDecision {
  if (status !== 'past_due') return { outcome: 'unchanged' }
  return { outcome: 'recovers', status: 'active', isPayment: closed === 'settled_outside' }
}
