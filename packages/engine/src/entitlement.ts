/*
 * Owns the answer to "what does this customer have now?" for one feature.
 * Does not own "could they consume n more?" (usage) nor changes of counts (count).
 * Always holds: no access without a status that grants it.
 */
import { totalCredits } from './allowance.ts'
import { type Rate, rate, ZERO_RATE } from './money.ts'
import {
  type AddOn,
  type CountTerms,
  featureOf,
  grantsAccess,
  type PlanTerms,
  type SubscriptionStatus,
  type UsageTerms,
} from './plan.ts'
import { type CountHistory, heldUnits, increasesAboveMark, overageUnits, type Pool } from './rating.ts'
import { mayExceed, usageTermsOf } from './usage.ts'

export type AccessFacts = {
  readonly status: SubscriptionStatus
  /** The plan's running terms, with a grant already laid over them where there is one. */
  readonly plan: PlanTerms
  readonly addOns: readonly AddOn[]
  readonly featureCode: string
  readonly usedUnits: bigint
  readonly counts: readonly CountHistory[]
  readonly pool: Pool
}

/** How much of a limited feature is used. `remainingUnits` is null without a limit. Whole units; price in rate scale. */
export type Limits = {
  readonly usedUnits: bigint
  readonly includedUnits: bigint
  readonly remainingUnits: bigint | null
  readonly unlimited: boolean
  readonly overage: {
    readonly enabled: boolean
    readonly units: bigint
    readonly unitPriceRate: Rate
  }
}

export type Access =
  | { readonly kind: 'unknown'; readonly allowed: false; readonly reason: 'feature_not_in_plan' }
  | { readonly kind: 'boolean'; readonly allowed: boolean; readonly enabled: boolean }
  | { readonly kind: 'metered'; readonly allowed: boolean; readonly limits: Limits }
  | {
      readonly kind: 'credits'
      readonly allowed: boolean
      readonly creditsPerUnit: bigint
      readonly creditsConsumed: bigint
      readonly availableUnits: bigint
    }
  | {
      readonly kind: 'balance'
      readonly allowed: boolean
      readonly spentRate: Rate
      /** Null where the unit price is zero or comes from an AI model. */
      readonly availableUnits: bigint | null
      readonly unitPriceRate: Rate
    }
  | {
      readonly kind: 'seats' | 'quota'
      readonly allowed: boolean
      readonly limits: Limits
      /** Units beyond the included ones already billed or to be billed for this period. */
      readonly billedUnits: bigint
    }

/** What a customer has of one feature, and whether one more may be used. Rules R-ACCESS (A32) and R-USAGE. */
export function decideAccess(facts: AccessFacts): Access {
  const live = grantsAccess(facts.status)
  const terms = featureOf(facts.plan, facts.featureCode)
  if (terms?.type === 'boolean')
    return { kind: 'boolean', enabled: terms.enabled, allowed: live && terms.enabled }
  if (terms?.type === 'seats' || terms?.type === 'quota') return countAccess(facts, terms, live)
  const usage = usageTermsOf(facts.plan, facts.addOns, facts.featureCode)
  if (usage !== null) return usageAccess(facts, usage, live)
  const bought = facts.addOns.some((addOn) => addOn.featureCode === facts.featureCode)
  if (bought) return { kind: 'boolean', enabled: true, allowed: live }
  return { kind: 'unknown', allowed: false, reason: 'feature_not_in_plan' }
}

function countAccess(facts: AccessFacts, terms: CountTerms, live: boolean): Access {
  const usedUnits = heldUnits(facts.counts, terms.code)
  const limits = limitsOf(terms, usedUnits, terms.overage.enabled)
  return {
    kind: terms.type,
    allowed: live && terms.enabled && hasRoom(limits),
    limits,
    billedUnits: billedUnits(facts, terms),
  }
}

function billedUnits(facts: AccessFacts, terms: CountTerms): bigint {
  const history = facts.counts.find((count) => count.featureCode === terms.code)
  if (history === undefined || terms.unlimited || !terms.overage.enabled) return 0n
  const increases = increasesAboveMark(terms.includedUnits, history)
  const trueUps = increases.reduce((sum, increase) => sum + increase.units, 0n)
  return overageUnits(terms.includedUnits, history.unitsAtStart) + trueUps
}

function usageAccess(facts: AccessFacts, terms: UsageTerms, live: boolean): Access {
  const usable = live && terms.enabled
  switch (facts.plan.consumptionModel) {
    case 'credits':
      return creditsAccess(facts, terms, usable)
    case 'balance':
      return balanceAccess(facts, terms, usable)
    default: {
      const payable = terms.overage.enabled && mayExceed(facts.status, facts.plan)
      const limits = limitsOf(terms, facts.usedUnits, payable)
      return { kind: 'metered', allowed: usable && hasRoom(limits), limits }
    }
  }
}

function limitsOf(terms: UsageTerms | CountTerms, usedUnits: bigint, payable: boolean): Limits {
  const { includedUnits, unlimited, overage } = terms
  return {
    usedUnits,
    includedUnits,
    remainingUnits: unlimited ? null : overageUnits(usedUnits, includedUnits),
    unlimited,
    overage: {
      enabled: payable,
      units: unlimited ? 0n : overageUnits(includedUnits, usedUnits),
      unitPriceRate: overage.unitPriceRate,
    },
  }
}

function hasRoom(limits: Limits): boolean {
  return limits.unlimited || limits.overage.enabled || limits.usedUnits < limits.includedUnits
}

function creditsAccess(facts: AccessFacts, terms: UsageTerms, usable: boolean): Access {
  const credits = totalCredits(facts.pool)
  const { creditsPerUnit } = terms
  return {
    kind: 'credits',
    allowed: usable && credits >= creditsPerUnit,
    creditsPerUnit,
    creditsConsumed: facts.usedUnits * creditsPerUnit,
    availableUnits: creditsPerUnit === 0n ? 0n : credits / creditsPerUnit,
  }
}

function balanceAccess(facts: AccessFacts, terms: UsageTerms, usable: boolean): Access {
  const { unitPriceRate } = terms.overage
  const balanceRate = facts.pool.model === 'balance' ? facts.pool.balanceRate : ZERO_RATE
  const mayOwe = !facts.plan.blockOnExhaustion && mayExceed(facts.status, facts.plan)
  const counted = unitPriceRate > 0n && terms.aiMarginBasisPoints === null
  return {
    kind: 'balance',
    allowed: usable && (mayOwe || balanceRate > 0n),
    spentRate: spentBy(facts.pool, terms.code),
    availableUnits: counted ? overageUnits(0n, balanceRate) / unitPriceRate : null,
    unitPriceRate,
  }
}

function spentBy(pool: Pool, code: string): Rate {
  if (pool.model !== 'balance') return ZERO_RATE
  return pool.spent.find((spending) => spending.featureCode === code)?.spentRate ?? rate(0n)
}
