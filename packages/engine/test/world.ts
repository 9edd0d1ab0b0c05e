/*
 * A small world for property tests: one customer who subscribes, uses, changes, pays and fails to pay.
 * It applies decisions and keeps the books; it decides nothing about money itself.
 */
import * as engine from '../src/index.ts'
import { billing, consumption, countTerms, expectOutcome, plan, subscription, usageTerms } from './facts.ts'

const { minor, rate } = engine

export type World = {
  readonly now: Temporal.Instant
  readonly standing: engine.Standing
  readonly credits: readonly engine.CreditGrant[]
  readonly invoices: readonly engine.Invoice[]
  readonly unpaid: engine.StoredInvoice | null
  readonly dunning: engine.Dunning | null
  readonly ledger: readonly engine.LedgerEntry[]
  /** Every period that ran, with the cycle it belongs to. */
  readonly periods: readonly { readonly seq: number; readonly period: engine.Period }[]
}

export type Step =
  | { readonly kind: 'wait'; readonly days: number; readonly declines: boolean }
  | { readonly kind: 'use'; readonly units: number }
  | { readonly kind: 'seats'; readonly units: number }
  | { readonly kind: 'change'; readonly plan: number }
  | { readonly kind: 'cancel'; readonly immediate: boolean }
  | { readonly kind: 'uncancel' }
  | { readonly kind: 'reactivate' }
  | { readonly kind: 'grant'; readonly amount: number }

const features = [
  usageTerms('calls', { includedUnits: 100n, overage: { enabled: true, unitPriceRate: rate(37n) } }),
  countTerms('seats', { includedUnits: 3n, overage: { enabled: true, unitPriceRate: rate(123_400n) } }),
]

const TAX = { kind: 'rate', basisPoints: 2100n, place: 'AR' } as const

/** The plans of one group, from free to the longest. */
export const PLANS: readonly engine.PlanTerms[] = [
  plan({ planId: 'free', name: 'Free', sortOrder: 0, isFree: true, basePriceMinor: minor(0n), features }),
  plan({ planId: 'a', name: 'A', sortOrder: 1, basePriceMinor: minor(2900n), features }),
  plan({ planId: 'b', name: 'B', sortOrder: 2, basePriceMinor: minor(9901n), features }),
  plan({ planId: 'a', name: 'A', sortOrder: 1, interval: 'weekly', basePriceMinor: minor(799n), features }),
  plan({
    planId: 'a',
    name: 'A',
    sortOrder: 1,
    interval: 'quarterly',
    basePriceMinor: minor(7999n),
    features,
  }),
  plan({
    planId: 'b',
    name: 'B',
    sortOrder: 2,
    interval: 'yearly',
    basePriceMinor: minor(99_999n),
    features,
  }),
]

export function planAt(index: number): engine.PlanTerms {
  return PLANS[index % PLANS.length] ?? plan()
}

/** A customer of a plan whose first period begins on a date and is paid. */
export function worldOn(anchor: Temporal.PlainDate, planIndex: number): World {
  const terms = planAt(planIndex)
  const position = engine.openCycle(1, anchor, terms.interval)
  return {
    now: engine.startOf(anchor).add({ hours: 10 }),
    standing: {
      subscription: subscription({ plan: terms, position }),
      consumption: consumption({ counts: [{ featureCode: 'seats', unitsAtStart: 2n, changes: [] }] }),
    },
    credits: [],
    invoices: [],
    unpaid: null,
    dunning: null,
    ledger: [],
    periods: [{ seq: 1, period: engine.currentPeriod(position) }],
  }
}

/** The facts of a world as the deciders of renewal take them. */
export function renewalFactsOf(world: World): engine.RenewalFacts {
  const { standing, now } = world
  return { ...standing, catalogue: standing.subscription.plan, billing: billingOf(world), now }
}

export function changeFactsOf(world: World, target: engine.PlanTerms): engine.ChangeFacts {
  const open = { newOffer: null, chargeInProgress: false, hasOpenDispute: false }
  return { ...world.standing, target, billing: billingOf(world), now: world.now, ...open }
}

function billingOf(world: World): engine.Billing {
  return billing({ credits: world.credits, tax: TAX })
}

/** The world after a step. Steps that are refused leave it as it was. */
export function take(world: World, step: Step): World {
  switch (step.kind) {
    case 'wait':
      return wait(world, step.days, step.declines)
    case 'use':
      return use(world, step.units)
    case 'seats':
      return holdSeats(world, BigInt(step.units))
    case 'change':
      return change(world, planAt(step.plan))
    case 'cancel':
      return cancel(world, step.immediate)
    case 'uncancel': {
      const decision = engine.decideUncancel(world.standing.subscription)
      return decision.outcome === 'revoked'
        ? { ...world, standing: { ...world.standing, subscription: decision.subscription } }
        : world
    }
    case 'reactivate':
      return reactivate(world)
    case 'grant':
      return grantCredit(world, BigInt(step.amount))
  }
}

function wait(world: World, days: number, declines: boolean): World {
  let next = world
  for (let day = 0; day < days; day += 1) {
    next = { ...next, now: next.now.add({ hours: 24 }) }
    next = renewWhileDue(retryIfDue(next, declines), declines)
  }
  return next
}

function renewWhileDue(world: World, declines: boolean): World {
  const decision = engine.decideRenewal(renewalFactsOf(world))
  if (decision.outcome === 'ends')
    return collect(issue({ ...world, standing: decision }, decision.invoice), 'renewal', false)
  if (decision.outcome !== 'renews') return world
  const renewed = issue({ ...world, standing: decision }, decision.invoice)
  const noted = decision.reason === 'period_over' ? notePeriod(renewed) : renewed
  return renewWhileDue(collect(noted, 'renewal', declines), declines)
}

function notePeriod(world: World): World {
  const { position } = world.standing.subscription
  const noted = { seq: position.cycle.seq, period: engine.currentPeriod(position) }
  return { ...world, periods: [...world.periods, noted] }
}

function issue(world: World, invoice: engine.Invoice | null): World {
  if (invoice === null) return world
  const credits = world.credits.map((grant) => {
    const used =
      invoice.creditAllocations.find((allocation) => allocation.grantId === grant.grantId)?.amountMinor ?? 0n
    return { ...grant, appliedMinor: minor(grant.appliedMinor + used) }
  })
  const owed = invoice.creditGrantedMinor > 0n ? [newGrant(world, invoice.creditGrantedMinor)] : []
  const stored = { ...invoice, invoiceId: `inv_${world.invoices.length}` }
  return {
    ...world,
    credits: [...credits, ...owed],
    invoices: [...world.invoices, invoice],
    unpaid: invoice.status === 'outstanding' ? stored : world.unpaid,
    ledger: [...world.ledger, ...invoice.ledger],
  }
}

function newGrant(world: World, amountMinor: engine.Minor): engine.CreditGrant {
  const none = minor(0n)
  const parts = { appliedMinor: none, returnedMinor: none, revokedMinor: none, expiresAt: null }
  return {
    grantId: `grant_${world.credits.length}`,
    currency: 'usd',
    amountMinor,
    grantedAt: world.now,
    ...parts,
  }
}

function collect(world: World, kind: 'renewal', declines: boolean): World {
  if (world.unpaid === null) return world
  return applyPayment(world, { kind }, declines)
}

function retryIfDue(world: World, declines: boolean): World {
  const { status } = world.standing.subscription
  const facts = {
    status,
    dunning: world.dunning,
    customerRetriesToday: 0,
    chargeInProgress: false,
    now: world.now,
  }
  const decision = engine.decideRetry({ ...facts, by: 'schedule' })
  if (decision.outcome === 'refused' || world.unpaid === null || world.dunning === null) return world
  return applyPayment(world, { kind: 'retry', dunning: world.dunning, slot: decision.slot }, declines)
}

function applyPayment(world: World, occasion: engine.Occasion, declines: boolean): World {
  if (world.unpaid === null) return world
  const charge = declines ? 'declined' : 'succeeded'
  const decision = engine.decidePayment({ occasion, charge, invoice: world.unpaid, at: world.now })
  switch (decision.outcome) {
    case 'paid': {
      const ledger = decision.settlement.outcome === 'paid' ? decision.settlement.ledger : []
      const paid = { ...world, unpaid: null, dunning: null, ledger: [...world.ledger, ...ledger] }
      return world.standing.subscription.status === 'past_due' ? withStatus(paid, 'active') : paid
    }
    case 'past_due':
      return withStatus({ ...world, dunning: decision.dunning }, 'past_due')
    case 'gives_up': {
      const { ledger } = expectOutcome(decision.writeOff, 'written_off')
      return withStatus(
        { ...world, unpaid: null, dunning: null, ledger: [...world.ledger, ...ledger] },
        'canceled',
      )
    }
    default:
      return world
  }
}

function withStatus(world: World, status: engine.SubscriptionStatus): World {
  const { standing } = world
  return { ...world, standing: { ...standing, subscription: { ...standing.subscription, status } } }
}

function use(world: World, units: number): World {
  const { subscription: state, consumption: used } = world.standing
  const usedUnits = used.usage.reduce((sum, count) => sum + count.units, 0n)
  const decision = engine.decideUsage({
    status: state.status,
    plan: state.plan,
    addOns: [],
    featureCode: 'calls',
    consumed: { kind: 'units', units: BigInt(units) },
    usedUnits,
    pool: used.pool,
  })
  if (decision.outcome === 'refused') return world
  const usage = [{ featureCode: 'calls', units: usedUnits + decision.units }]
  return { ...world, standing: { ...world.standing, consumption: { ...used, usage } } }
}

function holdSeats(world: World, units: bigint): World {
  const { subscription: state, consumption: used } = world.standing
  const currentUnits = engine.heldUnits(used.counts, 'seats')
  const facts = {
    status: state.status,
    plan: state.plan,
    featureCode: 'seats',
    currentUnits,
    capsAtIncluded: true,
  }
  const decision = engine.decideCountChange({ ...facts, wish: { kind: 'set', units } })
  if (decision.outcome !== 'changed') return world
  const counts = used.counts.map((count) => ({
    ...count,
    changes: [...count.changes, { at: world.now, units }],
  }))
  return { ...world, standing: { ...world.standing, consumption: { ...used, counts } } }
}

function change(world: World, target: engine.PlanTerms): World {
  const decision = engine.decideChange(changeFactsOf(world, target))
  if (decision.outcome === 'scheduled' || decision.outcome === 'schedule_revoked') {
    return { ...world, standing: { ...world.standing, subscription: decision.subscription } }
  }
  if (decision.outcome !== 'changes_now' && decision.outcome !== 'requires_checkout') return world
  const changed = issue({ ...world, standing: decision }, decision.invoice)
  return notePeriod(collect(closeLastPeriod(changed, decision.closedPeriod), 'renewal', false))
}

function closeLastPeriod(world: World, period: engine.Period): World {
  const last = world.periods.at(-1)
  return last === undefined
    ? world
    : { ...world, periods: [...world.periods.slice(0, -1), { ...last, period }] }
}

function cancel(world: World, immediate: boolean): World {
  const { standing } = world
  const outstanding = world.unpaid === null ? [] : [world.unpaid]
  const decision = engine.decideCancellation({ ...standing, cause: 'requested', immediate, outstanding })
  if (decision.outcome === 'refused') return world
  const next = { ...world, standing: { ...standing, subscription: decision.subscription } }
  return decision.outcome === 'scheduled'
    ? next
    : decision.voided.reduce(applyVoid, { ...next, unpaid: null, dunning: null })
}

function applyVoid(world: World, decision: engine.WriteOffDecision): World {
  const voided = expectOutcome(decision, 'written_off')
  const credits = world.credits.map((grant) => {
    const back =
      voided.creditReturned.find((allocation) => allocation.grantId === grant.grantId)?.amountMinor ?? 0n
    return { ...grant, returnedMinor: minor(grant.returnedMinor + back) }
  })
  return { ...world, credits, ledger: [...world.ledger, ...voided.ledger] }
}

function reactivate(world: World): World {
  const { standing } = world
  const decision = engine.decideReactivation({
    ...standing,
    outstanding: world.unpaid,
    catalogue: standing.subscription.plan,
    newOffer: null,
    billing: billingOf(world),
    hasPaymentMethod: true,
    chargeInProgress: false,
    hasOpenDispute: false,
    pools: 'kept',
    now: world.now,
  })
  if (decision.outcome === 'refused') return world
  if (decision.outcome === 'charges_outstanding') {
    return world.dunning === null
      ? world
      : applyPayment(
          world,
          { kind: 'retry', dunning: world.dunning, slot: world.dunning.declinedRetries },
          false,
        )
  }
  return notePeriod(collect(issue({ ...world, standing: decision }, decision.invoice), 'renewal', false))
}

function grantCredit(world: World, amount: bigint): World {
  const facts = {
    amountMinor: minor(amount),
    currency: 'usd',
    reason: 'goodwill',
    expiresAt: null,
    now: world.now,
  } as const
  const decision = engine.decideCreditGrant(facts)
  if (decision.outcome === 'refused') return world
  const credits = [...world.credits, newGrant(world, decision.amountMinor)]
  return { ...world, credits, ledger: [...world.ledger, ...decision.ledger] }
}
