/*
 * Owns how an issued invoice ends: paid by a charge, settled outside, voided, given up, refunded.
 * Does not own when a charge is tried (dunning) or what the end means for the subscription.
 * Always holds: an invoice is settled once; its lines never change afterwards.
 */
import type { CreditAllocation } from './credit.ts'
import type { InvoiceType } from './invoice.ts'
import { balancedEntry, type LedgerEntry, transferEntry } from './ledger.ts'
import { type Currency, divideHalfUp, type Minor, minor } from './money.ts'

export type InvoiceStatus = 'draft' | 'outstanding' | 'paid' | 'void' | 'uncollectible'

/** A stored invoice as far as its end is concerned. Amounts in minor units. */
export type StoredInvoice = {
  readonly invoiceId: string
  readonly type: InvoiceType
  readonly status: InvoiceStatus
  readonly currency: Currency
  readonly totalMinor: Minor
  readonly taxMinor: Minor
  readonly creditAllocations: readonly CreditAllocation[]
}

export type Settlement =
  | { readonly by: 'charge'; readonly outcome: 'succeeded' | 'declined' | 'unknown' }
  | { readonly by: 'outside' }

export type NotOutstanding = 'not_issued' | 'already_paid' | 'already_void' | 'given_up'

/** Why no charge settles an invoice: it is closed, or an adjustment below zero, which only the seller can pay. */
export type NotChargeable = NotOutstanding | 'nothing_to_charge'

export type SettlementDecision =
  | { readonly outcome: 'refused'; readonly reason: NotChargeable; readonly returnMinor: Minor }
  | { readonly outcome: 'stays_outstanding'; readonly reason: 'declined' | 'outcome_unknown' }
  | { readonly outcome: 'paid'; readonly by: 'charge' | 'outside'; readonly ledger: readonly LedgerEntry[] }

/**
 * Settles an outstanding invoice by one charge or by money that came outside the provider. Where the invoice is
 * no longer outstanding, a charge that nevertheless succeeded must go back: `returnMinor`, minor units.
 * Rules R-SETTLE and R-LEDGER.
 */
export function decideSettlement(invoice: StoredInvoice, settlement: Settlement): SettlementDecision {
  const closed = whyNotOutstanding(invoice.status)
  if (closed !== null)
    return { outcome: 'refused', reason: closed, returnMinor: takenInVain(invoice, settlement) }
  if (settlement.by === 'outside') return { outcome: 'paid', by: 'outside', ledger: paidOutside(invoice) }
  if (invoice.totalMinor <= 0n)
    return { outcome: 'refused', reason: 'nothing_to_charge', returnMinor: minor(0n) }
  switch (settlement.outcome) {
    case 'succeeded':
      return { outcome: 'paid', by: 'charge', ledger: paidByCharge(invoice) }
    case 'declined':
      return { outcome: 'stays_outstanding', reason: 'declined' }
    case 'unknown':
      return { outcome: 'stays_outstanding', reason: 'outcome_unknown' }
  }
}

function whyNotOutstanding(status: InvoiceStatus): NotOutstanding | null {
  switch (status) {
    case 'outstanding':
      return null
    case 'draft':
      return 'not_issued'
    case 'paid':
      return 'already_paid'
    case 'void':
      return 'already_void'
    case 'uncollectible':
      return 'given_up'
  }
}

function takenInVain(invoice: StoredInvoice, settlement: Settlement): Minor {
  const taken = settlement.by === 'charge' && settlement.outcome === 'succeeded'
  return taken ? invoice.totalMinor : minor(0n)
}

function paidByCharge(invoice: StoredInvoice): readonly LedgerEntry[] {
  const { currency, totalMinor } = invoice
  const move = { debit: 'cash_at_provider', credit: 'receivable', amountMinor: totalMinor } as const
  return transferEntry('charge_succeeded', currency, move)
}

function paidOutside(invoice: StoredInvoice): readonly LedgerEntry[] {
  const { currency, totalMinor } = invoice
  const move = { debit: 'outside_settlement', credit: 'receivable', amountMinor: totalMinor } as const
  return transferEntry('settled_outside', currency, move)
}

export type WriteOffDecision =
  | { readonly outcome: 'refused'; readonly reason: NotOutstanding }
  | {
      readonly outcome: 'written_off'
      readonly invoiceId: string
      readonly status: 'void' | 'uncollectible'
      /** Customer credit the invoice had used and gives back to the same grants. */
      readonly creditReturned: readonly CreditAllocation[]
      readonly ledger: readonly LedgerEntry[]
    }

/** Voids an outstanding invoice and gives back the customer credit it had used. Rules R-SETTLE, R-CREDIT, R-LEDGER. */
export function decideVoid(invoice: StoredInvoice): WriteOffDecision {
  return writeOff(invoice, 'void')
}

/** Gives an outstanding invoice up once dunning is over; the credit it had used stays used. Rules R-SETTLE, R-LEDGER. */
export function decideUncollectible(invoice: StoredInvoice): WriteOffDecision {
  return writeOff(invoice, 'uncollectible')
}

function writeOff(invoice: StoredInvoice, status: 'void' | 'uncollectible'): WriteOffDecision {
  const closed = whyNotOutstanding(invoice.status)
  if (closed !== null) return { outcome: 'refused', reason: closed }
  const { invoiceId, currency, totalMinor } = invoice
  const cause = status === 'void' ? 'invoice_voided' : 'invoice_uncollectible'
  const move = { debit: 'write_off', credit: 'receivable', amountMinor: totalMinor } as const
  const creditReturned = status === 'void' ? invoice.creditAllocations : []
  const ledger = [
    ...transferEntry(cause, currency, move),
    ...creditReturnEntry(currency, creditReturned, 'write_off'),
  ]
  return { outcome: 'written_off', invoiceId, status, creditReturned, ledger }
}

function creditReturnEntry(
  currency: Currency,
  allocations: readonly CreditAllocation[],
  debit: 'write_off' | 'refunds',
): readonly LedgerEntry[] {
  const amountMinor = minor(allocations.reduce((sum, allocation) => sum + allocation.amountMinor, 0n))
  return transferEntry('credit_returned', currency, { debit, credit: 'customer_credit', amountMinor })
}

export type RefundDecision =
  | {
      readonly outcome: 'refused'
      readonly reason: 'not_paid' | 'amount_not_positive' | 'more_than_paid' | 'already_refunded'
    }
  | {
      readonly outcome: 'refunded'
      readonly amountMinor: Minor
      /** The part of the amount that was tax. */
      readonly taxMinor: Minor
      readonly isFull: boolean
      readonly creditReturned: readonly CreditAllocation[]
      /** A subscription whose invoice is refunded in full ends at once. */
      readonly endsSubscription: boolean
      readonly ledger: readonly LedgerEntry[]
    }

/** The types of invoice that pay for a subscription period, so that refunding one in full ends the subscription. */
const PAYS_FOR_PERIOD: readonly InvoiceType[] = ['recurring', 'plan_change', 'reactivation']

/**
 * Refunds a part or the rest of a charged invoice, minor units. The tax in it is reversed in proportion; the parts
 * of several refunds add up to the tax exactly. With the last part the customer credit used comes back, and a
 * subscription invoice's subscription ends. Rules R-REFUND and R-LEDGER.
 */
export function decideRefund(
  invoice: StoredInvoice,
  refund: { readonly amountMinor: Minor; readonly refundedBeforeMinor: Minor },
): RefundDecision {
  const refusal = whyNoRefund(invoice, refund)
  if (refusal !== null) return { outcome: 'refused', reason: refusal }
  const { amountMinor, refundedBeforeMinor } = refund
  const refundedMinor = minor(refundedBeforeMinor + amountMinor)
  const isFull = refundedMinor === invoice.totalMinor
  const taxMinor = minor(taxWithin(invoice, refundedMinor) - taxWithin(invoice, refundedBeforeMinor))
  const creditReturned = isFull ? invoice.creditAllocations : []
  const endsSubscription = isFull && PAYS_FOR_PERIOD.includes(invoice.type)
  const ledger = [
    ...refundEntry(invoice.currency, amountMinor, taxMinor),
    ...creditReturnEntry(invoice.currency, creditReturned, 'refunds'),
  ]
  return { outcome: 'refunded', amountMinor, taxMinor, isFull, creditReturned, endsSubscription, ledger }
}

function whyNoRefund(
  invoice: StoredInvoice,
  refund: { readonly amountMinor: Minor; readonly refundedBeforeMinor: Minor },
): 'not_paid' | 'amount_not_positive' | 'more_than_paid' | 'already_refunded' | null {
  if (invoice.status !== 'paid' || invoice.totalMinor <= 0n) return 'not_paid'
  if (refund.refundedBeforeMinor >= invoice.totalMinor) return 'already_refunded'
  if (refund.amountMinor <= 0n) return 'amount_not_positive'
  return refund.refundedBeforeMinor + refund.amountMinor > invoice.totalMinor ? 'more_than_paid' : null
}

function taxWithin(invoice: StoredInvoice, refundedMinor: Minor): bigint {
  return divideHalfUp(invoice.taxMinor * refundedMinor, invoice.totalMinor)
}

function refundEntry(currency: Currency, amountMinor: Minor, taxMinor: Minor): readonly LedgerEntry[] {
  return balancedEntry('payment_refunded', currency, 'cash_at_provider', [
    { account: 'refunds', amountMinor: minor(amountMinor - taxMinor) },
    { account: 'tax_payable', amountMinor: taxMinor },
  ])
}
