/*
 * Owns the pools of a plan: plan credits, purchased credits, balance; how they are drawn on and filled anew.
 * Does not own customer credit, which is money against invoices (see credit).
 * Always holds: credits never fall below zero; plan credits go before purchased ones.
 */
import { divideUp, type Minor, minorToRate, type Rate, rate, ZERO_RATE } from './money.ts'
import type { PlanTerms } from './plan.ts'
import type { Pool } from './rating.ts'

/** What a reset did, so that it can be reported: whole credits, or balance in rate scale. */
export type AllowanceReset =
  | { readonly kind: 'none' }
  | { readonly kind: 'kept'; readonly reason: 'trial_grants_once' | 'reactivation_keeps_pool' }
  | {
      readonly kind: 'credits'
      readonly expired: bigint
      readonly granted: bigint
      readonly purchased: bigint
    }
  | { readonly kind: 'balance'; readonly beforeRate: Rate; readonly grantedRate: Rate }

export type Refill = { readonly pool: Pool; readonly reset: AllowanceReset }

/**
 * Fills the pool for a new window: plan credits are discarded and granted again, purchased ones stay; a balance
 * becomes the included amount, so that top-ups and debts are gone. Rules R-CREDITS, R-BALANCE (A7, A10, A45).
 */
export function refill(pool: Pool, plan: PlanTerms): Refill {
  if (plan.consumptionModel === 'credits') return refillCredits(pool, plan)
  if (plan.consumptionModel === 'balance') return refillBalance(pool, plan)
  return { pool: { model: 'none' }, reset: { kind: 'none' } }
}

function refillCredits(pool: Pool, plan: PlanTerms): Refill {
  const before = pool.model === 'credits' ? pool : { planCredits: 0n, purchasedCredits: 0n }
  const granted = plan.includedCredits
  return {
    pool: { model: 'credits', planCredits: granted, purchasedCredits: before.purchasedCredits },
    reset: { kind: 'credits', expired: before.planCredits, granted, purchased: before.purchasedCredits },
  }
}

function refillBalance(pool: Pool, plan: PlanTerms): Refill {
  const beforeRate = pool.model === 'balance' ? pool.balanceRate : ZERO_RATE
  const grantedRate = minorToRate(plan.includedBalanceMinor, plan.currency)
  return {
    pool: { model: 'balance', balanceRate: grantedRate, spent: [] },
    reset: { kind: 'balance', beforeRate, grantedRate },
  }
}

/** All credits of a pool, plan and purchased; zero for other models. */
export function totalCredits(pool: Pool): bigint {
  return pool.model === 'credits' ? pool.planCredits + pool.purchasedCredits : 0n
}

/** Takes credits, plan credits first; null where there are too few, for then nothing is taken. Rule R-CREDITS. */
export function drawCredits(pool: Pool, cost: bigint): Pool | null {
  if (pool.model !== 'credits' || totalCredits(pool) < cost) return null
  const fromPlan = cost < pool.planCredits ? cost : pool.planCredits
  return {
    model: 'credits',
    planCredits: pool.planCredits - fromPlan,
    purchasedCredits: pool.purchasedCredits - (cost - fromPlan),
  }
}

/** Takes an amount in rate scale from a balance and notes which feature spent it. May go below zero. Rule R-BALANCE. */
export function drawBalance(pool: Pool, featureCode: string, cost: Rate): Pool | null {
  if (pool.model !== 'balance') return null
  const before = pool.spent.find((spending) => spending.featureCode === featureCode)?.spentRate ?? ZERO_RATE
  const others = pool.spent.filter((spending) => spending.featureCode !== featureCode)
  return {
    model: 'balance',
    balanceRate: rate(pool.balanceRate - cost),
    spent: [...others, { featureCode, spentRate: rate(before + cost) }],
  }
}

/** Adds bought credits, which never expire; null on a plan without credits. Rule R-CREDITS. */
export function addPurchasedCredits(pool: Pool, credits: bigint): Pool | null {
  return pool.model === 'credits' ? { ...pool, purchasedCredits: pool.purchasedCredits + credits } : null
}

/** Adds a top-up given in minor units to a balance; null on a plan without one. Rules R-BALANCE (A8) and R-SCALE. */
export function addTopUp(pool: Pool, amountMinor: Minor, plan: PlanTerms): Pool | null {
  if (pool.model !== 'balance') return null
  return { ...pool, balanceRate: rate(pool.balanceRate + minorToRate(amountMinor, plan.currency)) }
}

/** Tokens of one AI call. `input` is the provider's total and contains the cached ones. */
export type AiTokens = {
  readonly input: bigint
  readonly output: bigint
  readonly cacheRead: bigint
  readonly cacheWrite: bigint
}

/** Prices of a model per million tokens, rate scale. */
export type AiPrices = {
  readonly inputRate: Rate
  readonly outputRate: Rate
  readonly cacheReadRate: Rate
  readonly cacheWriteRate: Rate
}

const PRICED_TOKENS = 1_000_000n

/**
 * The cost of an AI call in rate scale: each kind of token and the margin rounded up on its own. Cached tokens
 * are taken out of the input first, so they are not charged twice. Rule R-AI (A31, A36).
 */
export function aiTokenCost(tokens: AiTokens, prices: AiPrices, marginBasisPoints: bigint): Rate {
  const cached = tokens.cacheRead + tokens.cacheWrite
  const input = tokens.input > cached ? tokens.input - cached : 0n
  const subtotal =
    divideUp(input * prices.inputRate, PRICED_TOKENS) +
    divideUp(tokens.output * prices.outputRate, PRICED_TOKENS) +
    divideUp(tokens.cacheRead * prices.cacheReadRate, PRICED_TOKENS) +
    divideUp(tokens.cacheWrite * prices.cacheWriteRate, PRICED_TOKENS)
  return rate(subtotal + divideUp(subtotal * marginBasisPoints, 10_000n))
}
