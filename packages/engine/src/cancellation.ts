/*
 * Owns cancelling a subscription, now or at its period's end, and taking that back.
 * Does not own the end itself when the scheduled date comes (renewal, trial).
 * Always holds: a subscription is canceled once; nothing unused is refunded by itself.
 */
import { currentPeriod } from './period.ts'
import { decideVoid, type StoredInvoice, type WriteOffDecision } from './settlement.ts'
import type { SubscriptionState } from './subscription.ts'

/** Who wants the end. Deleting a customer and refunding a subscription in full end it at once, whatever it is. */
export type CancelCause = 'requested' | 'customer_deleted' | 'refund'

export type CancellationFacts = {
  readonly subscription: SubscriptionState
  readonly cause: CancelCause
  readonly immediate: boolean
  /** The subscription's unpaid invoices. */
  readonly outstanding: readonly StoredInvoice[]
}

export type CancellationDecision =
  | {
      readonly outcome: 'refused'
      readonly reason:
        | 'subscription_already_canceled'
        | 'already_scheduled'
        | 'one_time_subscription_not_cancelable'
    }
  | {
      readonly outcome: 'scheduled'
      readonly reason: 'period_end' | 'trial_end'
      readonly effectiveOn: Temporal.PlainDate
      readonly subscription: SubscriptionState
    }
  | {
      readonly outcome: 'ends_now'
      readonly reason: 'asked_for' | 'nothing_paid_to_keep' | CancelCause
      readonly voided: readonly WriteOffDecision[]
      readonly subscription: SubscriptionState
    }

/**
 * Cancels at the end of what is paid for, or of the trial; at once where asked, where nothing is paid (free,
 * awaiting payment, past due), and for a deleted customer or a full refund. At once means: unpaid invoices are
 * void, what is still owed is waived, credits and balance stay. Rule R-CANCEL (A11, A12, A26, A27).
 */
export function decideCancellation(facts: CancellationFacts): CancellationDecision {
  const { subscription, cause } = facts
  if (subscription.status === 'canceled')
    return { outcome: 'refused', reason: 'subscription_already_canceled' }
  if (cause !== 'requested') return endNow(facts, cause)
  if (isBoughtForEver(subscription))
    return { outcome: 'refused', reason: 'one_time_subscription_not_cancelable' }
  if (hasNothingPaid(subscription)) return endNow(facts, 'nothing_paid_to_keep')
  if (facts.immediate) return endNow(facts, 'asked_for')
  if (subscription.cancelsOn !== null) return { outcome: 'refused', reason: 'already_scheduled' }
  return scheduleEnd(subscription)
}

function isBoughtForEver(subscription: SubscriptionState): boolean {
  const { plan, status } = subscription
  return !plan.isFree && plan.interval === 'one_time' && status !== 'pending_payment' && status !== 'draft'
}

function hasNothingPaid(subscription: SubscriptionState): boolean {
  return subscription.plan.isFree || (subscription.status !== 'active' && subscription.status !== 'trialing')
}

function scheduleEnd(subscription: SubscriptionState): CancellationDecision {
  const { trialEndsOn } = subscription
  const effectiveOn = trialEndsOn ?? currentPeriod(subscription.position).end
  return {
    outcome: 'scheduled',
    reason: trialEndsOn === null ? 'period_end' : 'trial_end',
    effectiveOn,
    subscription: { ...subscription, cancelsOn: effectiveOn },
  }
}

function endNow(
  facts: CancellationFacts,
  reason: 'asked_for' | 'nothing_paid_to_keep' | CancelCause,
): CancellationDecision {
  const ended = { status: 'canceled', trialEndsOn: null, cancelsOn: null, scheduledChange: null } as const
  return {
    outcome: 'ends_now',
    reason,
    voided: facts.outstanding.map(decideVoid),
    subscription: { ...facts.subscription, ...ended },
  }
}

export type UncancelDecision =
  | {
      readonly outcome: 'refused'
      readonly reason: 'subscription_already_canceled' | 'not_scheduled_for_cancellation'
    }
  | { readonly outcome: 'revoked'; readonly subscription: SubscriptionState }

/** Takes a scheduled cancellation back; the anchor and all else stay. Rule R-CANCEL. */
export function decideUncancel(subscription: SubscriptionState): UncancelDecision {
  if (subscription.status === 'canceled')
    return { outcome: 'refused', reason: 'subscription_already_canceled' }
  if (subscription.cancelsOn === null) return { outcome: 'refused', reason: 'not_scheduled_for_cancellation' }
  return { outcome: 'revoked', subscription: { ...subscription, cancelsOn: null } }
}
