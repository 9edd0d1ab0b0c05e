/*
 * What must hold for every amount, date and course of events, tried on many with fixed seeds.
 * Does not repeat the worked numbers.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as engine from '../src/index.ts'
import { sumLines } from '../src/line.ts'
import { lesserMinor } from '../src/money.ts'
import { endsPeriod, nextPosition } from '../src/period.ts'
import {
  at,
  billing,
  changeFacts,
  consumption,
  countTerms,
  day,
  expectOutcome,
  grant,
  held,
  offer,
  plan,
  positioned,
  renewalFacts,
  storedInvoice,
  subscription,
  usageTerms,
} from './facts.ts'
import { changeFactsOf, PLANS, planAt, renewalFactsOf, type Step, take, worldOn } from './world.ts'

const { minor, rate } = engine
const SEED = 20_260_401

function check<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
  numRuns: number,
): void {
  fc.assert(property, { seed: SEED, numRuns })
}

const anyAmount = fc.bigInt({ min: 0n, max: 10_000_000n }).map(minor)
const anyDate = fc.integer({ min: 0, max: 366 * 12 }).map((days) => day('2019-12-25').add({ days }))
const anyInterval = fc.constantFrom<engine.Interval>('weekly', 'monthly', 'quarterly', 'yearly', 'one_time')
const anyTax = fc
  .bigInt({ min: 0n, max: 3000n })
  .map((basisPoints) => ({ kind: 'rate', basisPoints, place: 'XX' }) as const)
const anyCredits = fc
  .array(
    fc.tuple(anyAmount, fc.integer({ min: 0, max: 1000 }), fc.constantFrom('usd' as const, 'eur' as const)),
    { maxLength: 5 },
  )
  .map((grants) =>
    grants.map(([amount, hours, currency], index) =>
      grant(`g${index}`, amount, { currency, grantedAt: at('2026-01-01T00:00Z').add({ hours }) }),
    ),
  )
const anyOffer = fc.option(
  fc.oneof(
    fc
      .bigInt({ min: 0n, max: 10_000n })
      .map((basisPoints) => offer([{ kind: 'percentage', basisPoints, cycles: null }])),
    anyAmount.map((amountMinor) =>
      offer([{ kind: 'amount_off', amounts: [{ amountMinor, currency: 'usd' }], cycles: 2 }]),
    ),
    anyAmount.map((amountMinor) =>
      offer([{ kind: 'fixed_price', prices: [{ amountMinor, currency: 'usd' }], cycles: 1 }]),
    ),
  ),
)

const anyPlan = fc
  .record({
    price: anyAmount,
    interval: anyInterval,
    included: fc.bigInt({ min: 0n, max: 20n }),
    unit: fc.bigInt({ min: 1n, max: 900_000n }),
  })
  .map(({ price, interval, included, unit }) => {
    const overage = { enabled: true, unitPriceRate: rate(unit) }
    const features = [
      usageTerms('calls', { includedUnits: included, overage }),
      countTerms('seats', { includedUnits: included, overage }),
    ]
    return plan({ basePriceMinor: price, interval, features })
  })

/** A subscription at the end of some window, with usage, seats, an offer, credits and tax. */
const anyRenewal = fc
  .record({
    terms: anyPlan,
    anchor: anyDate,
    window: fc.integer({ min: 0, max: 40 }),
    applied: anyOffer,
    credits: anyCredits,
    tax: anyTax,
    used: fc.bigInt({ min: 0n, max: 100_000n }),
    seats: fc.array(fc.bigInt({ min: 0n, max: 60n }), { minLength: 1, maxLength: 6 }),
  })
  .map(({ terms, anchor, window, applied, credits, tax, used, seats }) => {
    const state = subscription({
      plan: terms,
      position: { ...engine.openCycle(1, anchor, terms.interval), window },
      offer: applied,
    })
    const { start } = engine.currentPeriod(state.position)
    const changes = seats
      .slice(1)
      .map((units, index) => ({ at: engine.startOf(start).add({ hours: 29 * (index + 1) }), units }))
    return renewalFacts({
      subscription: state,
      billing: billing({ credits, tax }),
      consumption: consumption({
        usage: [{ featureCode: 'calls', units: used }],
        counts: [{ featureCode: 'seats', unitsAtStart: seats[0] ?? 0n, changes }],
      }),
      now: engine.startOf(engine.currentWindow(state.position).end),
    })
  })

function highest(units: readonly bigint[]): bigint {
  return units.toSorted((left, right) => Number(right - left))[0] ?? 0n
}

function expectSound(invoice: engine.Invoice): void {
  const { taxMinor, totalMinor, creditAppliedMinor, subtotalMinor, discountMinor } = invoice
  expect(totalMinor).toBe(sumLines(invoice.lines) - creditAppliedMinor + taxMinor)
  expect(totalMinor).toBe(subtotalMinor - discountMinor - creditAppliedMinor + taxMinor)
  expect(taxMinor).toBe(engine.taxOn(minor(subtotalMinor - discountMinor - creditAppliedMinor), invoice.tax))
  expect(engine.sumMinor(invoice.creditAllocations.map((allocation) => allocation.amountMinor))).toBe(
    creditAppliedMinor,
  )
  if (invoice.type !== 'adjustment') expect(totalMinor).toBeGreaterThanOrEqual(0n)
  expect(invoice.status).toBe(totalMinor === 0n ? 'paid' : 'outstanding')
  expect(engine.accountBalance(invoice.ledger, 'receivable')).toBe(totalMinor)
  invoice.ledger.forEach(expectBalanced)
}

function expectBalanced(entry: engine.LedgerEntry): void {
  expect(engine.sumMinor(entry.postings.map((posting) => posting.amountMinor))).toBe(0n)
  expect(entry.postings.length).toBeGreaterThanOrEqual(2)
}

describe('amounts', () => {
  const anyWeights = fc.array(fc.bigInt({ min: 0n, max: 1_000_000n }), { minLength: 1, maxLength: 12 })

  it('an allocation hands out every minor unit, each part within one of its share', () => {
    check(
      fc.property(fc.bigInt({ min: -1_000_000n, max: 1_000_000n }), anyWeights, (total, weights) => {
        const parts = engine.allocate(minor(total), weights)
        expect(engine.sumMinor(parts)).toBe(total)
        const whole = weights.reduce((sum, weight) => sum + weight, 0n)
        if (whole === 0n) return
        parts.forEach((part, index) => {
          const off = part * whole - total * (weights[index] ?? 0n)
          expect(off < whole && off > -whole).toBe(true)
        })
      }),
      500,
    )
  })

  it('customer credit is used up to what is wanted or there is, oldest first, never more than a grant has', () => {
    check(
      fc.property(anyCredits, anyAmount, (credits, wanted) => {
        const now = at('2026-06-01T00:00Z')
        const allocations = engine.allocateCredit(credits, 'usd', wanted, now)
        const usable = engine.usableCredit(credits, 'usd', now)
        expect(engine.sumMinor(allocations.map((each) => each.amountMinor))).toBe(lesserMinor(wanted, usable))
        const ages = allocations.map((each) => credits.find((entry) => entry.grantId === each.grantId)!)
        ages.slice(1).forEach((entry, index) => {
          expect(Temporal.Instant.compare(ages[index]!.grantedAt, entry.grantedAt)).toBeLessThanOrEqual(0)
        })
        const drained = allocations.slice(0, -1).map((each) => each.amountMinor)
        expect(drained).toEqual(ages.slice(0, -1).map((entry) => entry.amountMinor))
      }),
      300,
    )
  })
})

describe('periods', () => {
  const FIFTY_YEARS: Readonly<Record<engine.Interval, number>> = {
    weekly: 2610,
    monthly: 600,
    quarterly: 200,
    yearly: 50,
    one_time: 600,
  }

  it.each(Object.entries(FIFTY_YEARS) as [engine.Interval, number][])(
    '%s ones tile fifty years from any anchor, and never drift from its day',
    (interval, count) => {
      check(
        fc.property(anyDate, (anchor) => {
          const cycle = { seq: 1, anchor, interval }
          let expected = anchor
          for (let index = 0; index < count; index += 1) {
            const period = engine.periodAt(cycle, index)
            expect(period.start.equals(expected)).toBe(true)
            expect(Temporal.PlainDate.compare(period.start, period.end)).toBe(-1)
            const isRightDay =
              interval === 'weekly'
                ? period.start.dayOfWeek === anchor.dayOfWeek
                : period.start.day === Math.min(anchor.day, period.start.daysInMonth)
            expect(isRightDay).toBe(true)
            expected = period.end
          }
        }),
        interval === 'weekly' ? 6 : 15,
      )
    },
  )

  it('windows tile a period, and walking them is the same as computing them', () => {
    check(
      fc.property(anyDate, anyInterval, (anchor, interval) => {
        let position = engine.openCycle(1, anchor, interval)
        let expected = anchor
        for (let step = 0; step < 60; step += 1) {
          const window = engine.currentWindow(position)
          const period = engine.currentPeriod(position)
          expect(window.start.equals(expected)).toBe(true)
          expect(endsPeriod(position)).toBe(window.end.equals(period.end))
          expect(Temporal.PlainDate.compare(period.start, window.start)).toBeLessThanOrEqual(0)
          const inside = engine.startOf(window.end).subtract({ seconds: 1 })
          expect(engine.positionAt(position.cycle, inside)).toEqual(position)
          expect(engine.positionAt(position.cycle, engine.startOf(window.start))).toEqual(position)
          expected = window.end
          position = nextPosition(position)
        }
      }),
      60,
    )
  })
})

describe('proration', () => {
  const anyPart = fc.record({
    price: anyAmount,
    anchor: anyDate,
    interval: anyInterval,
    hours: fc.integer({ min: 0, max: 24 * 400 }),
    later: fc.integer({ min: 0, max: 24 * 400 }),
  })

  it('a whole period is worth the whole price, a part never more, and less the later it begins', () => {
    check(
      fc.property(anyPart, ({ price, anchor, interval, hours, later }) => {
        const period = engine.periodAt({ seq: 1, anchor, interval }, 0)
        const begins = engine.startOf(period.start)
        const worth = (from: Temporal.Instant) => engine.prorate(price, engine.daysLeft(period, from))
        expect(worth(begins)).toBe(price)
        expect(worth(engine.startOf(period.end))).toBe(0n)
        const first = worth(begins.add({ hours }))
        const second = worth(begins.add({ hours: hours + later }))
        expect(first).toBeLessThanOrEqual(price)
        expect(second).toBeLessThanOrEqual(first)
        expect(second).toBeGreaterThanOrEqual(0n)
      }),
      500,
    )
  })

  it('the unused part and the used part of a day are the whole, to half a unit each', () => {
    check(
      fc.property(anyAmount, anyDate, fc.integer({ min: 0, max: 28 }), (price, anchor, days) => {
        const period = engine.periodAt({ seq: 1, anchor, interval: 'monthly' }, 0)
        const { remaining, total } = engine.daysLeft(period, engine.startOf(anchor.add({ days })))
        const unused = engine.prorate(price, { remaining, total })
        const used = engine.prorate(price, { remaining: total - remaining, total })
        expect(unused + used - price >= 0n && unused + used - price <= 1n).toBe(true)
      }),
      300,
    )
  })

  it('seats cost a period no more than the most that were held, and no less than those it began with', () => {
    check(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 50n }), { minLength: 1, maxLength: 8 }), (counts) => {
        const terms = plan({ features: [countTerms('seats')] })
        const state = subscription({ plan: terms })
        const changes = counts
          .slice(1)
          .map((units, index): [string, bigint] => [
            `2026-04-${`${index * 3 + 2}`.padStart(2, '0')}T10:00Z`,
            units,
          ])
        const facts = renewalFacts({
          subscription: state,
          consumption: consumption({ counts: [held('seats', counts[0]!, changes)] }),
        })
        const lines = expectOutcome(engine.decideRenewal(facts), 'renews').invoice?.lines ?? []
        const trueUps = engine.sumMinor(
          lines.filter((line) => line.chargeType === 'true_up').map((line) => line.amountMinor),
        )
        const began = highest([5n, counts[0]!])
        const most = highest([began, ...counts])
        expect(trueUps).toBeLessThanOrEqual((most - began) * 2500n)
        expect(trueUps === 0n).toBe(most === began)
      }),
      300,
    )
  })
})

describe('invoices', () => {
  it('of any renewal add up, are not below zero, and their books balance', () => {
    check(
      fc.property(anyRenewal, (facts) => {
        const { invoice } = expectOutcome(engine.decideRenewal(facts), 'renews')
        if (invoice !== null) expectSound(invoice)
      }),
      500,
    )
  })

  it('of any change add up; what the customer is owed becomes customer credit, to the unit', () => {
    check(
      fc.property(anyRenewal, anyPlan, fc.integer({ min: 0, max: 24 * 300 }), (facts, target, hours) => {
        const now = engine.startOf(engine.currentPeriod(facts.subscription.position).start).add({ hours })
        const { subscription: state, consumption: used, billing: bills } = facts
        const decision = engine.decideChange(
          changeFacts({
            subscription: state,
            consumption: used,
            billing: bills,
            target: { ...target, planId: 'other', sortOrder: 9 },
            now,
          }),
        )
        if (decision.outcome !== 'changes_now' || decision.invoice === null) return
        expectSound(decision.invoice)
        const owed = decision.amounts.netMinor < 0n ? -decision.amounts.netMinor : 0n
        expect(decision.invoice.creditGrantedMinor).toBe(owed)
      }),
      500,
    )
  })

  it('an adjustment and its opposite cancel out, tax and books included', () => {
    check(
      fc.property(fc.bigInt({ min: 1n, max: 1_000_000n }), anyTax, (amount, tax) => {
        const facts = { description: 'x', billing: billing({ tax }), now: at('2026-04-15T10:00Z') }
        const up = expectOutcome(
          engine.decideAdjustment({ ...facts, amountMinor: minor(amount) }),
          'issued',
        ).invoice
        const down = expectOutcome(
          engine.decideAdjustment({ ...facts, amountMinor: minor(-amount) }),
          'issued',
        ).invoice
        expectSound(up)
        expectSound(down)
        expect(up.totalMinor + down.totalMinor).toBe(0n)
      }),
      200,
    )
  })

  it('refunds in any parts reverse the tax exactly once, and end in nothing left to refund', () => {
    check(
      fc.property(
        fc.array(fc.bigInt({ min: 1n, max: 100_000n }), { minLength: 1, maxLength: 6 }),
        fc.bigInt({ min: 0n, max: 100n }),
        (parts, percent) => {
          const totalMinor = engine.sumMinor(parts.map(minor))
          const taxMinor = minor((totalMinor * percent) / 100n)
          const invoice = storedInvoice({ status: 'paid', totalMinor, taxMinor })
          let refunded = 0n
          let tax = 0n
          for (const part of parts) {
            const decision = expectOutcome(
              engine.decideRefund(invoice, {
                amountMinor: minor(part),
                refundedBeforeMinor: minor(refunded),
              }),
              'refunded',
            )
            decision.ledger.forEach(expectBalanced)
            expect(decision.taxMinor >= 0n && decision.taxMinor <= part).toBe(true)
            refunded += part
            tax += decision.taxMinor
            expect(decision.endsSubscription).toBe(refunded === totalMinor)
          }
          expect(tax).toBe(taxMinor)
          expect(
            engine.decideRefund(invoice, { amountMinor: minor(1n), refundedBeforeMinor: minor(refunded) }),
          ).toEqual({ outcome: 'refused', reason: 'already_refunded' })
        },
      ),
      200,
    )
  })
})

describe('previews', () => {
  it('a renewal asked ahead is the renewal that comes, however late it is decided', () => {
    check(
      fc.property(
        anyRenewal,
        fc.integer({ min: 1, max: 24 * 7 }),
        fc.integer({ min: 0, max: 24 * 90 }),
        (facts, before, after) => {
          const early = engine.previewRenewal({ ...facts, now: facts.now.subtract({ hours: before }) })
          expect(
            engine.decideRenewal({ ...facts, now: facts.now.subtract({ hours: before }) }),
          ).toMatchObject({ outcome: 'not_due' })
          expect(engine.decideRenewal({ ...facts, now: facts.now.add({ hours: after }) })).toEqual(early)
        },
      ),
      200,
    )
  })

  it('a change costs the same all day', () => {
    check(
      fc.property(
        anyRenewal,
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 1, max: 1439 }),
        fc.integer({ min: 1, max: 1439 }),
        (facts, days, first, second) => {
          const midnight = engine.startOf(
            engine.currentPeriod(facts.subscription.position).start.add({ days }),
          )
          const target = plan({ planId: 'other', sortOrder: 9, interval: facts.subscription.plan.interval })
          const { subscription: state, consumption: used, billing: bills } = facts
          const decide = (minutes: number) =>
            engine.decideChange(
              changeFacts({
                subscription: state,
                consumption: { ...used, counts: [] },
                billing: bills,
                target,
                now: midnight.add({ minutes }),
              }),
            )
          expect(decide(first)).toEqual(decide(second))
        },
      ),
      200,
    )
  })

  it('a usage check allows exactly what is then recorded', () => {
    const anyPool = fc.oneof(
      fc.constant({ model: 'none' } as const),
      fc
        .record({
          planCredits: fc.bigInt({ min: 0n, max: 50n }),
          purchasedCredits: fc.bigInt({ min: 0n, max: 50n }),
        })
        .map((pool) => ({ model: 'credits', ...pool }) as const),
      fc
        .bigInt({ min: -50n, max: 50n })
        .map((balance) => ({ model: 'balance', balanceRate: rate(balance), spent: [] }) as const),
    )
    const anyUse = fc.record({
      pool: anyPool,
      units: fc.bigInt({ min: 0n, max: 60n }),
      usedUnits: fc.bigInt({ min: 0n, max: 60n }),
      enabled: fc.boolean(),
      blocks: fc.boolean(),
      status: fc.constantFrom<engine.SubscriptionStatus>(
        'trialing',
        'active',
        'past_due',
        'canceled',
        'pending_payment',
      ),
    })
    check(
      fc.property(anyUse, ({ pool, units, usedUnits, enabled, blocks, status }) => {
        const overage = { enabled, unitPriceRate: rate(1n) }
        const consumptionModel = pool.model === 'none' ? 'metered' : pool.model
        const terms = plan({
          consumptionModel,
          blockOnExhaustion: blocks,
          features: [usageTerms('calls', { includedUnits: 40n, overage })],
        })
        const facts: engine.UsageFacts = {
          status,
          plan: terms,
          addOns: [],
          featureCode: 'calls',
          consumed: { kind: 'units', units },
          usedUnits,
          pool,
        }
        const asked = engine.decideUsageCheck(facts)
        const done = engine.decideUsage(facts)
        expect(asked.allowed).toBe(done.outcome === 'recorded')
        if (done.outcome === 'recorded') expect(asked.draw).toEqual(done.draw)
        if (done.outcome === 'recorded' && done.pool.model === 'credits')
          expect(done.pool.planCredits >= 0n && done.pool.purchasedCredits >= 0n).toBe(true)
        if (done.outcome === 'recorded' && done.pool.model === 'balance' && (blocks || status === 'trialing'))
          expect(done.pool.balanceRate).toBeGreaterThanOrEqual(0n)
      }),
      500,
    )
  })
})

describe('direction', () => {
  it('a change that goes up comes back down, unless the places are equal', () => {
    check(
      fc.property(fc.nat(PLANS.length - 1), fc.nat(PLANS.length - 1), (from, to) => {
        const [left, right] = [planAt(from), planAt(to)]
        fc.pre(left.planId !== right.planId || left.interval !== right.interval)
        expect(engine.directionOf(left, right)).not.toBe(engine.directionOf(right, left))
      }),
      200,
    )
  })
})

const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      days: fc.integer({ min: 1, max: 45 }),
      declines: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('use' as const), units: fc.integer({ min: 0, max: 500 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('seats' as const), units: fc.integer({ min: 0, max: 12 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('change' as const), plan: fc.nat(PLANS.length - 1) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), immediate: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'uncancel' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'reactivate' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('grant' as const),
      amount: fc.integer({ min: 1, max: 20_000 }),
    }),
  },
)

describe('any course of events', () => {
  const anyCourse = fc.tuple(
    anyDate,
    fc.nat(PLANS.length - 1),
    fc.array<Step>(anyStep, { minLength: 1, maxLength: 25 }),
  )

  const courseOf = (anchor: Temporal.PlainDate, planIndex: number, steps: readonly Step[]) =>
    steps.reduce(take, worldOn(anchor, planIndex))

  it('keeps invoices sound, books balanced, credit accounted for and periods without gap or overlap', () => {
    check(
      fc.property(anyCourse, ([anchor, planIndex, steps]) => {
        const world = courseOf(anchor, planIndex, steps)
        world.invoices.forEach(expectSound)
        world.ledger.forEach(expectBalanced)
        expect(engine.accountBalance(world.ledger, 'receivable')).toBe(world.unpaid?.totalMinor ?? 0n)
        expect(engine.accountBalance(world.ledger, 'customer_credit')).toBe(
          -engine.sumMinor(world.credits.map(engine.remainingCredit)),
        )
        expect(world.credits.map(engine.remainingCredit).filter((remaining) => remaining < 0n)).toEqual([])
        world.periods.slice(1).forEach(({ seq, period }, index) => {
          const before = world.periods[index]!
          if (seq === before.seq) expect(period.start.equals(before.period.end)).toBe(true)
          expect(Temporal.PlainDate.compare(before.period.start, before.period.end)).toBeLessThanOrEqual(0)
        })
        expect(new Set(world.periods.map(({ seq, period }) => `${seq} ${period.start}`)).size).toBe(
          world.periods.length,
        )
      }),
      250,
    )
  })

  it('a renewal or change applied once is refused the second time', () => {
    check(
      fc.property(anyCourse, fc.nat(PLANS.length - 1), ([anchor, planIndex, steps], index) => {
        const world = courseOf(anchor, planIndex, steps)
        const renewal = engine.previewRenewal(renewalFactsOf(world))
        if (renewal.outcome === 'renews' || renewal.outcome === 'ends') {
          const now = engine.startOf(engine.currentWindow(world.standing.subscription.position).end)
          const again = engine.decideRenewal({ ...renewalFactsOf({ ...world, standing: renewal }), now })
          expect(again).toMatchObject({ outcome: 'not_due' })
        }
        const change = engine.decideChange(changeFactsOf(world, planAt(index)))
        if (change.outcome === 'changes_now' || change.outcome === 'requires_checkout') {
          const again = engine.decideChange(changeFactsOf({ ...world, standing: change }, planAt(index)))
          expect(again).toEqual({ outcome: 'refused', reason: 'no_change_requested' })
        }
        if (change.outcome === 'scheduled') {
          const standing = { ...world.standing, subscription: change.subscription }
          const again = engine.decideChange(changeFactsOf({ ...world, standing }, planAt(index)))
          expect(again).toMatchObject({ outcome: 'already_scheduled' })
        }
      }),
      200,
    )
  })
})

describe('a decision applied twice is refused the second time', () => {
  it('settling, voiding, giving up', () => {
    for (const status of ['paid', 'void', 'uncollectible', 'draft'] as const) {
      const closed = storedInvoice({ status })
      expect(engine.decideSettlement(closed, { by: 'charge', outcome: 'succeeded' })).toMatchObject({
        outcome: 'refused',
        returnMinor: 9900n,
      })
      expect(engine.decideSettlement(closed, { by: 'outside' })).toMatchObject({
        outcome: 'refused',
        returnMinor: 0n,
      })
      expect(engine.decideVoid(closed)).toMatchObject({ outcome: 'refused' })
      expect(engine.decideUncollectible(closed)).toMatchObject({ outcome: 'refused' })
    }
  })

  it('cancelling, taking it back, ending a trial, activating, switching an add-on, revoking credit', () => {
    const facts = { cause: 'requested', immediate: false, outstanding: [] } as const
    const scheduled = expectOutcome(
      engine.decideCancellation({ ...facts, subscription: subscription() }),
      'scheduled',
    )
    expect(engine.decideCancellation({ ...facts, subscription: scheduled.subscription })).toEqual({
      outcome: 'refused',
      reason: 'already_scheduled',
    })
    const ended = expectOutcome(
      engine.decideCancellation({ ...facts, immediate: true, subscription: subscription() }),
      'ends_now',
    )
    expect(engine.decideCancellation({ ...facts, subscription: ended.subscription })).toEqual({
      outcome: 'refused',
      reason: 'subscription_already_canceled',
    })
    const revoked = expectOutcome(engine.decideUncancel(scheduled.subscription), 'revoked')
    expect(engine.decideUncancel(revoked.subscription)).toEqual({
      outcome: 'refused',
      reason: 'not_scheduled_for_cancellation',
    })

    const trial = renewalFacts({
      subscription: subscription({ status: 'trialing', trialEndsOn: day('2026-04-20') }),
      now: at('2026-04-20T00:00Z'),
    })
    const converted = expectOutcome(engine.decideTrialEnd({ ...trial, hasPaymentMethod: true }), 'converts')
    expect(engine.decideTrialEnd({ ...trial, ...converted, hasPaymentMethod: true })).toEqual({
      outcome: 'not_due',
      reason: 'not_trialing',
    })

    const pending = {
      subscription: subscription({ status: 'pending_payment' }),
      consumption: consumption(),
      now: at('2026-04-02T10:00Z'),
    }
    const active = expectOutcome(engine.decideActivation(pending), 'activates')
    expect(engine.decideActivation({ ...pending, ...active })).toMatchObject({ outcome: 'refused' })

    const revocable = grant('A', 1000n)
    expect(engine.decideCreditRevocation({ ...revocable, revokedMinor: minor(1000n) })).toEqual({
      outcome: 'refused',
      reason: 'nothing_left',
    })
  })

  it('counting a declined retry', () => {
    const dunning = { declinedAt: at('2026-03-01T00:05Z'), declinedRetries: 1 }
    const facts = { charge: 'declined', invoice: storedInvoice(), at: at('2026-03-04T00:05Z') } as const
    const counted = expectOutcome(
      engine.decidePayment({ ...facts, occasion: { kind: 'retry', dunning, slot: 1 } }),
      'past_due',
    )
    expect(
      engine.decidePayment({ ...facts, occasion: { kind: 'retry', dunning: counted.dunning, slot: 1 } }),
    ).toMatchObject({ outcome: 'refused', reason: 'retry_already_counted' })
  })

  it('reactivating', () => {
    const facts = {
      subscription: subscription({ status: 'canceled', position: positioned('2026-01-10', 'monthly') }),
      outstanding: null,
      catalogue: plan(),
      newOffer: null,
      consumption: consumption(),
      billing: billing(),
      hasPaymentMethod: true,
      chargeInProgress: false,
      hasOpenDispute: false,
      pools: 'kept',
      now: at('2026-04-15T10:00Z'),
    } as const
    const back = expectOutcome(engine.decideReactivation(facts), 'begins_again')
    expect(engine.decideReactivation({ ...facts, ...back })).toEqual({
      outcome: 'refused',
      reason: 'invalid_subscription_status',
    })
  })
})
