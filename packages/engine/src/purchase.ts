/*
 * Owns what is bought besides the plan: add-ons, credit packs, top-ups, one-time payments, and adjustments.
 * Does not own the charge; what is bought is handed over once its invoice is paid.
 * Always holds: a purchase that is not paid changes nothing.
 */
import { addPurchasedCredits, addTopUp } from './allowance.ts'
import { type Billing, decideInvoice, type Invoice, type InvoiceType } from './invoice.ts'
import { type InvoiceLine, singleLine } from './line.ts'
import { type Minor, minorToRate, type Rate } from './money.ts'
import { currentPeriod, dateOf, type Period } from './period.ts'
import { type AddOn, featureOf, type SubscriptionStatus } from './plan.ts'
import { daysLeft, prorate } from './proration.ts'
import type { Pool } from './rating.ts'
import type { SubscriptionState } from './subscription.ts'

export type PurchaseRefusal =
  | 'subscription_not_active'
  | 'addon_already_active'
  | 'feature_already_in_plan'
  | 'consumption_model_mismatch'
  | 'amount_not_positive'
  | 'amount_is_zero'
  | 'tax_unavailable'

type Refused = { readonly outcome: 'refused'; readonly reason: PurchaseRefusal }

export type AddOnDecision =
  | Refused
  | {
      readonly outcome: 'charge_first'
      readonly invoice: Invoice
      readonly proratedRate: Rate
      readonly subscription: SubscriptionState
    }

/** Purchases are open to a trial and to an active subscription, free ones too, but not while one is past due. */
function mayBuy(status: SubscriptionStatus): boolean {
  return status === 'trialing' || status === 'active'
}

/** Switches an add-on on: its price for the days left of the period, and its feature once paid. Rule R-ADDON. */
export function decideAddOnActivation(facts: {
  readonly subscription: SubscriptionState
  readonly addOn: AddOn
  readonly billing: Billing
  readonly now: Temporal.Instant
}): AddOnDecision {
  const { subscription, addOn, billing, now } = facts
  const refusal = whyNoAddOn(subscription, addOn)
  if (refusal !== null) return { outcome: 'refused', reason: refusal }
  const period = currentPeriod(subscription.position)
  const days = daysLeft(period, now)
  const amountMinor = prorate(addOn.basePriceMinor, days)
  const full = singleLine('addon_base', addOn.name, addOn.basePriceMinor, billing.currency)
  const line: InvoiceLine = {
    ...full,
    amountMinor,
    days,
    featureCode: addOn.featureCode,
    chargeType: 'advance',
  }
  const issued = issue('addon_activation', { start: dateOf(now), end: period.end }, [line], billing, now)
  if (issued.outcome === 'refused') return issued
  return {
    outcome: 'charge_first',
    invoice: issued.invoice,
    proratedRate: minorToRate(amountMinor, billing.currency),
    subscription: { ...subscription, addOns: [...subscription.addOns, addOn] },
  }
}

function whyNoAddOn(subscription: SubscriptionState, addOn: AddOn): PurchaseRefusal | null {
  const { plan, addOns, status } = subscription
  if (!mayBuy(status)) return 'subscription_not_active'
  if (addOns.some((active) => active.addOnId === addOn.addOnId)) return 'addon_already_active'
  if (featureOf(plan, addOn.featureCode) !== undefined) return 'feature_already_in_plan'
  const fits = addOn.model === 'boolean' || addOn.model === plan.consumptionModel
  return fits ? null : 'consumption_model_mismatch'
}

/** Switches an add-on off: its feature stops at once, nothing is refunded, it is not charged again. Rule R-ADDON. */
export function decideAddOnDeactivation(
  subscription: SubscriptionState,
  addOnId: string,
):
  | { readonly outcome: 'refused'; readonly reason: 'addon_not_active' }
  | { readonly outcome: 'stops'; readonly subscription: SubscriptionState } {
  const kept = subscription.addOns.filter((addOn) => addOn.addOnId !== addOnId)
  if (kept.length === subscription.addOns.length) return { outcome: 'refused', reason: 'addon_not_active' }
  return { outcome: 'stops', subscription: { ...subscription, addOns: kept } }
}

export type PoolPurchaseDecision =
  | Refused
  | { readonly outcome: 'charge_first'; readonly invoice: Invoice; readonly pool: Pool }

export type PoolPurchaseFacts = {
  readonly subscription: SubscriptionState
  readonly pool: Pool
  readonly billing: Billing
  readonly now: Temporal.Instant
}

/** Buys a pack of credits at its price in minor units; the credits never expire. Rule R-CREDITS. */
export function decideCreditPackPurchase(
  facts: PoolPurchaseFacts,
  pack: { readonly name: string; readonly priceMinor: Minor; readonly credits: bigint },
): PoolPurchaseDecision {
  const line = singleLine('one_time', pack.name, pack.priceMinor, facts.billing.currency)
  return buyForPool(facts, 'credit_purchase', line, addPurchasedCredits(facts.pool, pack.credits))
}

/** Tops a balance up by an amount in minor units, which lasts until the next reset. Rule R-BALANCE (A8). */
export function decideBalanceTopUp(facts: PoolPurchaseFacts, amountMinor: Minor): PoolPurchaseDecision {
  if (amountMinor <= 0n) return { outcome: 'refused', reason: 'amount_not_positive' }
  const line = singleLine('one_time', 'Balance top-up', amountMinor, facts.billing.currency)
  return buyForPool(facts, 'balance_topup', line, addTopUp(facts.pool, amountMinor, facts.subscription.plan))
}

function buyForPool(
  facts: PoolPurchaseFacts,
  type: 'credit_purchase' | 'balance_topup',
  line: InvoiceLine,
  pool: Pool | null,
): PoolPurchaseDecision {
  if (!mayBuy(facts.subscription.status)) return { outcome: 'refused', reason: 'subscription_not_active' }
  if (pool === null) return { outcome: 'refused', reason: 'consumption_model_mismatch' }
  const issued = issue(type, onDay(facts.now), [line], facts.billing, facts.now)
  return issued.outcome === 'refused' ? issued : { outcome: 'charge_first', invoice: issued.invoice, pool }
}

export type InvoiceOnlyDecision = Refused | { readonly outcome: 'issued'; readonly invoice: Invoice }

export type OneLineFacts = {
  readonly description: string
  readonly amountMinor: Minor
  readonly billing: Billing
  readonly now: Temporal.Instant
}

/** A payment without a plan: an amount above zero in minor units, and tax on top. Rule R-ONE-TIME-PAYMENT. */
export function decideOneTimePayment(facts: OneLineFacts): InvoiceOnlyDecision {
  if (facts.amountMinor <= 0n) return { outcome: 'refused', reason: 'amount_not_positive' }
  return issueOneLine('one_time_payment', facts)
}

/**
 * A correction by hand: above zero the customer owes it, below zero it is owed to the customer; tax follows the
 * sign, so that two opposite adjustments cancel out. Minor units. Rule R-ADJUSTMENT.
 */
export function decideAdjustment(facts: OneLineFacts): InvoiceOnlyDecision {
  if (facts.amountMinor === 0n) return { outcome: 'refused', reason: 'amount_is_zero' }
  return issueOneLine('adjustment', facts)
}

function issueOneLine(type: 'one_time_payment' | 'adjustment', facts: OneLineFacts): InvoiceOnlyDecision {
  const line = singleLine('one_time', facts.description, facts.amountMinor, facts.billing.currency)
  return issue(type, onDay(facts.now), [line], facts.billing, facts.now)
}

function onDay(now: Temporal.Instant): Period {
  const date = dateOf(now)
  return { start: date, end: date }
}

function issue(
  type: InvoiceType,
  period: Period,
  lines: readonly InvoiceLine[],
  billing: Billing,
  now: Temporal.Instant,
): InvoiceOnlyDecision {
  const decision = decideInvoice({ type, period, lines, billing, issuedOn: dateOf(now) })
  return decision.outcome === 'issued' ? decision : { outcome: 'refused', reason: 'tax_unavailable' }
}
