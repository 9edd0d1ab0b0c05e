/*
 * Owns changes to what a customer holds: seats and quota.
 * Does not own what they cost (rating).
 * Always holds: a count is never below zero; going down is always allowed to zero.
 */
import { type CountTerms, featureOf, grantsAccess, type PlanTerms, type SubscriptionStatus } from './plan.ts'

/** A wish to add, remove, or set whole units. */
export type CountWish = { readonly kind: 'add' | 'remove' | 'set'; readonly units: bigint }

export type CountFacts = {
  readonly status: SubscriptionStatus
  readonly plan: PlanTerms
  readonly featureCode: string
  readonly currentUnits: bigint
  readonly wish: CountWish
  /** Whether a feature without overage is capped at its included units. On unless the seller switched it off. */
  readonly capsAtIncluded: boolean
}

export type CountRefusal =
  | 'no_active_subscription'
  | 'feature_not_in_plan'
  | 'feature_disabled'
  | 'units_not_positive'
  | 'insufficient_seats'
  | 'insufficient_balance'
  | 'included_limit_reached'

export type CountDecision =
  | { readonly outcome: 'refused'; readonly reason: CountRefusal }
  | { readonly outcome: 'unchanged'; readonly units: bigint }
  | {
      readonly outcome: 'changed'
      readonly previousUnits: bigint
      readonly units: bigint
      /** Whether the count rose from below the included units to them or past them. */
      readonly reachesIncluded: boolean
    }

/**
 * Whether a count of seats or quota changes. Beyond the included units it may grow only where overage is on or
 * there is no limit; an excess left from before may stay but not grow. Rules R-COUNT (A5, A44).
 */
export function decideCountChange(facts: CountFacts): CountDecision {
  if (!grantsAccess(facts.status)) return { outcome: 'refused', reason: 'no_active_subscription' }
  const terms = featureOf(facts.plan, facts.featureCode)
  if (terms?.type !== 'seats' && terms?.type !== 'quota')
    return { outcome: 'refused', reason: 'feature_not_in_plan' }
  if (!terms.enabled) return { outcome: 'refused', reason: 'feature_disabled' }
  const refusal = whyNotCount(facts, terms)
  if (refusal !== null) return { outcome: 'refused', reason: refusal }
  return changeCount(facts, terms)
}

function whyNotCount(facts: CountFacts, terms: CountTerms): CountRefusal | null {
  const { wish, currentUnits } = facts
  if (wish.kind === 'set' ? wish.units < 0n : wish.units <= 0n) return 'units_not_positive'
  const units = wishedUnits(wish, currentUnits)
  if (units < 0n) return terms.type === 'seats' ? 'insufficient_seats' : 'insufficient_balance'
  const capped = facts.capsAtIncluded && !terms.unlimited && !terms.overage.enabled
  return capped && units > currentUnits && units > terms.includedUnits ? 'included_limit_reached' : null
}

function wishedUnits(wish: CountWish, currentUnits: bigint): bigint {
  switch (wish.kind) {
    case 'add':
      return currentUnits + wish.units
    case 'remove':
      return currentUnits - wish.units
    case 'set':
      return wish.units
  }
}

function changeCount(facts: CountFacts, terms: CountTerms): CountDecision {
  const previousUnits = facts.currentUnits
  const units = wishedUnits(facts.wish, previousUnits)
  if (units === previousUnits) return { outcome: 'unchanged', units }
  const crosses = previousUnits < terms.includedUnits && units >= terms.includedUnits
  return { outcome: 'changed', previousUnits, units, reachesIncluded: crosses && !terms.unlimited }
}
