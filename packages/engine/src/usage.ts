/*
 * Owns whether consumption may be recorded, what it draws on, and the same question asked without recording.
 * Does not own deduplication or storage of events.
 * Always holds: an event is recorded whole or refused whole; a check answers what recording would.
 */
import {
  type AiPrices,
  type AiTokens,
  aiTokenCost,
  drawBalance,
  drawCredits,
  totalCredits,
} from './allowance.ts'
import { type Rate, rate, ZERO_RATE } from './money.ts'
import { hasCome, type Period } from './period.ts'
import {
  type AddOn,
  type FeatureTerms,
  featureOf,
  grantsAccess,
  type PlanTerms,
  type SubscriptionStatus,
  type UsageTerms,
} from './plan.ts'
import { overageUnits, type Pool } from './rating.ts'

/** What is consumed: whole units, or the tokens of an AI call. Prices are null where the model is not known. */
export type Consumed =
  | { readonly kind: 'units'; readonly units: bigint }
  | { readonly kind: 'tokens'; readonly tokens: AiTokens; readonly prices: AiPrices | null }

export type UsageFacts = {
  readonly status: SubscriptionStatus
  readonly plan: PlanTerms
  readonly addOns: readonly AddOn[]
  readonly featureCode: string
  readonly consumed: Consumed
  /** Units of the feature already recorded in the running window. */
  readonly usedUnits: bigint
  readonly pool: Pool
}

export type UsageRefusal =
  | 'no_active_subscription'
  | 'feature_not_in_plan'
  | 'feature_disabled'
  | 'pricing_mode_mismatch'
  | 'model_not_found'
  | 'included_limit_reached'
  | 'insufficient_credits'
  | 'insufficient_balance'

/** What recording draws on. Credits are whole; balance is in rate scale. */
export type Draw =
  | { readonly model: 'metered'; readonly overageUnits: bigint }
  | { readonly model: 'credits'; readonly deducted: bigint; readonly remaining: bigint }
  | { readonly model: 'balance'; readonly deductedRate: Rate; readonly remainingRate: Rate }

export type UsageDecision =
  | { readonly outcome: 'refused'; readonly reason: UsageRefusal }
  | { readonly outcome: 'recorded'; readonly units: bigint; readonly draw: Draw; readonly pool: Pool }

/**
 * Whether consumption is recorded, and what it draws on. During a trial and on a free plan there is no overage
 * and no debt. Rules R-USAGE, R-CREDITS, R-BALANCE, R-AI, R-FREE, R-TRIAL.
 */
export function decideUsage(facts: UsageFacts): UsageDecision {
  if (!grantsAccess(facts.status)) return refuse('no_active_subscription')
  const terms = usageTermsOf(facts.plan, facts.addOns, facts.featureCode)
  if (terms === null) return refuse('feature_not_in_plan')
  if (!terms.enabled) return refuse('feature_disabled')
  if ((facts.consumed.kind === 'tokens') !== (terms.aiMarginBasisPoints !== null)) {
    return refuse('pricing_mode_mismatch')
  }
  switch (facts.plan.consumptionModel) {
    case 'credits':
      return drawFromCredits(facts, terms)
    case 'balance':
      return drawFromBalance(facts, terms)
    default:
      return meter(facts, terms)
  }
}

/** Answers whether a quantity could be consumed now, with the reason where not; records nothing. Rule R-USAGE. */
export function decideUsageCheck(facts: UsageFacts): {
  readonly allowed: boolean
  readonly reason: UsageRefusal | null
  readonly draw: Draw | null
} {
  const decision = decideUsage(facts)
  if (decision.outcome === 'refused') return { allowed: false, reason: decision.reason, draw: null }
  return { allowed: true, reason: null, draw: decision.draw }
}

function refuse(reason: UsageRefusal): UsageDecision {
  return { outcome: 'refused', reason }
}

/**
 * The terms a feature is consumed under: the plan's, or else those of the add-on that brings it. Null where
 * neither has it as a consumed feature.
 */
export function usageTermsOf(plan: PlanTerms, addOns: readonly AddOn[], code: string): UsageTerms | null {
  const ofPlan: FeatureTerms | undefined = featureOf(plan, code)
  if (ofPlan?.type === 'usage') return ofPlan
  const addOn = addOns.find((candidate) => candidate.featureCode === code && candidate.model !== 'boolean')
  return addOn === undefined || ofPlan !== undefined ? null : addOnTerms(addOn)
}

function addOnTerms(addOn: AddOn): UsageTerms {
  return {
    type: 'usage',
    code: addOn.featureCode,
    name: addOn.name,
    enabled: true,
    includedUnits: addOn.includedUnits,
    unlimited: false,
    overage: { enabled: addOn.overageRate > 0n, unitPriceRate: addOn.overageRate },
    creditsPerUnit: addOn.creditCost,
    aiMarginBasisPoints: null,
  }
}

/** Whether a subscription may use more than is included: neither in a trial nor on a free plan. Rules R-TRIAL, R-FREE. */
export function mayExceed(status: SubscriptionStatus, plan: PlanTerms): boolean {
  return status !== 'trialing' && !plan.isFree
}

function unitsOf(consumed: Consumed): bigint {
  return consumed.kind === 'units' ? consumed.units : consumed.tokens.input + consumed.tokens.output
}

function meter(facts: UsageFacts, terms: UsageTerms): UsageDecision {
  const units = unitsOf(facts.consumed)
  const extra = terms.unlimited ? 0n : overageUnits(terms.includedUnits, facts.usedUnits + units)
  const payable = terms.overage.enabled && mayExceed(facts.status, facts.plan)
  if (extra > 0n && !payable) return refuse('included_limit_reached')
  return { outcome: 'recorded', units, draw: { model: 'metered', overageUnits: extra }, pool: facts.pool }
}

function drawFromCredits(facts: UsageFacts, terms: UsageTerms): UsageDecision {
  const units = unitsOf(facts.consumed)
  const deducted = units * terms.creditsPerUnit
  const pool = drawCredits(facts.pool, deducted)
  if (pool === null) return refuse('insufficient_credits')
  return {
    outcome: 'recorded',
    units,
    draw: { model: 'credits', deducted, remaining: totalCredits(pool) },
    pool,
  }
}

function drawFromBalance(facts: UsageFacts, terms: UsageTerms): UsageDecision {
  const cost = balanceCost(facts.consumed, terms)
  if (cost === null) return refuse('model_not_found')
  const pool = drawBalance(facts.pool, terms.code, cost)
  const remainingRate = pool?.model === 'balance' ? pool.balanceRate : ZERO_RATE
  const mayOwe = !facts.plan.blockOnExhaustion && mayExceed(facts.status, facts.plan)
  if (pool === null || (remainingRate < 0n && !mayOwe)) return refuse('insufficient_balance')
  const draw: Draw = { model: 'balance', deductedRate: cost, remainingRate }
  return { outcome: 'recorded', units: unitsOf(facts.consumed), draw, pool }
}

function balanceCost(consumed: Consumed, terms: UsageTerms): Rate | null {
  if (consumed.kind === 'units') return rate(consumed.units * terms.overage.unitPriceRate)
  if (consumed.prices === null) return null
  return aiTokenCost(consumed.tokens, consumed.prices, terms.aiMarginBasisPoints ?? 0n)
}

export type UsageTotalDecision =
  | { readonly outcome: 'refused'; readonly reason: 'not_metered' | 'below_zero' }
  | { readonly outcome: 'adjusted'; readonly previousUnits: bigint; readonly adjustmentUnits: bigint }

/** Sets the total of the running window through a signed adjustment; earlier events stay. Rule R-USAGE. */
export function decideUsageTotal(
  plan: PlanTerms,
  recordedUnits: bigint,
  wantedUnits: bigint,
): UsageTotalDecision {
  if (plan.consumptionModel !== 'metered') return { outcome: 'refused', reason: 'not_metered' }
  if (wantedUnits < 0n) return { outcome: 'refused', reason: 'below_zero' }
  return { outcome: 'adjusted', previousUnits: recordedUnits, adjustmentUnits: wantedUnits - recordedUnits }
}

export type EventTimeDecision =
  | { readonly outcome: 'refused'; readonly reason: 'in_the_future' }
  | { readonly outcome: 'running_window'; readonly isLate: boolean }

const CLOCK_TOLERANCE = Temporal.Duration.from({ minutes: 5 })

/**
 * The window an event counts in: its own while that runs; an event of a window already closed counts in the
 * running one, marked late; more than five minutes ahead of the clock is refused. Rule R-USAGE (A35).
 */
export function decideEventTime(
  happenedAt: Temporal.Instant,
  window: Period,
  now: Temporal.Instant,
): EventTimeDecision {
  if (Temporal.Instant.compare(happenedAt, now.add(CLOCK_TOLERANCE)) > 0) {
    return { outcome: 'refused', reason: 'in_the_future' }
  }
  return { outcome: 'running_window', isLate: !hasCome(window.start, happenedAt) }
}
