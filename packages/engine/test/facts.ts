/*
 * Builds facts for tests: a whole from the few parts a test is about.
 * The rest has plain defaults: a monthly plan for $99.00 in dollars from 1 April 2026, nothing used, no tax.
 */
import {
  type AddOn,
  type Billing,
  type ChangeFacts,
  type Consumption,
  type CountHistory,
  type CountTerms,
  type CreditGrant,
  type Interval,
  minor,
  type OfferApplication,
  type OfferPhase,
  openCycle,
  type PlanTerms,
  type Position,
  type RenewalFacts,
  rate,
  type StoredInvoice,
  type SubscriptionState,
  type UsageTerms,
} from '../src/index.ts'

export const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text)
export const at = (text: string): Temporal.Instant => Temporal.Instant.from(text)

export function plan(parts: Partial<PlanTerms> = {}): PlanTerms {
  return {
    planId: 'pro',
    name: 'Pro',
    groupId: 'main',
    sortOrder: 2,
    isFree: false,
    consumptionModel: 'metered',
    blockOnExhaustion: false,
    interval: 'monthly',
    currency: 'usd',
    basePriceMinor: minor(9900n),
    includedCredits: 0n,
    includedBalanceMinor: minor(0n),
    features: [],
    ...parts,
  }
}

export function usageTerms(code: string, parts: Partial<UsageTerms> = {}): UsageTerms {
  return {
    type: 'usage',
    code,
    name: code,
    enabled: true,
    includedUnits: 0n,
    unlimited: false,
    overage: { enabled: true, unitPriceRate: rate(100n) },
    creditsPerUnit: 1n,
    aiMarginBasisPoints: null,
    ...parts,
  }
}

export function countTerms(type: 'seats' | 'quota', parts: Partial<CountTerms> = {}): CountTerms {
  return {
    type,
    code: type,
    name: type,
    enabled: true,
    includedUnits: 5n,
    unlimited: false,
    overage: { enabled: true, unitPriceRate: rate(250_000n) },
    ...parts,
  }
}

export function held(
  featureCode: string,
  unitsAtStart: bigint,
  changes: readonly [string, bigint][] = [],
): CountHistory {
  return { featureCode, unitsAtStart, changes: changes.map(([when, units]) => ({ at: at(when), units })) }
}

export function addOn(parts: Partial<AddOn> = {}): AddOn {
  return {
    addOnId: 'sso',
    name: 'SSO',
    featureCode: 'sso',
    model: 'boolean',
    basePriceMinor: minor(5000n),
    includedUnits: 0n,
    overageRate: rate(0n),
    creditCost: 0n,
    ...parts,
  }
}

export function offer(
  phases: readonly OfferPhase[],
  parts: Partial<OfferApplication> = {},
): OfferApplication {
  return { name: 'Welcome', channel: 'direct', phases, periodsBilled: 0, ...parts }
}

export function grant(grantId: string, amount: bigint, parts: Partial<CreditGrant> = {}): CreditGrant {
  return {
    grantId,
    currency: 'usd',
    amountMinor: minor(amount),
    appliedMinor: minor(0n),
    returnedMinor: minor(0n),
    revokedMinor: minor(0n),
    grantedAt: at('2026-01-01T00:00Z'),
    expiresAt: null,
    ...parts,
  }
}

export function billing(parts: Partial<Billing> = {}): Billing {
  return { currency: 'usd', credits: [], tax: { kind: 'none', reason: 'no_tax' }, ...parts }
}

export function consumption(parts: Partial<Consumption> = {}): Consumption {
  return { usage: [], counts: [], pool: { model: 'none' }, ...parts }
}

export function positioned(anchor: string, interval: Interval, window = 0): Position {
  return { ...openCycle(1, day(anchor), interval), window }
}

export function subscription(parts: Partial<SubscriptionState> = {}): SubscriptionState {
  const terms = parts.plan ?? plan()
  return {
    status: 'active',
    position: positioned('2026-04-01', terms.interval),
    plan: terms,
    basePaidMinor: terms.basePriceMinor,
    offer: null,
    addOns: [],
    trialEndsOn: null,
    cancelsOn: null,
    scheduledChange: null,
    ...parts,
  }
}

export function renewalFacts(parts: Partial<RenewalFacts> = {}): RenewalFacts {
  const state = parts.subscription ?? subscription()
  return {
    subscription: state,
    catalogue: state.plan,
    consumption: consumption(),
    billing: billing(),
    now: at('2026-05-01T00:05Z'),
    ...parts,
  }
}

export function changeFacts(parts: Partial<ChangeFacts> & Pick<ChangeFacts, 'target'>): ChangeFacts {
  return {
    subscription: subscription(),
    newOffer: null,
    consumption: consumption(),
    billing: billing(),
    chargeInProgress: false,
    hasOpenDispute: false,
    now: at('2026-04-15T10:00Z'),
    ...parts,
  }
}

export function storedInvoice(parts: Partial<StoredInvoice> = {}): StoredInvoice {
  return {
    invoiceId: 'inv_1',
    type: 'recurring',
    status: 'outstanding',
    currency: 'usd',
    totalMinor: minor(9900n),
    taxMinor: minor(0n),
    creditAllocations: [],
    ...parts,
  }
}

type Having<Decision, Outcome> = Decision extends { readonly outcome: infer Known }
  ? Outcome extends Known
    ? Decision
    : never
  : never

/** The decision where it has the outcome a test expects, else a failed test that says what came instead. */
export function expectOutcome<
  Decision extends { readonly outcome: string },
  Outcome extends Decision['outcome'],
>(decision: Decision, outcome: Outcome): Having<Decision, Outcome> {
  if (isOutcome(decision, outcome)) return decision
  throw new Error(`expected ${outcome}, got ${readable(decision)}`)
}

function isOutcome<Decision extends { readonly outcome: string }, Outcome extends Decision['outcome']>(
  decision: Decision,
  outcome: Outcome,
): decision is Decision & Having<Decision, Outcome> {
  return decision.outcome === outcome
}

/** Facts or a decision as JSON, amounts as their digits. */
function readable(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part))
}
