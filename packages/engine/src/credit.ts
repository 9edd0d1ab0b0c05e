/*
 * Owns customer credit: money granted to a customer that later invoices use up.
 * Does not own the credits of a credits plan, which are units and not money (see allowance).
 * Always holds: what remains of a grant = granted − applied + returned − revoked, and is never below zero.
 */
import { type LedgerEntry, transferEntry } from './ledger.ts'
import { type Currency, lesserMinor, type Minor, minor, sumMinor } from './money.ts'

/** A grant of customer credit and what became of it. Amounts in minor units of its currency. */
export type CreditGrant = {
  readonly grantId: string
  readonly currency: Currency
  readonly amountMinor: Minor
  readonly appliedMinor: Minor
  readonly returnedMinor: Minor
  readonly revokedMinor: Minor
  readonly grantedAt: Temporal.Instant
  readonly expiresAt: Temporal.Instant | null
}

/** What one grant gives to one invoice, minor units. */
export type CreditAllocation = { readonly grantId: string; readonly amountMinor: Minor }

/** What remains of a grant, minor units. Rule R-CREDIT. */
export function remainingCredit(grant: CreditGrant): Minor {
  return minor(grant.amountMinor - grant.appliedMinor + grant.returnedMinor - grant.revokedMinor)
}

/** Whether a grant has run out of time. It ends at the instant it names. Rule R-CREDIT. */
function isExpired(grant: CreditGrant, at: Temporal.Instant): boolean {
  return grant.expiresAt !== null && Temporal.Instant.compare(grant.expiresAt, at) <= 0
}

/** The credit a customer may use at an instant in one currency, minor units. Rule R-CREDIT. */
export function usableCredit(
  grants: readonly CreditGrant[],
  currency: Currency,
  at: Temporal.Instant,
): Minor {
  return sumMinor(usableGrants(grants, currency, at).map(remainingCredit))
}

/**
 * Takes up to an amount from a customer's grants: same currency only, expired ones skipped, oldest first.
 * The allocations add up to the smaller of the amount and what is usable. Rule R-CREDIT.
 */
export function allocateCredit(
  grants: readonly CreditGrant[],
  currency: Currency,
  wanted: Minor,
  at: Temporal.Instant,
): readonly CreditAllocation[] {
  const allocations: CreditAllocation[] = []
  let open: bigint = wanted
  for (const grant of usableGrants(grants, currency, at)) {
    if (open <= 0n) break
    const amountMinor = lesserMinor(remainingCredit(grant), minor(open))
    allocations.push({ grantId: grant.grantId, amountMinor })
    open -= amountMinor
  }
  return allocations
}

function usableGrants(
  grants: readonly CreditGrant[],
  currency: Currency,
  at: Temporal.Instant,
): readonly CreditGrant[] {
  return grants
    .filter((grant) => grant.currency === currency && !isExpired(grant, at) && remainingCredit(grant) > 0n)
    .toSorted(byAge)
}

function byAge(left: CreditGrant, right: CreditGrant): number {
  const age = Temporal.Instant.compare(left.grantedAt, right.grantedAt)
  if (age !== 0) return age
  return left.grantId < right.grantId ? -1 : 1
}

export type CreditGrantDecision =
  | {
      readonly outcome: 'refused'
      readonly reason: 'amount_not_positive' | 'reason_missing' | 'already_expired'
    }
  | { readonly outcome: 'granted'; readonly amountMinor: Minor; readonly ledger: readonly LedgerEntry[] }

/** Grants credit by hand: an amount above zero in minor units and a reason. Rules R-CREDIT and R-LEDGER. */
export function decideCreditGrant(facts: {
  readonly amountMinor: Minor
  readonly currency: Currency
  readonly reason: string
  readonly expiresAt: Temporal.Instant | null
  readonly now: Temporal.Instant
}): CreditGrantDecision {
  const { amountMinor, currency, expiresAt, now } = facts
  if (amountMinor <= 0n) return { outcome: 'refused', reason: 'amount_not_positive' }
  if (facts.reason.trim() === '') return { outcome: 'refused', reason: 'reason_missing' }
  if (expiresAt !== null && Temporal.Instant.compare(expiresAt, now) <= 0) {
    return { outcome: 'refused', reason: 'already_expired' }
  }
  const move = { debit: 'revenue', credit: 'customer_credit', amountMinor } as const
  return { outcome: 'granted', amountMinor, ledger: transferEntry('credit_granted', currency, move) }
}

export type CreditEndDecision =
  | { readonly outcome: 'refused'; readonly reason: 'nothing_left' | 'not_expired' }
  | { readonly outcome: 'ended'; readonly amountMinor: Minor; readonly ledger: readonly LedgerEntry[] }

/** Revokes what no invoice has used of a grant; invoices that used it stay as they are. Rule R-CREDIT. */
export function decideCreditRevocation(grant: CreditGrant): CreditEndDecision {
  return endCredit(grant, 'credit_revoked')
}

/** Takes the rest of a grant off the books once its time is over. Rules R-CREDIT and R-LEDGER. */
export function decideCreditExpiry(grant: CreditGrant, now: Temporal.Instant): CreditEndDecision {
  return isExpired(grant, now)
    ? endCredit(grant, 'credit_expired')
    : { outcome: 'refused', reason: 'not_expired' }
}

function endCredit(grant: CreditGrant, cause: 'credit_revoked' | 'credit_expired'): CreditEndDecision {
  const amountMinor = remainingCredit(grant)
  if (amountMinor <= 0n) return { outcome: 'refused', reason: 'nothing_left' }
  const move = { debit: 'customer_credit', credit: 'revenue', amountMinor } as const
  return { outcome: 'ended', amountMinor, ledger: transferEntry(cause, grant.currency, move) }
}
