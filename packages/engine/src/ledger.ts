/*
 * Owns the books: which accounts exist and how an entry is put together.
 * Does not own which business fact causes which entry (invoice, settlement, credit).
 * Always holds: every entry sums to zero; balances are sums of entries, corrections are entries, never edits.
 */
import { type Currency, type Minor, minor, negateMinor, sumMinor } from './money.ts'

/**
 * The accounts, one of each per environment and currency. `outside_settlement` is money that reached the seller
 * past the payment provider. Rule R-LEDGER.
 */
export type Account =
  | 'receivable'
  | 'revenue'
  | 'tax_payable'
  | 'customer_credit'
  | 'cash_at_provider'
  | 'outside_settlement'
  | 'write_off'
  | 'refunds'

export type LedgerCause =
  | 'invoice_issued'
  | 'credit_applied'
  | 'charge_succeeded'
  | 'settled_outside'
  | 'invoice_voided'
  | 'invoice_uncollectible'
  | 'payment_refunded'
  | 'credit_returned'
  | 'credit_granted'
  | 'credit_revoked'
  | 'credit_expired'

/** A movement on one account, minor units: above zero a debit, below zero a credit. */
export type Posting = { readonly account: Account; readonly amountMinor: Minor }

export type LedgerEntry = {
  readonly cause: LedgerCause
  readonly currency: Currency
  readonly postings: readonly Posting[]
}

/**
 * An entry of the given postings, balanced on the counter account, so it sums to zero by construction.
 * Postings of zero are left out; an entry of none is no entry. Rule R-LEDGER.
 */
export function balancedEntry(
  cause: LedgerCause,
  currency: Currency,
  counter: Account,
  postings: readonly Posting[],
): readonly LedgerEntry[] {
  const balance = negateMinor(sumMinor(postings.map((posting) => posting.amountMinor)))
  const all = [{ account: counter, amountMinor: balance }, ...postings].filter(
    (posting) => posting.amountMinor !== 0n,
  )
  return all.length === 0 ? [] : [{ cause, currency, postings: all }]
}

/** An entry that moves one amount from an account (credited) to another (debited). Rule R-LEDGER. */
export function transferEntry(
  cause: LedgerCause,
  currency: Currency,
  move: { readonly debit: Account; readonly credit: Account; readonly amountMinor: Minor },
): readonly LedgerEntry[] {
  return balancedEntry(cause, currency, move.debit, [
    { account: move.credit, amountMinor: negateMinor(move.amountMinor) },
  ])
}

/** What an account holds after the given entries, minor units, debit above zero. Entries are of one currency. */
export function accountBalance(entries: readonly LedgerEntry[], account: Account): Minor {
  const postings = entries.flatMap((entry) => entry.postings).filter((posting) => posting.account === account)
  return minor(postings.reduce((sum: bigint, posting) => sum + posting.amountMinor, 0n))
}
