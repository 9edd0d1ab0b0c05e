/*
 * Owns how lines become an invoice: totals, customer credit, tax, and the books of issuing it.
 * Does not own where lines come from (rating) or how an invoice is settled (settlement).
 * Always holds: total = Σ lines − credit applied + tax; only an adjustment may be below zero.
 */
import { allocateCredit, type CreditAllocation, type CreditGrant } from './credit.ts'
import { balancedEntry, type LedgerEntry, transferEntry } from './ledger.ts'
import { type InvoiceLine, isDiscount, singleLine, sumLines } from './line.ts'
import { atLeastZero, type Currency, type Minor, minor, negateMinor, sumMinor, ZERO_MINOR } from './money.ts'
import { type Period, startOf } from './period.ts'
import { type TaxRule, taxOn } from './tax.ts'

export type InvoiceType =
  | 'recurring'
  | 'overage'
  | 'plan_change'
  | 'credit_purchase'
  | 'balance_topup'
  | 'addon_activation'
  | 'one_time_payment'
  | 'reactivation'
  | 'adjustment'

/** What every invoice of a customer depends on besides its lines. */
export type Billing = {
  readonly currency: Currency
  readonly credits: readonly CreditGrant[]
  readonly tax: TaxRule
}

export type InvoiceFacts = {
  readonly type: InvoiceType
  readonly period: Period
  /** The UTC date of issue; due the same day. Credits that ended before it begins are not used. */
  readonly issuedOn: Temporal.PlainDate
  readonly lines: readonly InvoiceLine[]
  readonly billing: Billing
}

/** An invoice ready to be stored. All amounts in minor units of its currency. */
export type Invoice = {
  readonly type: InvoiceType
  readonly status: 'outstanding' | 'paid'
  readonly currency: Currency
  readonly period: Period
  readonly issuedOn: Temporal.PlainDate
  readonly dueOn: Temporal.PlainDate
  readonly lines: readonly InvoiceLine[]
  /** Σ lines other than discounts; the negative credit line of a plan change counts in. */
  readonly subtotalMinor: Minor
  readonly discountMinor: Minor
  readonly creditAppliedMinor: Minor
  readonly creditAllocations: readonly CreditAllocation[]
  readonly tax: TaxRule
  readonly taxMinor: Minor
  readonly totalMinor: Minor
  /** What the invoice was below zero and became a new grant of customer credit. */
  readonly creditGrantedMinor: Minor
  readonly ledger: readonly LedgerEntry[]
}

export type InvoiceDecision =
  | { readonly outcome: 'nothing_to_bill' }
  | { readonly outcome: 'refused'; readonly reason: 'tax_unavailable' }
  | { readonly outcome: 'issued'; readonly invoice: Invoice }

/** The types whose invoices use customer credit up. Rule R-CREDIT (A30). */
const USES_CREDIT: readonly InvoiceType[] = ['recurring', 'overage', 'plan_change', 'reactivation']

/**
 * Makes an invoice of lines: customer credit first, then tax on what is left, each in minor units. A net below
 * zero becomes customer credit and the invoice zero, except on an adjustment. Zero is paid at once.
 * Rules R-TOTAL (A30, A33, A37, A39), R-CREDIT and R-TAX.
 */
export function decideInvoice(facts: InvoiceFacts): InvoiceDecision {
  if (facts.lines.length === 0) return { outcome: 'nothing_to_bill' }
  if (facts.billing.tax.kind === 'unavailable') return { outcome: 'refused', reason: 'tax_unavailable' }
  return { outcome: 'issued', invoice: issue(facts) }
}

function issue(facts: InvoiceFacts): Invoice {
  const { type, period, issuedOn, billing } = facts
  const { currency, tax } = billing
  const creditGrantedMinor = owedToCustomer(facts)
  const lines = [...facts.lines, ...carryLine(creditGrantedMinor, currency)]
  const amounts = totals(facts, lines)
  return {
    type,
    status: amounts.totalMinor === 0n ? 'paid' : 'outstanding',
    currency,
    period,
    issuedOn,
    dueOn: issuedOn,
    lines,
    tax,
    ...amounts,
    creditGrantedMinor,
    ledger: issueEntries(currency, amounts, creditGrantedMinor),
  }
}

function owedToCustomer(facts: InvoiceFacts): Minor {
  return facts.type === 'adjustment' ? ZERO_MINOR : atLeastZero(negateMinor(sumLines(facts.lines)))
}

function carryLine(amount: Minor, currency: Currency): readonly InvoiceLine[] {
  return amount === 0n ? [] : [singleLine('credit', 'Kept as customer credit', amount, currency)]
}

type Totals = Pick<
  Invoice,
  'subtotalMinor' | 'discountMinor' | 'creditAppliedMinor' | 'creditAllocations' | 'taxMinor' | 'totalMinor'
>

function totals(facts: InvoiceFacts, lines: readonly InvoiceLine[]): Totals {
  const subtotalMinor = sumLines(lines.filter((line) => !isDiscount(line)))
  const discountMinor = negateMinor(sumLines(lines.filter(isDiscount)))
  const netMinor = minor(subtotalMinor - discountMinor)
  const creditAllocations = creditFor(facts, netMinor)
  const creditAppliedMinor = sumMinor(creditAllocations.map((allocation) => allocation.amountMinor))
  const taxableMinor = minor(netMinor - creditAppliedMinor)
  const taxMinor = taxOn(taxableMinor, facts.billing.tax)
  const totalMinor = minor(taxableMinor + taxMinor)
  return { subtotalMinor, discountMinor, creditAppliedMinor, creditAllocations, taxMinor, totalMinor }
}

function creditFor(facts: InvoiceFacts, netMinor: Minor): readonly CreditAllocation[] {
  if (!USES_CREDIT.includes(facts.type)) return []
  const { credits, currency } = facts.billing
  return allocateCredit(credits, currency, netMinor, startOf(facts.issuedOn))
}

function issueEntries(
  currency: Currency,
  amounts: Totals,
  creditGrantedMinor: Minor,
): readonly LedgerEntry[] {
  const revenue = minor(amounts.subtotalMinor - amounts.discountMinor - creditGrantedMinor)
  const issued = balancedEntry('invoice_issued', currency, 'receivable', [
    { account: 'revenue', amountMinor: negateMinor(revenue) },
    { account: 'tax_payable', amountMinor: negateMinor(amounts.taxMinor) },
    { account: 'customer_credit', amountMinor: negateMinor(creditGrantedMinor) },
  ])
  const applied = transferEntry('credit_applied', currency, {
    debit: 'customer_credit',
    credit: 'receivable',
    amountMinor: amounts.creditAppliedMinor,
  })
  return [...issued, ...applied]
}
