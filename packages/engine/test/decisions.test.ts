/*
 * Who may do what, when, and why not: the tables of the rules, row by row.
 * Does not test amounts (worked-numbers.test.ts).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as engine from '../src/index.ts'
import {
  addOn,
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

const { minor, rate } = engine
const free = plan({ planId: 'free', name: 'Free', sortOrder: 9, isFree: true, basePriceMinor: minor(0n) })
const starter = plan({ planId: 'starter', name: 'Starter', sortOrder: 1, basePriceMinor: minor(2900n) })
const pro = plan()

describe('the engine', () => {
  it('imports nothing from outside and asks no clock and no chance', () => {
    const folder = new URL('../src/', import.meta.url)
    for (const name of readdirSync(folder)) {
      const source = readFileSync(new URL(name, folder), 'utf8')
      const imports = [...source.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '')
      expect(imports.filter((path) => !/^\.\/[a-z-]+\.ts$/.test(path))).toEqual([])
      expect(source).not.toMatch(
        /\bnew Date\b|\bDate\.now\b|Math\.random|Temporal\.Now|\bimport\(|\bprocess\b/,
      )
    }
  })

  it('cites no rule that RULES.md does not tell', () => {
    const rules = readFileSync(new URL('../RULES.md', import.meta.url), 'utf8')
    const told = new Set([...rules.matchAll(/\*\*(R-[A-Z-]+)\*\*/g)].map((match) => match[1]))
    const folder = new URL('../src/', import.meta.url)
    const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
    const cited = new Set(
      sources.flatMap((source) => [...source.matchAll(/R-[A-Z]+(?:-[A-Z]+)*/g)].map((match) => match[0])),
    )
    expect([...cited].filter((rule) => !told.has(rule))).toEqual([])
    expect([...told].filter((rule) => !cited.has(rule ?? ''))).toEqual([])
  })
})

describe('which way a change goes', () => {
  const yearly = (terms: engine.PlanTerms) => ({ ...terms, interval: 'yearly' as const })
  const lifetime = plan({ planId: 'life', interval: 'one_time' })
  const decide = (
    current: engine.PlanTerms,
    target: engine.PlanTerms,
    parts: Partial<engine.ChangeFacts> = {},
  ) => engine.decideChange(changeFacts({ subscription: subscription({ plan: current }), target, ...parts }))

  it.each([
    ['the same plan and interval', pro, pro, { outcome: 'refused', reason: 'no_change_requested' }],
    [
      'another group',
      pro,
      plan({ planId: 'x', groupId: 'other' }),
      { outcome: 'refused', reason: 'plans_not_in_same_group' },
    ],
    [
      'no group',
      plan({ groupId: null }),
      plan({ planId: 'x', groupId: null }),
      { outcome: 'refused', reason: 'plans_not_in_same_group' },
    ],
    ['recurring to for ever', pro, lifetime, { outcome: 'refused', reason: 'one_time_interval_change' }],
    ['for ever to recurring', lifetime, pro, { outcome: 'refused', reason: 'one_time_interval_change' }],
    ['for ever to free', lifetime, free, { outcome: 'refused', reason: 'one_time_interval_change' }],
    [
      'free to free',
      free,
      { ...free, planId: 'free2' },
      { outcome: 'changes_now', reason: 'free_to_free', invoice: null },
    ],
    ['free to paid', free, pro, { outcome: 'requires_checkout', reason: 'free_to_paid' }],
    ['free to for ever', free, lifetime, { outcome: 'requires_checkout', reason: 'free_to_paid' }],
    [
      'paid to free, though free stands higher',
      pro,
      free,
      { outcome: 'scheduled', changeType: 'plan_downgrade' },
    ],
    [
      'a longer interval of a lower plan',
      pro,
      yearly(starter),
      { outcome: 'changes_now', reason: 'longer_interval' },
    ],
    [
      'a shorter interval of a higher plan',
      yearly(starter),
      pro,
      { outcome: 'scheduled', changeType: 'plan_downgrade' },
    ],
    [
      'a shorter interval of the same plan',
      yearly(pro),
      pro,
      { outcome: 'scheduled', changeType: 'interval_change' },
    ],
    [
      'a higher plan that costs less',
      pro,
      plan({ planId: 'x', sortOrder: 3, basePriceMinor: minor(100n) }),
      { outcome: 'changes_now', reason: 'upgrade' },
    ],
    [
      'a lower plan that costs more',
      pro,
      plan({ planId: 'x', sortOrder: 1, basePriceMinor: minor(99_900n) }),
      { outcome: 'scheduled', changeType: 'plan_downgrade' },
    ],
    ['an equal place', pro, plan({ planId: 'x' }), { outcome: 'changes_now', reason: 'upgrade' }],
    [
      'another currency',
      pro,
      plan({ planId: 'x', currency: 'eur' }),
      { outcome: 'refused', reason: 'currency_mismatch' },
    ],
  ])('%s', (_, current, target, expected) => {
    expect(decide(current, target)).toMatchObject(expected)
  })

  it.each([
    [
      'past due',
      { subscription: subscription({ plan: starter, status: 'past_due' }) },
      'subscription_not_active',
    ],
    [
      'canceled',
      { subscription: subscription({ plan: starter, status: 'canceled' }) },
      'subscription_not_active',
    ],
    ['disputed', { hasOpenDispute: true }, 'subscription_has_open_dispute'],
    ['being charged', { chargeInProgress: true }, 'charge_in_progress'],
    ['untaxable', { billing: billing({ tax: { kind: 'unavailable' } }) }, 'tax_unavailable'],
    [
      'with a trial as offer',
      { newOffer: offer([{ kind: 'free_trial', durationDays: 7 }]) },
      'offer_not_applicable',
    ],
  ] as const)('none while %s', (_, parts, reason) => {
    expect(decide(starter, pro, parts)).toEqual({ outcome: 'refused', reason })
  })

  it('waits for the end of the period, or of the trial', () => {
    expect(decide(pro, starter)).toMatchObject({ outcome: 'scheduled', effectiveOn: day('2026-05-01') })
    const trial = subscription({ status: 'trialing', trialEndsOn: day('2026-04-20') })
    expect(decide(pro, starter, { subscription: trial })).toMatchObject({
      outcome: 'scheduled',
      effectiveOn: day('2026-04-20'),
    })
  })

  it('takes no offer when scheduled', () => {
    const newOffer = offer([{ kind: 'percentage', basisPoints: 1000n, cycles: 1 }])
    expect(decide(pro, starter, { newOffer })).toEqual({ outcome: 'refused', reason: 'offer_not_applicable' })
  })

  it('replaces a scheduled one, repeats it without effect, and drops it by staying', () => {
    const pending = subscription({ scheduledChange: starter })
    const other = plan({ planId: 'basic', sortOrder: 0 })
    expect(decide(pro, other, { subscription: pending })).toMatchObject({
      outcome: 'scheduled',
      replaces: starter,
    })
    expect(decide(pro, starter, { subscription: pending })).toMatchObject({ outcome: 'already_scheduled' })
    expect(decide(pro, pro, { subscription: pending })).toMatchObject({
      outcome: 'schedule_revoked',
      subscription: { scheduledChange: null },
    })
  })

  it('an immediate one clears what was scheduled and ends the old offer', () => {
    const old = offer([{ kind: 'percentage', basisPoints: 1000n, cycles: null }])
    const state = subscription({
      plan: starter,
      scheduledChange: free,
      cancelsOn: day('2026-05-01'),
      offer: old,
    })
    expect(decide(starter, pro, { subscription: state })).toMatchObject({
      outcome: 'changes_now',
      invoice: { discountMinor: 0n },
      subscription: { scheduledChange: null, cancelsOn: null, offer: null },
      closedPeriod: { end: day('2026-04-15') },
    })
  })

  it('is refused where seats do not fit and may not be exceeded; an interval alone and a schedule are not', () => {
    const seats = (included: bigint, enabled: boolean) =>
      countTerms('seats', { includedUnits: included, overage: { enabled, unitPriceRate: rate(1n) } })
    const small = { ...starter, features: [seats(20n, true)] }
    const used = { consumption: consumption({ counts: [held('seats', 12n)] }) }
    expect(decide(small, plan({ features: [seats(10n, false)] }), used)).toEqual({
      outcome: 'refused',
      reason: 'seat_limit_exceeded',
    })
    expect(decide(small, plan({ features: [seats(10n, true)] }), used)).toMatchObject({
      outcome: 'changes_now',
    })
    expect(decide(small, plan({ features: [seats(12n, false)] }), used)).toMatchObject({
      outcome: 'changes_now',
    })
    expect(
      decide(small, { ...small, interval: 'yearly', features: [seats(10n, false)] }, used),
    ).toMatchObject({ outcome: 'changes_now' })
    expect(decide(pro, { ...starter, features: [seats(10n, false)] }, used)).toMatchObject({
      outcome: 'scheduled',
      seatWarnings: [{ featureCode: 'seats', heldUnits: 12n, includedUnits: 10n }],
    })
  })

  it('a price paid for ever leaves nothing unused', () => {
    expect(decide(lifetime, { ...lifetime, planId: 'life2' })).toMatchObject({
      amounts: { creditMinor: 0n, totalMinor: 9900n },
    })
  })
})

describe('scheduled changes keep the anchor', () => {
  const endOf = (interval: engine.Interval, anchor: string, window: number, to: engine.Interval) => {
    const state = subscription({
      plan: plan({ interval }),
      position: positioned(anchor, interval, window),
      scheduledChange: { ...starter, interval: to },
    })
    return expectOutcome(engine.previewRenewal(renewalFacts({ subscription: state })), 'renews').subscription
      .position
  }

  it('a year from the 31st to months: February, then the 31st again', () => {
    const position = endOf('yearly', '2026-01-31', 11, 'monthly')
    expect(position.cycle).toMatchObject({ seq: 1, interval: 'monthly' })
    expect(engine.currentPeriod(position)).toEqual({ start: day('2027-01-31'), end: day('2027-02-28') })
    expect(engine.periodAt(position.cycle, engine.periodIndex(position) + 1).end).toEqual(day('2027-03-31'))
  })

  it('months to weeks share no boundaries: a new cycle begins', () => {
    const position = endOf('monthly', '2026-01-31', 0, 'weekly')
    expect(position.cycle).toMatchObject({ seq: 2, interval: 'weekly' })
    expect(engine.currentPeriod(position)).toEqual({ start: day('2026-02-28'), end: day('2026-03-07') })
  })
})

describe('a renewal', () => {
  it.each([
    [
      'is not due before the boundary',
      { now: at('2026-04-30T23:59:59Z') },
      { outcome: 'not_due', reason: 'before_boundary', dueOn: day('2026-05-01') },
    ],
    [
      'is due at the boundary itself',
      { now: at('2026-05-01T00:00Z') },
      { outcome: 'renews', on: day('2026-05-01') },
    ],
    [
      'waits for the retries of an overdue invoice',
      { subscription: subscription({ status: 'past_due' }) },
      { outcome: 'waits', reason: 'retries_first' },
    ],
    [
      'is never of a canceled one',
      { subscription: subscription({ status: 'canceled' }) },
      { outcome: 'not_due', reason: 'not_running' },
    ],
    [
      'leaves the end of a trial to the trial',
      { subscription: subscription({ status: 'trialing', trialEndsOn: day('2026-05-01') }) },
      { outcome: 'waits', reason: 'trial_end_first' },
    ],
    [
      'is refused without a tax',
      { billing: billing({ tax: { kind: 'unavailable' } }) },
      { outcome: 'refused', reason: 'tax_unavailable' },
    ],
    [
      'is refused in another currency',
      { billing: billing({ currency: 'eur' }) },
      { outcome: 'refused', reason: 'currency_mismatch' },
    ],
  ] as const)('%s', (_, parts, expected) => {
    expect(engine.decideRenewal(renewalFacts(parts))).toMatchObject(expected)
  })

  it('ends where canceled, before a scheduled change', () => {
    const state = subscription({ cancelsOn: day('2026-05-01'), scheduledChange: starter })
    expect(engine.decideRenewal(renewalFacts({ subscription: state }))).toMatchObject({
      outcome: 'ends',
      invoice: null,
      endsOn: day('2026-05-01'),
      subscription: { status: 'canceled' },
    })
  })

  it('of a free plan grants allowances and issues nothing', () => {
    const terms = { ...free, consumptionModel: 'credits' as const, includedCredits: 50n }
    const pool = { model: 'credits', planCredits: 7n, purchasedCredits: 3n } as const
    expect(
      engine.decideRenewal(
        renewalFacts({ subscription: subscription({ plan: terms }), consumption: consumption({ pool }) }),
      ),
    ).toMatchObject({
      outcome: 'renews',
      invoice: null,
      allowance: { expired: 7n, granted: 50n, purchased: 3n },
    })
  })

  it('within a long trial restarts usage only, and grants no credits again', () => {
    const terms = plan({ consumptionModel: 'credits', includedCredits: 50n })
    const pool = { model: 'credits', planCredits: 7n, purchasedCredits: 0n } as const
    const state = subscription({ plan: terms, status: 'trialing', trialEndsOn: day('2026-05-16') })
    const used = consumption({ pool, usage: [{ featureCode: 'calls', units: 9n }] })
    expect(engine.decideRenewal(renewalFacts({ subscription: state, consumption: used }))).toMatchObject({
      outcome: 'renews',
      invoice: null,
      consumption: { usage: [], pool },
    })
  })

  it('within a quarter takes credits from the catalogue of today, but features and prices from the snapshot', () => {
    const terms = plan({ interval: 'quarterly', consumptionModel: 'credits', includedCredits: 50n })
    const pool = { model: 'credits', planCredits: 0n, purchasedCredits: 0n } as const
    const facts = renewalFacts({
      subscription: subscription({ plan: terms }),
      catalogue: { ...terms, includedCredits: 80n, features: [usageTerms('new')] },
      consumption: consumption({ pool }),
    })
    expect(engine.decideRenewal(facts)).toMatchObject({
      reason: 'window_over',
      consumption: { pool: { planCredits: 80n } },
      subscription: { plan: { features: [] }, position: { window: 1 } },
    })
  })

  it('prices the past by its snapshot and the future by the catalogue', () => {
    const calls = (price: bigint) =>
      usageTerms('calls', { overage: { enabled: true, unitPriceRate: rate(price) } })
    const facts = renewalFacts({
      subscription: subscription({ plan: plan({ features: [calls(100n)] }) }),
      catalogue: plan({ basePriceMinor: minor(12_900n), features: [calls(900n)] }),
      consumption: consumption({ usage: [{ featureCode: 'calls', units: 100n }] }),
    })
    const renewed = expectOutcome(engine.decideRenewal(facts), 'renews')
    expect(renewed.invoice?.lines.map((line) => line.amountMinor)).toEqual([12_900n, 100n])
    expect(renewed.subscription).toMatchObject({ basePaidMinor: 12_900n, plan: { features: [calls(900n)] } })
  })

  it('bills no overage where there is none: unlimited, off, credits, free, or unused', () => {
    const lineCount = (terms: engine.PlanTerms, units: bigint) =>
      expectOutcome(
        engine.decideRenewal(
          renewalFacts({
            subscription: subscription({ plan: terms }),
            consumption: consumption({ usage: [{ featureCode: 'calls', units }] }),
          }),
        ),
        'renews',
      ).invoice?.lines.length ?? 0
    expect(lineCount(plan({ features: [usageTerms('calls')] }), 500n)).toBe(2)
    expect(lineCount(plan({ features: [usageTerms('calls')] }), 0n)).toBe(1)
    expect(lineCount(plan({ features: [usageTerms('calls', { unlimited: true })] }), 500n)).toBe(1)
    expect(
      lineCount(
        plan({ features: [usageTerms('calls', { overage: { enabled: false, unitPriceRate: rate(100n) } })] }),
        500n,
      ),
    ).toBe(1)
    expect(lineCount(plan({ consumptionModel: 'credits', features: [usageTerms('calls')] }), 500n)).toBe(1)
    expect(lineCount({ ...free, features: [usageTerms('calls')] }, 500n)).toBe(0)
  })

  it('charges a free plan for no seats, no increase and no debt, whatever its terms say', () => {
    const terms = { ...free, consumptionModel: 'balance' as const, features: [countTerms('seats')] }
    const pool = { model: 'balance', balanceRate: rate(-10_000n), spent: [] } as const
    const counts = [held('seats', 9n, [['2026-04-10T10:00Z', 12n]])]
    const facts = renewalFacts({
      subscription: subscription({ plan: terms }),
      consumption: consumption({ pool, counts }),
    })
    expect(engine.decideRenewal(facts)).toMatchObject({ outcome: 'renews', invoice: null })
  })

  it('leaves an increase of seats in a quarter to the end of the quarter: 3 × 25.00 × 76 / 91', () => {
    const terms = plan({ interval: 'quarterly', features: [countTerms('seats')] })
    const counts = [held('seats', 5n, [['2026-04-15T10:00Z', 8n]])]
    const facts = renewalFacts({
      subscription: subscription({ plan: terms }),
      consumption: consumption({ counts }),
    })
    const may = expectOutcome(engine.decideRenewal(facts), 'renews')
    expect(may.invoice).toBeNull()
    const june = expectOutcome(engine.previewRenewal({ ...facts, ...may }), 'renews')
    const july = expectOutcome(engine.previewRenewal({ ...facts, ...june }), 'renews')
    expect(july.invoice?.lines.map((line) => line.amountMinor)).toEqual([9900n, 7500n, 6264n])
  })

  it('orders lines: base, add-ons, usage, seats ahead, true-ups, discount', () => {
    const facts = renewalFacts({
      subscription: subscription({
        plan: plan({ features: [usageTerms('calls'), countTerms('seats')] }),
        addOns: [addOn()],
        offer: offer([{ kind: 'percentage', basisPoints: 1000n, cycles: null }], { channel: 'promo_code' }),
      }),
      consumption: consumption({
        usage: [{ featureCode: 'calls', units: 100n }],
        counts: [held('seats', 5n, [['2026-04-10T10:00Z', 6n]])],
      }),
    })
    expect(
      expectOutcome(engine.decideRenewal(facts), 'renews').invoice?.lines.map((line) => line.lineType),
    ).toEqual([
      'plan_base',
      'addon_base',
      'feature_overage',
      'feature_seats',
      'feature_seats',
      'promo_code_discount',
    ])
  })

  it('splits a balance below zero over features by what they spent, to the unit', () => {
    const spent = [
      { featureCode: 'a', spentRate: rate(2n) },
      { featureCode: 'b', spentRate: rate(1n) },
    ]
    const pool = { model: 'balance', balanceRate: rate(-10_000n), spent } as const
    const facts = renewalFacts({
      subscription: subscription({ plan: plan({ consumptionModel: 'balance' }) }),
      consumption: consumption({ pool }),
    })
    expect(expectOutcome(engine.decideRenewal(facts), 'renews').invoice?.lines[1]?.breakdown).toEqual([
      { featureCode: 'a', amountMinor: 67n },
      { featureCode: 'b', amountMinor: 33n },
    ])
  })
})

describe('opening and trials', () => {
  const facts: engine.OpeningFacts = {
    plan: pro,
    hasLiveSubscription: false,
    offer: null,
    priceTrialDays: 0,
    customTrialDays: null,
    skipTrial: false,
    initialCounts: [],
    billing: billing(),
    now: at('2026-03-25T09:00Z'),
  }

  it.each([
    [
      'one at a time',
      { hasLiveSubscription: true },
      { outcome: 'refused', reason: 'already_has_active_subscription' },
    ],
    [
      'in the currency of the subscription',
      { billing: billing({ currency: 'eur' }) },
      { outcome: 'refused', reason: 'currency_mismatch' },
    ],
    ['free at once', { plan: free }, { outcome: 'active_free', subscription: { status: 'active' } }],
    ['a trial of the price', { priceTrialDays: 14 }, { outcome: 'awaits_setup', trialDays: 14 }],
    [
      'a trial of its own',
      { priceTrialDays: 14, customTrialDays: 30 },
      { outcome: 'awaits_setup', trialDays: 30 },
    ],
    ['without the trial', { priceTrialDays: 14, skipTrial: true }, { outcome: 'awaits_payment' }],
    [
      'no trial of a one-time price',
      { plan: plan({ interval: 'one_time' }), priceTrialDays: 14 },
      { outcome: 'refused', reason: 'one_time_trial_not_allowed' },
    ],
    [
      'no offer without an amount in the currency',
      { offer: offer([{ kind: 'amount_off', amounts: [], cycles: 1 }]) },
      { outcome: 'refused', reason: 'offer_not_applicable' },
    ],
    [
      'no invoice without a tax',
      { billing: billing({ tax: { kind: 'unavailable' } }) },
      { outcome: 'refused', reason: 'tax_unavailable' },
    ],
  ] as const)('%s', (_, parts, expected) => {
    expect(engine.decideOpening({ ...facts, ...parts })).toMatchObject(expected)
  })

  it('anchors the first period on the day it is paid', () => {
    const opened = expectOutcome(engine.decideOpening(facts), 'awaits_payment')
    const active = expectOutcome(
      engine.decideActivation({ ...opened, now: at('2026-03-31T23:59Z') }),
      'activates',
    )
    expect(engine.currentPeriod(active.subscription.position)).toEqual({
      start: day('2026-03-31'),
      end: day('2026-04-30'),
    })
  })

  const trial = {
    ...renewalFacts({ subscription: subscription({ status: 'trialing', trialEndsOn: day('2026-04-20') }) }),
    hasPaymentMethod: true,
  }

  it.each([
    ['still runs', { now: at('2026-04-19T23:59Z') }, { outcome: 'not_due', reason: 'still_running' }],
    [
      'converts at its midnight',
      { now: at('2026-04-20T00:00Z') },
      { outcome: 'converts', invoice: { totalMinor: 9900n, type: 'recurring' } },
    ],
    [
      'waits for a card',
      { hasPaymentMethod: false },
      { outcome: 'awaits_payment', subscription: { status: 'pending_payment' } },
    ],
    [
      'ends uncharged where canceled',
      { subscription: { ...trial.subscription, cancelsOn: day('2026-04-20') } },
      { outcome: 'ends' },
    ],
    [
      'moves to the plan scheduled',
      { subscription: { ...trial.subscription, scheduledChange: starter } },
      { outcome: 'converts', changedPlan: true, invoice: { totalMinor: 2900n } },
    ],
    [
      'is refused in another currency',
      { billing: billing({ currency: 'eur' }) },
      { outcome: 'refused', reason: 'currency_mismatch' },
    ],
  ] as const)('a trial %s', (_, parts, expected) => {
    expect(engine.decideTrialEnd({ ...trial, ...parts })).toMatchObject(expected)
  })

  it('anchors the paid period on the end of the trial, and the preview says so', () => {
    const early = { ...trial, now: at('2026-04-10T10:00Z') }
    expect(engine.previewTrialEnd(early)).toEqual(engine.decideTrialEnd(trial))
    expect(
      expectOutcome(engine.previewTrialEnd(early), 'converts').subscription.position.cycle,
    ).toMatchObject({ seq: 2, anchor: day('2026-04-20') })
  })

  it('bills no usage of the trial', () => {
    const terms = plan({ features: [usageTerms('calls')] })
    const used = consumption({ usage: [{ featureCode: 'calls', units: 5000n }] })
    const facts = {
      ...trial,
      catalogue: terms,
      consumption: used,
      subscription: { ...trial.subscription, plan: terms },
    }
    expect(engine.decideTrialEnd(facts)).toMatchObject({ invoice: { totalMinor: 9900n } })
  })
})

describe('cancelling', () => {
  const decide = (parts: Partial<engine.SubscriptionState>, facts: Partial<engine.CancellationFacts> = {}) =>
    engine.decideCancellation({
      subscription: subscription(parts),
      cause: 'requested',
      immediate: false,
      outstanding: [],
      ...facts,
    })
  const lifetime = plan({ interval: 'one_time' })

  it.each([
    [
      'an active one at period end',
      {},
      {},
      { outcome: 'scheduled', reason: 'period_end', effectiveOn: day('2026-05-01') },
    ],
    [
      'a trial at its end',
      { status: 'trialing', trialEndsOn: day('2026-04-20') },
      {},
      { outcome: 'scheduled', reason: 'trial_end', effectiveOn: day('2026-04-20') },
    ],
    [
      'now where asked',
      {},
      { immediate: true },
      { outcome: 'ends_now', reason: 'asked_for', subscription: { status: 'canceled' } },
    ],
    [
      'now though scheduled',
      { cancelsOn: day('2026-05-01') },
      { immediate: true },
      { outcome: 'ends_now', subscription: { cancelsOn: null } },
    ],
    ['a free one now', { plan: free }, {}, { outcome: 'ends_now', reason: 'nothing_paid_to_keep' }],
    ['an unpaid one now', { status: 'pending_payment' }, {}, { outcome: 'ends_now' }],
    ['an overdue one now', { status: 'past_due' }, {}, { outcome: 'ends_now' }],
    [
      'not what was bought for ever',
      { plan: lifetime },
      {},
      { outcome: 'refused', reason: 'one_time_subscription_not_cancelable' },
    ],
    [
      'what was to be bought for ever',
      { plan: lifetime, status: 'pending_payment' },
      {},
      { outcome: 'ends_now' },
    ],
    [
      'all of a deleted customer',
      { plan: lifetime },
      { cause: 'customer_deleted' },
      { outcome: 'ends_now', reason: 'customer_deleted' },
    ],
    [
      'what was refunded in full',
      { plan: lifetime },
      { cause: 'refund' },
      { outcome: 'ends_now', reason: 'refund' },
    ],
  ] as const)('%s', (_, parts, facts, expected) => {
    expect(decide(parts, facts)).toMatchObject(expected)
  })

  it('voids unpaid invoices and gives their customer credit back', () => {
    const invoice = storedInvoice({
      totalMinor: minor(7400n),
      creditAllocations: [{ grantId: 'A', amountMinor: minor(2500n) }],
    })
    const ended = expectOutcome(decide({ status: 'past_due' }, { outstanding: [invoice] }), 'ends_now')
    expect(ended.voided).toMatchObject([
      { outcome: 'written_off', status: 'void', creditReturned: invoice.creditAllocations },
    ])
    const ledger = ended.voided.flatMap((voided) => expectOutcome(voided, 'written_off').ledger)
    expect(engine.accountBalance(ledger, 'receivable')).toBe(-7400n)
    expect(engine.accountBalance(ledger, 'customer_credit')).toBe(-2500n)
    expect(engine.accountBalance(ledger, 'write_off')).toBe(9900n)
  })
})

describe('reactivating', () => {
  const facts: engine.ReactivationFacts = {
    subscription: subscription({ status: 'canceled', position: positioned('2026-01-10', 'monthly') }),
    outstanding: null,
    catalogue: pro,
    newOffer: null,
    consumption: consumption(),
    billing: billing(),
    hasPaymentMethod: true,
    chargeInProgress: false,
    hasOpenDispute: false,
    pools: 'kept',
    now: at('2026-04-15T10:00Z'),
  }
  const overdue = { subscription: subscription({ status: 'past_due' }), outstanding: storedInvoice() }

  it.each([
    ['an active one is refused', { subscription: subscription() }, 'invalid_subscription_status'],
    ['under dispute is refused', { hasOpenDispute: true }, 'subscription_has_open_dispute'],
    ['while being charged is refused', { chargeInProgress: true }, 'charge_in_progress'],
    ['onto a plan that is gone is refused', { catalogue: null }, 'plan_unavailable'],
    ['without a card is refused', { hasPaymentMethod: false }, 'no_payment_method'],
    [
      'an overdue one without its invoice is refused',
      { ...overdue, outstanding: null },
      'no_outstanding_invoice',
    ],
    [
      'an overdue one takes no offer',
      { ...overdue, newOffer: offer([{ kind: 'percentage', basisPoints: 1n, cycles: 1 }]) },
      'offer_not_applicable',
    ],
    [
      'takes no trial',
      { newOffer: offer([{ kind: 'free_trial', durationDays: 7 }]) },
      'offer_not_applicable',
    ],
    ['in another currency is refused', { billing: billing({ currency: 'eur' }) }, 'currency_mismatch'],
  ] as const)('%s', (_, parts, reason) => {
    expect(engine.decideReactivation({ ...facts, ...parts })).toEqual({ outcome: 'refused', reason })
  })

  it('an overdue one charges the same invoice; an ended one begins a new period today', () => {
    expect(engine.decideReactivation({ ...facts, ...overdue })).toEqual({
      outcome: 'charges_outstanding',
      invoice: overdue.outstanding,
    })
    const back = expectOutcome(engine.decideReactivation(facts), 'begins_again')
    expect(back.invoice).toMatchObject({ type: 'reactivation', totalMinor: 9900n })
    expect(back.subscription).toMatchObject({
      status: 'active',
      position: { cycle: { seq: 2, anchor: day('2026-04-15') } },
    })
  })

  it('leaves credits as they were, or grants them anew where the seller wants it', () => {
    const terms = plan({ consumptionModel: 'credits', includedCredits: 100n })
    const pool = { model: 'credits', planCredits: 3n, purchasedCredits: 9n } as const
    const credits = { ...facts, catalogue: terms, consumption: consumption({ pool }) }
    expect(engine.decideReactivation(credits)).toMatchObject({ consumption: { pool } })
    expect(engine.decideReactivation({ ...credits, pools: 'granted' })).toMatchObject({
      consumption: { pool: { planCredits: 100n, purchasedCredits: 9n } },
    })
  })
})

describe('what a charge does', () => {
  const dunning = { declinedAt: at('2026-03-01T00:05Z'), declinedRetries: 0 }
  const pay = (occasion: engine.Occasion, charge: engine.ChargeOutcome) =>
    engine.decidePayment({ occasion, charge, invoice: storedInvoice(), at: at('2026-03-01T00:05Z') })

  it.each([
    ['first_checkout', 'declined', { outcome: 'awaits_customer', status: 'pending_payment' }],
    ['renewal', 'declined', { outcome: 'past_due', nextRetryAt: at('2026-03-02T00:05Z') }],
    ['renewal', 'needs_customer', { outcome: 'past_due' }],
    ['trial_end', 'declined', { outcome: 'past_due' }],
    ['trial_end', 'needs_customer', { outcome: 'awaits_customer' }],
    ['reactivation', 'declined', { outcome: 'stays_canceled' }],
    ['operation', 'declined', { outcome: 'nothing_changes' }],
    ['operation', 'succeeded', { outcome: 'paid', status: null }],
    ['renewal', 'succeeded', { outcome: 'paid', status: 'active', meaning: 'paid' }],
    ['renewal', 'unknown', { outcome: 'unresolved' }],
  ] as const)('%s %s', (kind, charge, expected) => {
    expect(pay({ kind }, charge)).toMatchObject(expected)
  })

  it('a retry that succeeds recovers', () => {
    expect(pay({ kind: 'retry', dunning, slot: 0 }, 'succeeded')).toMatchObject({
      outcome: 'paid',
      meaning: 'recovered',
    })
  })

  const retry = {
    status: 'past_due',
    dunning,
    customerRetriesToday: 0,
    chargeInProgress: false,
    now: at('2026-03-01T12:00Z'),
  } as const

  it.each([
    ['by schedule not before its day', { by: 'schedule' }, { outcome: 'refused', reason: 'not_yet_due' }],
    [
      'by schedule on its day',
      { by: 'schedule', now: at('2026-03-02T00:05Z') },
      { outcome: 'charge', slot: 0 },
    ],
    ['by the customer at once', { by: 'customer' }, { outcome: 'charge', slot: 0 }],
    [
      'by the customer three times a day',
      { by: 'customer', customerRetriesToday: 3 },
      { outcome: 'refused', reason: 'daily_limit' },
    ],
    ['by staff without that limit', { by: 'staff', customerRetriesToday: 3 }, { outcome: 'charge', slot: 0 }],
    [
      'never twice at once',
      { by: 'staff', chargeInProgress: true },
      { outcome: 'refused', reason: 'charge_in_progress' },
    ],
    [
      'never a fifth time',
      { by: 'staff', dunning: { ...dunning, declinedRetries: 4 } },
      { outcome: 'refused', reason: 'retries_used_up' },
    ],
    [
      'only while past due',
      { by: 'staff', status: 'active' },
      { outcome: 'refused', reason: 'not_past_due' },
    ],
  ] as const)('a retry %s', (_, parts, expected) => {
    expect(engine.decideRetry({ ...retry, ...parts })).toEqual(expected)
  })

  it('an overdue invoice settled outside recovers as a payment; one voided recovers without', () => {
    expect(engine.decideRecovery('past_due', 'settled_outside')).toMatchObject({
      outcome: 'recovers',
      isPayment: true,
    })
    expect(engine.decideRecovery('past_due', 'void')).toMatchObject({ outcome: 'recovers', isPayment: false })
    expect(engine.decideRecovery('active', 'void')).toEqual({ outcome: 'unchanged' })
  })
})

describe('the books', () => {
  const balances = (ledger: readonly engine.LedgerEntry[]) =>
    Object.fromEntries(
      ledger.flatMap((entry) => entry.postings.map((posting) => [posting.account, posting.amountMinor])),
    )

  it('a charge is cash at the provider, money from outside is not', () => {
    const charged = expectOutcome(
      engine.decideSettlement(storedInvoice(), { by: 'charge', outcome: 'succeeded' }),
      'paid',
    )
    expect(balances(charged.ledger)).toEqual({ cash_at_provider: 9900n, receivable: -9900n })
    const outside = expectOutcome(engine.decideSettlement(storedInvoice(), { by: 'outside' }), 'paid')
    expect(balances(outside.ledger)).toEqual({ outside_settlement: 9900n, receivable: -9900n })
  })

  it('an adjustment below zero is never charged, and settled outside by paying the customer', () => {
    const owed = storedInvoice({ type: 'adjustment', totalMinor: minor(-1815n) })
    const charged = engine.decideSettlement(owed, { by: 'charge', outcome: 'succeeded' })
    expect(charged).toMatchObject({ outcome: 'refused', reason: 'nothing_to_charge' })
    const paid = expectOutcome(engine.decideSettlement(owed, { by: 'outside' }), 'paid')
    expect(balances(paid.ledger)).toEqual({ outside_settlement: -1815n, receivable: 1815n })
  })

  it('giving up writes off, and the customer credit used stays used', () => {
    const invoice = storedInvoice({ creditAllocations: [{ grantId: 'A', amountMinor: minor(100n) }] })
    const given = expectOutcome(engine.decideUncollectible(invoice), 'written_off')
    expect(balances(given.ledger)).toEqual({ write_off: 9900n, receivable: -9900n })
    expect(given.creditReturned).toEqual([])
  })

  it('a refund takes tax and revenue back in proportion; a full one ends the subscription it paid for', () => {
    const invoice = storedInvoice({ status: 'paid', totalMinor: minor(12_100n), taxMinor: minor(2100n) })
    const half = expectOutcome(
      engine.decideRefund(invoice, { amountMinor: minor(6050n), refundedBeforeMinor: minor(0n) }),
      'refunded',
    )
    expect(balances(half.ledger)).toEqual({ refunds: 5000n, tax_payable: 1050n, cash_at_provider: -6050n })
    expect(half).toMatchObject({ isFull: false, endsSubscription: false })
    const full = expectOutcome(
      engine.decideRefund(invoice, { amountMinor: minor(12_100n), refundedBeforeMinor: minor(0n) }),
      'refunded',
    )
    expect(full).toMatchObject({ isFull: true, endsSubscription: true, taxMinor: 2100n })
    const pack = { ...invoice, type: 'credit_purchase' } as const
    expect(
      engine.decideRefund(pack, { amountMinor: minor(12_100n), refundedBeforeMinor: minor(0n) }),
    ).toMatchObject({ endsSubscription: false })
  })

  it.each([
    ['what was not paid', storedInvoice(), 1n, 0n, 'not_paid'],
    ['nothing', storedInvoice({ status: 'paid' }), 0n, 0n, 'amount_not_positive'],
    ['more than was paid', storedInvoice({ status: 'paid' }), 9900n, 1n, 'more_than_paid'],
  ])('a refund of %s is refused', (_, invoice, amount, before, reason) => {
    const decision = engine.decideRefund(invoice, {
      amountMinor: minor(amount),
      refundedBeforeMinor: minor(before),
    })
    expect(decision).toEqual({ outcome: 'refused', reason })
  })

  it('credit granted by hand needs an amount, a reason and time to run', () => {
    const facts = {
      amountMinor: minor(100n),
      currency: 'usd',
      reason: 'Outage',
      expiresAt: null,
      now: at('2026-04-15T10:00Z'),
    } as const
    expect(balances(expectOutcome(engine.decideCreditGrant(facts), 'granted').ledger)).toEqual({
      revenue: 100n,
      customer_credit: -100n,
    })
    expect(engine.decideCreditGrant({ ...facts, amountMinor: minor(0n) })).toMatchObject({
      reason: 'amount_not_positive',
    })
    expect(engine.decideCreditGrant({ ...facts, reason: ' ' })).toMatchObject({ reason: 'reason_missing' })
    expect(engine.decideCreditGrant({ ...facts, expiresAt: facts.now })).toMatchObject({
      reason: 'already_expired',
    })
  })

  it('credit leaves the books when its time is over, not before', () => {
    const limited = grant('A', 100n, { expiresAt: at('2026-04-15T10:00Z') })
    expect(engine.decideCreditExpiry(limited, at('2026-04-15T09:59Z'))).toEqual({
      outcome: 'refused',
      reason: 'not_expired',
    })
    expect(engine.decideCreditExpiry(limited, at('2026-04-15T10:00Z'))).toMatchObject({
      outcome: 'ended',
      amountMinor: 100n,
    })
  })
})

describe('tax', () => {
  const policy: engine.TaxPolicy = {
    kind: 'table',
    sellerCountry: 'DE',
    rates: [
      { country: 'DE', region: null, basisPoints: 1900n },
      { country: 'FR', region: null, basisPoints: 2000n },
      { country: 'US', region: 'NY', basisPoints: 888n },
      { country: 'CA', region: null, basisPoints: 500n },
      { country: 'CA', region: 'ON', basisPoints: 1300n },
    ],
  }
  const rule = (country: string | null, region: string | null, hasValidTaxId = false) =>
    engine.decideTaxRule(policy, { country, region, hasValidTaxId })

  it('is of the region, else of the country, else none; reversed for a business elsewhere in the EU', () => {
    expect(rule('DE', null)).toEqual({ kind: 'rate', basisPoints: 1900n, place: 'DE' })
    expect(rule('DE', 'BE')).toEqual({ kind: 'rate', basisPoints: 1900n, place: 'DE' })
    expect(rule('US', 'NY')).toEqual({ kind: 'rate', basisPoints: 888n, place: 'US-NY' })
    expect(rule('CA', 'ON')).toEqual({ kind: 'rate', basisPoints: 1300n, place: 'CA-ON' })
    expect(rule('CA', 'AB')).toEqual({ kind: 'rate', basisPoints: 500n, place: 'CA' })
    expect(rule('US', 'TX')).toEqual({ kind: 'none', reason: 'no_rate' })
    expect(rule(null, null)).toEqual({ kind: 'none', reason: 'no_tax' })
    expect(rule('FR', null, true)).toEqual({ kind: 'reverse_charge', place: 'FR' })
    expect(rule('DE', null, true)).toEqual({ kind: 'rate', basisPoints: 1900n, place: 'DE' })
    expect(rule('US', 'NY', true)).toEqual({ kind: 'rate', basisPoints: 888n, place: 'US-NY' })
    expect(
      engine.decideTaxRule({ kind: 'none' }, { country: 'FR', region: null, hasValidTaxId: true }),
    ).toEqual({ kind: 'none', reason: 'no_tax' })
  })
})

describe('promotions', () => {
  const code: engine.PromoCode = {
    isActive: true,
    expiresAt: null,
    maxRedemptions: null,
    redemptions: 0,
    planIds: [],
    interval: null,
    offer: offer([{ kind: 'percentage', basisPoints: 2000n, cycles: 1 }]),
  }
  const facts: engine.PromoCodeFacts = {
    code,
    redeemedByCustomer: false,
    introductoryOfferActive: false,
    plan: pro,
    extrasMinor: minor(0n),
    tax: { kind: 'none', reason: 'no_tax' },
    minimumChargeMinor: minor(50n),
    now: at('2026-04-15T10:00Z'),
  }
  const flaws: [engine.PromoCodeRefusal, Partial<engine.PromoCode>, Partial<engine.PromoCodeFacts>][] = [
    ['inactive', { isActive: false }, {}],
    ['expired', { expiresAt: facts.now }, {}],
    ['max_redemptions_reached', { maxRedemptions: 5, redemptions: 5 }, {}],
    ['already_redeemed', {}, { redeemedByCustomer: true }],
    ['plan_not_eligible', { planIds: ['other'] }, {}],
    ['interval_not_eligible', { interval: 'yearly' }, {}],
    ['intro_offer_active', {}, { introductoryOfferActive: true }],
    ['below_minimum_charge', { offer: offer([{ kind: 'percentage', basisPoints: 9951n, cycles: 1 }]) }, {}],
  ]

  it('accepts a code and says the first total', () => {
    expect(engine.decidePromoCode(facts)).toMatchObject({
      outcome: 'accepted',
      totalMinor: 7920n,
      offer: { channel: 'promo_code' },
    })
    expect(engine.decidePromoCode({ ...facts, code: null })).toEqual({
      outcome: 'refused',
      reason: 'not_found',
    })
  })

  it('allows exactly zero and exactly the minimum', () => {
    const free = offer([{ kind: 'percentage', basisPoints: 10_000n, cycles: 1 }])
    const least = offer([
      { kind: 'fixed_price', prices: [{ amountMinor: minor(50n), currency: 'usd' }], cycles: 1 },
    ])
    expect(engine.decidePromoCode({ ...facts, code: { ...code, offer: free } })).toMatchObject({
      totalMinor: 0n,
    })
    expect(engine.decidePromoCode({ ...facts, code: { ...code, offer: least } })).toMatchObject({
      totalMinor: 50n,
    })
  })

  it.each(flaws.map((flaw, index) => [flaw[0], index] as const))(
    'tells %s before all that comes after it',
    (reason, index) => {
      const from = flaws.slice(index)
      const flawed: engine.PromoCode = Object.assign({}, code, ...from.map(([, parts]) => parts))
      const context: engine.PromoCodeFacts = Object.assign({}, facts, ...from.map(([, , parts]) => parts))
      expect(engine.decidePromoCode({ ...context, code: flawed })).toEqual({ outcome: 'refused', reason })
    },
  )

  it('takes one way in only, and the introductory offer without any', () => {
    const none = {
      offerId: null,
      promoCode: null,
      cardPromotionId: null,
      customTrialDays: null,
      skipTrial: false,
    }
    expect(engine.decideOfferChannel(none)).toEqual({ outcome: 'chosen', channel: 'introductory' })
    expect(engine.decideOfferChannel({ ...none, offerId: 'o' })).toEqual({
      outcome: 'chosen',
      channel: 'direct',
    })
    expect(engine.decideOfferChannel({ ...none, skipTrial: true })).toEqual({
      outcome: 'chosen',
      channel: 'none',
    })
    expect(engine.decideOfferChannel({ ...none, offerId: 'o', promoCode: 'P' })).toEqual({
      outcome: 'refused',
      reason: 'exclusive_options',
    })
  })

  it('an introductory offer is for who has no subscription running', () => {
    const customer = { hasActiveOrPastDue: false, hadSubscription: true, oncePerCustomer: false }
    expect(engine.decideIntroductoryOffer(customer)).toMatchObject({ eligible: true })
    expect(engine.decideIntroductoryOffer({ ...customer, hasActiveOrPastDue: true })).toMatchObject({
      eligible: false,
    })
    expect(engine.decideIntroductoryOffer({ ...customer, oncePerCustomer: true })).toMatchObject({
      eligible: false,
    })
  })
})

describe('seats and quota', () => {
  const decide = (
    type: 'seats' | 'quota',
    currentUnits: bigint,
    kind: 'add' | 'remove' | 'set',
    units: bigint,
    parts: Partial<engine.CountTerms> = {},
    capsAtIncluded = true,
  ) =>
    engine.decideCountChange({
      status: 'active',
      plan: plan({ features: [countTerms(type, parts)] }),
      featureCode: type,
      currentUnits,
      wish: { kind, units },
      capsAtIncluded,
    })
  const capped = { overage: { enabled: false, unitPriceRate: rate(0n) } }

  it('grow beyond the included where overage is on, unlimited, or the cap is switched off', () => {
    expect(decide('seats', 5n, 'add', 1n)).toMatchObject({ outcome: 'changed', units: 6n })
    expect(decide('seats', 5n, 'add', 1n, capped)).toEqual({
      outcome: 'refused',
      reason: 'included_limit_reached',
    })
    expect(decide('seats', 4n, 'add', 1n, capped)).toMatchObject({
      outcome: 'changed',
      reachesIncluded: true,
    })
    expect(decide('seats', 5n, 'add', 1n, { ...capped, unlimited: true })).toMatchObject({
      outcome: 'changed',
      reachesIncluded: false,
    })
    expect(decide('seats', 5n, 'add', 1n, capped, false)).toMatchObject({ outcome: 'changed' })
  })

  it('an excess may shrink and stay, not grow', () => {
    expect(decide('seats', 9n, 'set', 8n, capped)).toMatchObject({ outcome: 'changed', units: 8n })
    expect(decide('seats', 9n, 'set', 9n, capped)).toEqual({ outcome: 'unchanged', units: 9n })
    expect(decide('seats', 9n, 'set', 10n, capped)).toMatchObject({ outcome: 'refused' })
  })

  it('never below zero, and each says it its way', () => {
    expect(decide('seats', 1n, 'remove', 2n)).toEqual({ outcome: 'refused', reason: 'insufficient_seats' })
    expect(decide('quota', 1n, 'remove', 2n)).toEqual({ outcome: 'refused', reason: 'insufficient_balance' })
    expect(decide('quota', 1n, 'add', 0n)).toEqual({ outcome: 'refused', reason: 'units_not_positive' })
    expect(decide('quota', 1n, 'set', 0n)).toMatchObject({ outcome: 'changed', units: 0n })
  })
})

describe('usage and access', () => {
  const calls = usageTerms('calls', { includedUnits: 10n })
  const facts: engine.UsageFacts = {
    status: 'active',
    plan: plan({ features: [calls, { type: 'boolean', code: 'sso', name: 'SSO', enabled: true }] }),
    addOns: [],
    featureCode: 'calls',
    consumed: { kind: 'units', units: 1n },
    usedUnits: 10n,
    pool: { model: 'none' },
  }
  const hard = usageTerms('calls', {
    includedUnits: 10n,
    overage: { enabled: false, unitPriceRate: rate(0n) },
  })
  const tokens = {
    kind: 'tokens',
    tokens: { input: 1000n, output: 500n, cacheRead: 0n, cacheWrite: 0n },
    prices: null,
  } as const

  it.each([
    ['beyond the included at a price', {}, { outcome: 'recorded', draw: { overageUnits: 1n } }],
    ['not in a trial', { status: 'trialing' }, { outcome: 'refused', reason: 'included_limit_reached' }],
    [
      'not on a free plan',
      { plan: { ...free, features: [calls] } },
      { outcome: 'refused', reason: 'included_limit_reached' },
    ],
    [
      'not where overage is off',
      { plan: plan({ features: [hard] }) },
      { outcome: 'refused', reason: 'included_limit_reached' },
    ],
    ['up to the included', { plan: plan({ features: [hard] }), usedUnits: 9n }, { outcome: 'recorded' }],
    [
      'whole or not at all',
      { plan: plan({ features: [hard] }), usedUnits: 9n, consumed: { kind: 'units', units: 2n } },
      { outcome: 'refused' },
    ],
    ['in the grace of retries', { status: 'past_due' }, { outcome: 'recorded' }],
    ['not after the end', { status: 'canceled' }, { outcome: 'refused', reason: 'no_active_subscription' }],
    [
      'of a feature the plan has',
      { featureCode: 'mail' },
      { outcome: 'refused', reason: 'feature_not_in_plan' },
    ],
    [
      'of a feature that is consumed',
      { featureCode: 'sso' },
      { outcome: 'refused', reason: 'feature_not_in_plan' },
    ],
    [
      'of a feature that is on',
      { plan: plan({ features: [{ ...calls, enabled: false }] }) },
      { outcome: 'refused', reason: 'feature_disabled' },
    ],
    [
      'of an add-on',
      {
        featureCode: 'sms',
        addOns: [addOn({ featureCode: 'sms', model: 'metered', includedUnits: 5n, overageRate: rate(1n) })],
      },
      { outcome: 'recorded', draw: { overageUnits: 6n } },
    ],
    [
      'no tokens of a counted feature',
      { consumed: tokens },
      { outcome: 'refused', reason: 'pricing_mode_mismatch' },
    ],
    [
      'no model that is not known',
      {
        consumed: tokens,
        plan: plan({ consumptionModel: 'balance', features: [{ ...calls, aiMarginBasisPoints: 0n }] }),
      },
      { outcome: 'refused', reason: 'model_not_found' },
    ],
  ] as const)('recorded %s', (_, parts, expected) => {
    expect(engine.decideUsage({ ...facts, ...parts })).toMatchObject(expected)
  })

  it('a balance blocks at zero where the plan says so, in a trial and on a free plan; else it may owe', () => {
    const terms = plan({ consumptionModel: 'balance', features: [calls] })
    const pool = { model: 'balance', balanceRate: rate(50n), spent: [] } as const
    const use = (parts: Partial<engine.UsageFacts>) =>
      engine.decideUsage({ ...facts, plan: terms, pool, ...parts })
    expect(use({})).toMatchObject({ outcome: 'recorded', draw: { deductedRate: 100n, remainingRate: -50n } })
    const refused = { outcome: 'refused', reason: 'insufficient_balance' }
    expect(use({ plan: { ...terms, blockOnExhaustion: true } })).toEqual(refused)
    expect(use({ status: 'trialing' })).toEqual(refused)
    expect(use({ plan: { ...terms, isFree: true } })).toEqual(refused)
  })

  it('an event counts in its window, late ones in the running one, none from the future', () => {
    const window = { start: day('2026-04-01'), end: day('2026-05-01') }
    const now = at('2026-04-15T10:00Z')
    expect(engine.decideEventTime(at('2026-04-02T10:00Z'), window, now)).toEqual({
      outcome: 'running_window',
      isLate: false,
    })
    expect(engine.decideEventTime(at('2026-03-31T23:59Z'), window, now)).toEqual({
      outcome: 'running_window',
      isLate: true,
    })
    expect(engine.decideEventTime(at('2026-04-15T10:05Z'), window, now)).toMatchObject({
      outcome: 'running_window',
    })
    expect(engine.decideEventTime(at('2026-04-15T10:05:01Z'), window, now)).toEqual({
      outcome: 'refused',
      reason: 'in_the_future',
    })
  })

  const access = (parts: Partial<engine.AccessFacts>) =>
    engine.decideAccess({
      status: 'active',
      plan: facts.plan,
      addOns: [],
      featureCode: 'calls',
      usedUnits: 0n,
      counts: [],
      pool: { model: 'none' },
      ...parts,
    })

  it.each([
    ['trialing', true],
    ['active', true],
    ['past_due', true],
    ['draft', false],
    ['pending_payment', false],
    ['canceled', false],
  ] as const)('%s has access: %s', (status, allowed) => {
    expect(access({ status, featureCode: 'sso' })).toEqual({ kind: 'boolean', enabled: true, allowed })
    expect(access({ status })).toMatchObject({ allowed })
  })

  it('of a metered feature tells used, remaining and beyond', () => {
    expect(access({ usedUnits: 12n })).toMatchObject({
      allowed: true,
      limits: { remainingUnits: 0n, overage: { enabled: true, units: 2n } },
    })
    expect(access({ usedUnits: 10n, plan: plan({ features: [hard] }) })).toMatchObject({
      allowed: false,
      limits: { remainingUnits: 0n },
    })
    expect(access({ usedUnits: 9n, plan: plan({ features: [hard] }) })).toMatchObject({
      allowed: true,
      limits: { remainingUnits: 1n },
    })
    expect(access({ usedUnits: 12n, status: 'trialing' })).toMatchObject({ allowed: false })
    expect(
      access({ plan: plan({ features: [{ ...hard, unlimited: true }] }), usedUnits: 99n }),
    ).toMatchObject({ allowed: true, limits: { remainingUnits: null } })
  })

  it('of credits, balance, counts and add-ons', () => {
    const credits = plan({
      consumptionModel: 'credits',
      features: [usageTerms('calls', { creditsPerUnit: 4n })],
    })
    const pool = (planCredits: bigint) => ({ model: 'credits', planCredits, purchasedCredits: 1n }) as const
    expect(access({ plan: credits, pool: pool(8n), usedUnits: 2n })).toMatchObject({
      allowed: true,
      creditsConsumed: 8n,
      availableUnits: 2n,
    })
    expect(access({ plan: credits, pool: pool(2n) })).toMatchObject({ allowed: false, availableUnits: 0n })
    const balance = plan({ consumptionModel: 'balance', blockOnExhaustion: true, features: [calls] })
    const spent = [{ featureCode: 'calls', spentRate: rate(70n) }]
    expect(
      access({ plan: balance, pool: { model: 'balance', balanceRate: rate(250n), spent } }),
    ).toMatchObject({ allowed: true, spentRate: 70n, availableUnits: 2n })
    expect(access({ plan: balance, pool: { model: 'balance', balanceRate: rate(0n), spent } })).toMatchObject(
      { allowed: false, availableUnits: 0n },
    )
    expect(
      access({
        plan: { ...balance, blockOnExhaustion: false },
        pool: { model: 'balance', balanceRate: rate(-5n), spent },
      }),
    ).toMatchObject({ allowed: true })
    const counts = [
      held('seats', 7n, [
        ['2026-04-10T10:00Z', 9n],
        ['2026-04-11T10:00Z', 8n],
      ]),
    ]
    expect(
      access({ featureCode: 'seats', plan: plan({ features: [countTerms('seats')] }), counts }),
    ).toMatchObject({ kind: 'seats', billedUnits: 4n, limits: { usedUnits: 8n, overage: { units: 3n } } })
    expect(access({ featureCode: 'sso2', addOns: [addOn({ featureCode: 'sso2' })] })).toEqual({
      kind: 'boolean',
      enabled: true,
      allowed: true,
    })
    expect(access({ featureCode: 'nothing' })).toMatchObject({ kind: 'unknown', allowed: false })
  })

  it('a grant of another plan adds what it has and leaves prices alone', () => {
    const granted = plan({
      basePriceMinor: minor(99_900n),
      features: [
        usageTerms('calls', { includedUnits: 100n, overage: { enabled: true, unitPriceRate: rate(1n) } }),
        usageTerms('mail'),
      ],
    })
    const merged = engine.withGrant(facts.plan, granted)
    expect(merged.basePriceMinor).toBe(9900n)
    expect(merged.features).toEqual([
      { ...calls, includedUnits: 100n },
      facts.plan.features[1],
      usageTerms('mail'),
    ])
  })
})

describe('purchases', () => {
  const facts = {
    subscription: subscription(),
    addOn: addOn(),
    billing: billing(),
    now: at('2026-04-15T10:00Z'),
  }

  it.each([
    ['while past due', { subscription: subscription({ status: 'past_due' }) }, 'subscription_not_active'],
    ['twice', { subscription: subscription({ addOns: [addOn()] }) }, 'addon_already_active'],
    [
      'of what the plan has',
      {
        subscription: subscription({
          plan: plan({ features: [{ type: 'boolean', code: 'sso', name: 'SSO', enabled: true }] }),
        }),
      },
      'feature_already_in_plan',
    ],
    ['of another model', { addOn: addOn({ model: 'credits' }) }, 'consumption_model_mismatch'],
    ['untaxable', { billing: billing({ tax: { kind: 'unavailable' } }) }, 'tax_unavailable'],
  ] as const)('no add-on %s', (_, parts, reason) => {
    expect(engine.decideAddOnActivation({ ...facts, ...parts })).toEqual({ outcome: 'refused', reason })
  })

  it('an add-on switched off is gone without money', () => {
    const state = subscription({ addOns: [addOn()] })
    expect(engine.decideAddOnDeactivation(state, 'sso')).toMatchObject({
      outcome: 'stops',
      subscription: { addOns: [] },
    })
    expect(engine.decideAddOnDeactivation(subscription(), 'sso')).toEqual({
      outcome: 'refused',
      reason: 'addon_not_active',
    })
  })

  it('credits for a credits plan, a top-up for a balance plan, nothing for nothing', () => {
    const pools = { ...facts, pool: { model: 'credits', planCredits: 0n, purchasedCredits: 5n } } as const
    const pack = { name: '100 credits', priceMinor: minor(1000n), credits: 100n }
    expect(engine.decideCreditPackPurchase(pools, pack)).toMatchObject({
      outcome: 'charge_first',
      pool: { purchasedCredits: 105n },
    })
    expect(engine.decideBalanceTopUp(pools, minor(100n))).toEqual({
      outcome: 'refused',
      reason: 'consumption_model_mismatch',
    })
    expect(engine.decideBalanceTopUp(pools, minor(0n))).toEqual({
      outcome: 'refused',
      reason: 'amount_not_positive',
    })
    const payment = { description: 'x', amountMinor: minor(0n), billing: billing(), now: facts.now }
    expect(engine.decideOneTimePayment(payment)).toEqual({
      outcome: 'refused',
      reason: 'amount_not_positive',
    })
    expect(engine.decideAdjustment(payment)).toEqual({ outcome: 'refused', reason: 'amount_is_zero' })
  })

  it('only some invoices use customer credit up', () => {
    const used = (type: engine.InvoiceType) => {
      const period = { start: day('2026-04-01'), end: day('2026-05-01') }
      const line = expectOutcome(engine.decideRenewal(renewalFacts()), 'renews').invoice?.lines ?? []
      const decision = engine.decideInvoice({
        type,
        period,
        issuedOn: period.start,
        lines: line,
        billing: billing({ credits: [grant('A', 500n)] }),
      })
      return expectOutcome(decision, 'issued').invoice.creditAppliedMinor === 500n
    }
    const types = [
      'recurring',
      'overage',
      'plan_change',
      'reactivation',
      'credit_purchase',
      'balance_topup',
      'addon_activation',
      'one_time_payment',
      'adjustment',
    ] as const
    expect(types.map(used)).toEqual([true, true, true, true, false, false, false, false, false])
  })
})
