/*
 * Owns the shape of what a customer agreed to: a plan's terms in one currency, its features, its add-ons.
 * Does not own the catalogue: whoever loads the terms has already chosen price, market and currency.
 * Always holds: terms are values; an edit makes new terms.
 */
import type { Currency, Minor, Rate } from './money.ts'
import type { Interval } from './period.ts'

/** What an extra unit costs, in rate scale, and whether extra units may be had at all. */
export type Overage = { readonly enabled: boolean; readonly unitPriceRate: Rate }

/** A feature that is on or off. */
export type BooleanTerms = {
  readonly type: 'boolean'
  readonly code: string
  readonly name: string
  readonly enabled: boolean
}

/** A feature that is consumed and counted anew in each allowance window. Units are whole. */
export type UsageTerms = {
  readonly type: 'usage'
  readonly code: string
  readonly name: string
  readonly enabled: boolean
  readonly includedUnits: bigint
  readonly unlimited: boolean
  readonly overage: Overage
  /** Credits one unit costs on a credits plan. */
  readonly creditsPerUnit: bigint
  /** Margin on the cost of AI tokens in basis points; null for a feature with a fixed unit price. */
  readonly aiMarginBasisPoints: bigint | null
}

/** A feature that is held: seats, or a quota. Its count outlives the period. */
export type CountTerms = {
  readonly type: 'seats' | 'quota'
  readonly code: string
  readonly name: string
  readonly enabled: boolean
  readonly includedUnits: bigint
  readonly unlimited: boolean
  readonly overage: Overage
}

export type FeatureTerms = BooleanTerms | UsageTerms | CountTerms

export type ConsumptionModel = 'metered' | 'credits' | 'balance'

/** A plan at one of its prices. A free plan has no price; its interval is monthly, the rhythm of its allowances. */
export type PlanTerms = {
  readonly planId: string
  readonly name: string
  readonly groupId: string | null
  readonly sortOrder: number
  readonly isFree: boolean
  readonly consumptionModel: ConsumptionModel | null
  readonly blockOnExhaustion: boolean
  readonly interval: Interval
  readonly currency: Currency
  /** Base price of one whole interval, minor units; zero on a free plan. */
  readonly basePriceMinor: Minor
  /** Credits granted in each allowance window. */
  readonly includedCredits: bigint
  /** Balance granted in each allowance window, minor units. */
  readonly includedBalanceMinor: Minor
  readonly features: readonly FeatureTerms[]
}

/** An add-on a customer has switched on. One feature each; prices in the subscription's currency. */
export type AddOn = {
  readonly addOnId: string
  readonly name: string
  readonly featureCode: string
  readonly model: 'boolean' | ConsumptionModel
  /** Price of one billing period, whatever its interval, minor units. */
  readonly basePriceMinor: Minor
  readonly includedUnits: bigint
  /** Price of an extra unit, or on a balance plan of any unit, in rate scale. */
  readonly overageRate: Rate
  readonly creditCost: bigint
}

export type SubscriptionStatus = 'draft' | 'pending_payment' | 'trialing' | 'active' | 'past_due' | 'canceled'

/** Whether a status gives access to the plan's features: a trial, a paid period, and the grace of retries. Rule R-ACCESS (A32). */
export function grantsAccess(status: SubscriptionStatus): boolean {
  return status === 'trialing' || status === 'active' || status === 'past_due'
}

/** The terms of one feature of a plan, if the plan has it. */
export function featureOf(plan: PlanTerms, code: string): FeatureTerms | undefined {
  return plan.features.find((feature) => feature.code === code)
}

/** The seats and quotas of a plan that are switched on, in the plan's order. */
export function countFeatures(plan: PlanTerms): readonly CountTerms[] {
  return plan.features.filter(isCount).filter((feature) => feature.enabled)
}

/** The consumed features of a plan that are switched on, in the plan's order. */
export function usageFeatures(plan: PlanTerms): readonly UsageTerms[] {
  return plan.features.filter(isUsage).filter((feature) => feature.enabled)
}

/** Whether two terms are the same plan at the same interval; a free plan has one interval only. */
export function isSameOffer(left: PlanTerms, right: PlanTerms): boolean {
  return left.planId === right.planId && (left.isFree || left.interval === right.interval)
}

function isCount(feature: FeatureTerms): feature is CountTerms {
  return feature.type === 'seats' || feature.type === 'quota'
}

function isUsage(feature: FeatureTerms): feature is UsageTerms {
  return feature.type === 'usage'
}
