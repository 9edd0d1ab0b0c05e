/*
 * Reads a golden case: facts as a person writes them, amounts as decimals in the currency of the case.
 * Writes an invoice as lines with their arithmetic, so that it can be checked with a pencil.
 */
import {
  type AddOn,
  type Billing,
  type Consumption,
  type CountHistory,
  type CreditGrant,
  type Currency,
  decideAddOnActivation,
  decideAdjustment,
  decideBalanceTopUp,
  decideChange,
  decideCreditPackPurchase,
  decideOneTimePayment,
  decideOpening,
  decideReactivation,
  decideRenewal,
  decideTrialEnd,
  type FeatureTerms,
  type Interval,
  type Invoice,
  type InvoiceLine,
  type LedgerEntry,
  type Minor,
  minor,
  type OfferApplication,
  type PlanTerms,
  type Pool,
  type Rate,
  rate,
  ratePerMinor,
  type SubscriptionState,
  type SubscriptionStatus,
  type TaxRule,
} from '../src/index.ts'
import { at, day } from './facts.ts'

type GoldenFeature = {
  type: 'boolean' | 'usage' | 'seats' | 'quota'
  code: string
  included?: number
  /** Price of an extra unit; left out where there is no overage. */
  overage?: string
}

type GoldenPlan = {
  name: string
  free?: boolean
  interval?: Interval
  price?: string
  order?: number
  model?: 'metered' | 'credits' | 'balance'
  includedCredits?: number
  includedBalance?: string
  features?: GoldenFeature[]
}

type GoldenOffer = {
  name: string
  percentOff?: string
  amountOff?: string
  fixedPrice?: string
  cycles?: number
  periodsBilled?: number
  promoCode?: boolean
}

export type GoldenCase = {
  title: string
  decision:
    | 'opening'
    | 'renewal'
    | 'trial_end'
    | 'change'
    | 'reactivation'
    | 'addon_activation'
    | 'credit_pack'
    | 'balance_topup'
    | 'one_time_payment'
    | 'adjustment'
  given: {
    currency?: Currency
    now: string
    plan: GoldenPlan
    catalogue?: GoldenPlan
    scheduledChange?: GoldenPlan
    target?: GoldenPlan
    status?: SubscriptionStatus
    anchor?: string
    month?: number
    basePaid?: string
    cancelsOn?: string
    trialEndsOn?: string
    offer?: GoldenOffer
    addOns?: { name: string; code: string; price: string; included?: number; overage?: string }[]
    addOn?: { name: string; code: string; price: string }
    usage?: Record<string, number>
    held?: Record<string, { start: number; changes?: [string, number][] }>
    balance?: string
    credits?: { id: string; amount: string; granted: string }[]
    tax?: { percent: string; place: string } | { reverseCharge: string }
    description?: string
    amount?: string
    creditsBought?: number
  }
  pays: string
  invoice: string[]
}

/** The lines of the invoice the engine decides for a case. */
export function invoiceText(golden: GoldenCase): readonly string[] {
  const invoice = decideCase(golden)
  return invoice === null ? ['no invoice'] : renderInvoice(invoice)
}

/** What the case makes the customer pay, as a decimal. */
export function paidText(golden: GoldenCase): string {
  const invoice = decideCase(golden)
  return invoice === null ? '0.00' : decimal(invoice.totalMinor, invoice.currency)
}

export function decideCase(golden: GoldenCase): Invoice | null {
  const { given } = golden
  const currency = given.currency ?? 'usd'
  const now = at(given.now)
  const billing = billingOf(golden)
  const consumption = consumptionOf(golden)
  const subscription = subscriptionOf(golden)
  const catalogue = planOf(given.catalogue ?? given.plan, currency)
  const description = given.description ?? ''
  const amountMinor = toMinor(given.amount ?? '0', currency)
  switch (golden.decision) {
    case 'opening': {
      const offer = subscription.offer
      const trial = { priceTrialDays: 0, customTrialDays: null, skipTrial: false }
      const plan = subscription.plan
      const initialCounts = consumption.counts
      return invoiceIn(
        decideOpening({ plan, hasLiveSubscription: false, offer, ...trial, initialCounts, billing, now }),
      )
    }
    case 'renewal':
      return invoiceIn(decideRenewal({ subscription, catalogue, consumption, billing, now }))
    case 'trial_end':
      return invoiceIn(
        decideTrialEnd({ subscription, catalogue, consumption, billing, now, hasPaymentMethod: true }),
      )
    case 'change': {
      const target = planOf(given.target ?? given.plan, currency)
      const open = { newOffer: null, chargeInProgress: false, hasOpenDispute: false }
      return invoiceIn(decideChange({ subscription, target, consumption, billing, now, ...open }))
    }
    case 'reactivation': {
      const open = { newOffer: null, chargeInProgress: false, hasOpenDispute: false, hasPaymentMethod: true }
      const facts = { subscription, catalogue, consumption, billing, now, outstanding: null, ...open }
      return invoiceIn(decideReactivation({ ...facts, pools: 'kept' }))
    }
    case 'addon_activation': {
      const { name, code, price } = given.addOn ?? { name: '', code: '', price: '0' }
      return invoiceIn(
        decideAddOnActivation({
          subscription,
          addOn: addOnOf({ name, code, price }, currency),
          billing,
          now,
        }),
      )
    }
    case 'credit_pack': {
      const pack = { name: description, priceMinor: amountMinor, credits: BigInt(given.creditsBought ?? 0) }
      return invoiceIn(decideCreditPackPurchase({ subscription, pool: consumption.pool, billing, now }, pack))
    }
    case 'balance_topup':
      return invoiceIn(
        decideBalanceTopUp({ subscription, pool: consumption.pool, billing, now }, amountMinor),
      )
    case 'one_time_payment':
      return invoiceIn(decideOneTimePayment({ description, amountMinor, billing, now }))
    case 'adjustment':
      return invoiceIn(decideAdjustment({ description, amountMinor, billing, now }))
  }
}

function invoiceIn(decision: {
  readonly outcome: string
  readonly invoice?: unknown
  readonly reason?: string
}): Invoice | null {
  if (decision.outcome === 'refused' || decision.outcome === 'not_due') {
    throw new Error(`no decision: ${decision.outcome} ${decision.reason}`)
  }
  return (decision.invoice ?? null) as Invoice | null
}

function billingOf({ given }: GoldenCase): Billing {
  const currency = given.currency ?? 'usd'
  return {
    currency,
    tax: taxOf(given.tax),
    credits: (given.credits ?? []).map((entry) => creditOf(entry, currency)),
  }
}

function taxOf(tax: GoldenCase['given']['tax']): TaxRule {
  if (tax === undefined) return { kind: 'none', reason: 'no_tax' }
  if ('reverseCharge' in tax) return { kind: 'reverse_charge', place: tax.reverseCharge }
  return { kind: 'rate', basisPoints: scaled(tax.percent, 2), place: tax.place }
}

function creditOf(entry: { id: string; amount: string; granted: string }, currency: Currency): CreditGrant {
  return {
    grantId: entry.id,
    currency,
    amountMinor: toMinor(entry.amount, currency),
    appliedMinor: minor(0n),
    returnedMinor: minor(0n),
    revokedMinor: minor(0n),
    grantedAt: at(`${entry.granted}T00:00Z`),
    expiresAt: null,
  }
}

function subscriptionOf({ given }: GoldenCase): SubscriptionState {
  const currency = given.currency ?? 'usd'
  const plan = planOf(given.plan, currency)
  const anchor = day(given.anchor ?? '2026-04-01')
  return {
    status: given.status ?? 'active',
    position: { cycle: { seq: 1, anchor, interval: plan.interval }, window: given.month ?? 0 },
    plan,
    basePaidMinor: given.basePaid === undefined ? plan.basePriceMinor : toMinor(given.basePaid, currency),
    offer: given.offer === undefined ? null : offerOf(given.offer, currency),
    addOns: (given.addOns ?? []).map((entry) => addOnOf(entry, currency)),
    trialEndsOn: given.trialEndsOn === undefined ? null : day(given.trialEndsOn),
    cancelsOn: given.cancelsOn === undefined ? null : day(given.cancelsOn),
    scheduledChange: given.scheduledChange === undefined ? null : planOf(given.scheduledChange, currency),
  }
}

function planOf(golden: GoldenPlan, currency: Currency): PlanTerms {
  return {
    planId: golden.name.toLowerCase(),
    name: golden.name,
    groupId: 'main',
    sortOrder: golden.order ?? 1,
    isFree: golden.free ?? false,
    consumptionModel: golden.model ?? 'metered',
    blockOnExhaustion: false,
    interval: golden.interval ?? 'monthly',
    currency,
    basePriceMinor: toMinor(golden.price ?? '0', currency),
    includedCredits: BigInt(golden.includedCredits ?? 0),
    includedBalanceMinor: toMinor(golden.includedBalance ?? '0', currency),
    features: (golden.features ?? []).map(featureOf),
  }
}

function featureOf(golden: GoldenFeature): FeatureTerms {
  const { type, code } = golden
  if (type === 'boolean') return { type, code, name: code, enabled: true }
  const overage = { enabled: golden.overage !== undefined, unitPriceRate: toRate(golden.overage ?? '0') }
  const limits = {
    code,
    name: code,
    enabled: true,
    includedUnits: BigInt(golden.included ?? 0),
    unlimited: false,
    overage,
  }
  return type === 'usage'
    ? { type, ...limits, creditsPerUnit: 1n, aiMarginBasisPoints: null }
    : { type, ...limits }
}

function offerOf(golden: GoldenOffer, currency: Currency): OfferApplication {
  const cycles = golden.cycles ?? null
  const money = (text: string) => [{ currency, amountMinor: toMinor(text, currency) }]
  return {
    name: golden.name,
    channel: golden.promoCode === true ? 'promo_code' : 'direct',
    periodsBilled: golden.periodsBilled ?? 0,
    phases: [
      ...(golden.percentOff === undefined
        ? []
        : [{ kind: 'percentage', basisPoints: scaled(golden.percentOff, 2), cycles } as const]),
      ...(golden.amountOff === undefined
        ? []
        : [{ kind: 'amount_off', amounts: money(golden.amountOff), cycles } as const]),
      ...(golden.fixedPrice === undefined
        ? []
        : [{ kind: 'fixed_price', prices: money(golden.fixedPrice), cycles } as const]),
    ],
  }
}

type GoldenAddOn = { name: string; code: string; price: string; included?: number; overage?: string }

function addOnOf(golden: GoldenAddOn, currency: Currency): AddOn {
  return {
    addOnId: golden.code,
    name: golden.name,
    featureCode: golden.code,
    model: golden.overage === undefined ? 'boolean' : 'metered',
    basePriceMinor: toMinor(golden.price, currency),
    includedUnits: BigInt(golden.included ?? 0),
    overageRate: toRate(golden.overage ?? '0'),
    creditCost: 0n,
  }
}

function consumptionOf({ given }: GoldenCase): Consumption {
  const usage = Object.entries(given.usage ?? {}).map(([featureCode, units]) => ({
    featureCode,
    units: BigInt(units),
  }))
  const counts = Object.entries(given.held ?? {}).map(
    ([featureCode, held]): CountHistory => ({
      featureCode,
      unitsAtStart: BigInt(held.start),
      changes: (held.changes ?? []).map(([when, units]) => ({ at: at(when), units: BigInt(units) })),
    }),
  )
  return { usage, counts, pool: poolOf(given) }
}

function poolOf(given: GoldenCase['given']): Pool {
  if (given.plan.model === 'credits') return { model: 'credits', planCredits: 0n, purchasedCredits: 0n }
  if (given.balance === undefined) return { model: 'none' }
  return { model: 'balance', balanceRate: toRate(given.balance), spent: [] }
}

const toRate = (text: string): Rate => rate(scaled(text, 4))
const toMinor = (text: string, currency: Currency): Minor => minor(scaled(text, decimalsOf(currency)))
const decimalsOf = (currency: Currency): number => (ratePerMinor(currency) === 100n ? 2 : 0)

/** A decimal as a whole number of its last place. */
function scaled(text: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const digits = BigInt(whole + fraction.padEnd(decimals, '0'))
  return text.startsWith('-') ? -digits : digits
}

function renderInvoice(invoice: Invoice): readonly string[] {
  const { currency, period } = invoice
  const show = (amount: bigint) => decimal(amount, currency)
  const taxable = invoice.subtotalMinor - invoice.discountMinor - invoice.creditAppliedMinor
  const credits = invoice.creditAllocations.map(
    ({ grantId, amountMinor }) => `customer credit ${grantId} gives ${show(amountMinor)}`,
  )
  return [
    `${invoice.type} invoice in ${currency}, ${period.start.toString()} to ${period.end.toString()}, ${invoice.status}`,
    ...invoice.lines.map(
      (line) => `${lineLabel(line)}: ${arithmetic(line, currency)} = ${show(line.amountMinor)}`,
    ),
    ...credits,
    `taxable: ${show(invoice.subtotalMinor)} - ${show(invoice.discountMinor)} - ${show(invoice.creditAppliedMinor)} = ${show(taxable)}`,
    taxText(invoice, show(taxable)),
    `total: ${show(taxable)} + ${show(invoice.taxMinor)} = ${show(invoice.totalMinor)}`,
    ...invoice.ledger.map((entry) => bookText(entry, currency)),
  ]
}

function lineLabel(line: InvoiceLine): string {
  return line.usedUnits === null
    ? line.description
    : `${line.description} (${line.usedUnits} used, ${line.includedUnits} included)`
}

function arithmetic(line: InvoiceLine, currency: Currency): string {
  if (line.discount !== null) return discountArithmetic(line, currency)
  const days = line.days === null ? '' : ` × ${line.days.remaining} / ${line.days.total}`
  return `${line.quantity} × ${rateDecimal(line.unitAmountRate, currency)}${days}`
}

function discountArithmetic(line: InvoiceLine, currency: Currency): string {
  const { type, value } = line.discount ?? { type: 'percentage', value: 0n }
  if (type === 'percentage') return `${fixed(value, 2)} % off the base`
  const amount = decimal(value, currency)
  return type === 'amount_off' ? `${amount} off the base` : `the base for ${amount}`
}

function taxText(invoice: Invoice, taxable: string): string {
  const { tax } = invoice
  if (tax.kind === 'rate') {
    return `tax ${tax.place}: ${fixed(tax.basisPoints, 2)} % of ${taxable} = ${decimal(invoice.taxMinor, invoice.currency)}`
  }
  return tax.kind === 'reverse_charge' ? `tax ${tax.place}: reverse charge` : 'tax: none'
}

function bookText(entry: LedgerEntry, currency: Currency): string {
  const signed = (amount: bigint) =>
    amount > 0n ? `+${decimal(amount, currency)}` : decimal(amount, currency)
  const postings = entry.postings.map((posting) => `${posting.account} ${signed(posting.amountMinor)}`)
  return `books, ${entry.cause}: ${postings.join(', ')}`
}

function decimal(amount: bigint, currency: Currency): string {
  return fixed(amount, decimalsOf(currency))
}

/** A rate-scale price with the currency's decimals, and more where it has more. */
function rateDecimal(amount: bigint, currency: Currency): string {
  const full = fixed(amount, 4)
  const least = full.length - 4 + decimalsOf(currency)
  const trimmed = full.replace(/0+$/, '')
  const kept = trimmed.length < least ? full.slice(0, least) : trimmed
  return kept.endsWith('.') ? kept.slice(0, -1) : kept
}

function fixed(amount: bigint, decimals: number): string {
  const sign = amount < 0n ? '-' : ''
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0')
  const cut = digits.length - decimals
  return decimals === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, cut)}.${digits.slice(cut)}`
}
