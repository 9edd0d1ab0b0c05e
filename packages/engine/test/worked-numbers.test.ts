/*
 * Every number the billing rules work out by example, with the engine's answer.
 * Does not test properties (properties.test.ts) or whole invoices (golden.test.ts).
 */
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
const april = { start: day('2026-04-01'), end: day('2026-05-01') }
const january = { start: day('2026-01-01'), end: day('2026-02-01') }

describe('days and proration', () => {
  it.each([
    ['V1: the 15th of 30 days leaves 15', 2900n, april, '2026-04-15T10:00Z', 15, 1450n],
    ['a real January has 31: the 15th leaves 16', 2900n, january, '2026-01-15T14:30Z', 16, 1497n],
    ['V3: the 11th of 31 days leaves 20', 5000n, january, '2026-01-11T10:00Z', 20, 3226n],
    ['the 1st of 30 days leaves 29', 2900n, april, '2026-04-01T08:00Z', 29, 2803n],
    ['the 29th of 30 days leaves 1', 2900n, april, '2026-04-29T08:00Z', 1, 97n],
    ['the 6th of 31 days leaves 25', 1000n, january, '2026-01-06T08:00Z', 25, 806n],
    [
      'midnight begins no day: 45 of a quarter of 90',
      30_000n,
      { start: day('2026-01-01'), end: day('2026-04-01') },
      '2026-02-15T00:00Z',
      45,
      15_000n,
    ],
    ['nothing has begun at the start', 2900n, april, '2026-04-01T00:00Z', 30, 2900n],
    ['nothing is left at the end', 2900n, april, '2026-05-01T00:00Z', 0, 0n],
    ['nothing is left after the end', 2900n, april, '2026-06-01T00:00Z', 0, 0n],
    ['no more is left before the start than there is', 2900n, april, '2026-03-01T00:00Z', 30, 2900n],
  ])('%s', (_, price, period, now, remaining, prorated) => {
    const days = engine.daysLeft(period, at(now))
    expect(days.remaining).toBe(remaining)
    expect(engine.prorate(minor(price), days)).toBe(prorated)
  })

  it('an empty period is worth nothing', () => {
    const empty = { start: day('2026-04-15'), end: day('2026-04-15') }
    expect(engine.prorate(minor(2900n), engine.daysLeft(empty, at('2026-04-15T10:00Z')))).toBe(0n)
  })
})

describe('periods', () => {
  const boundaries = (anchor: string, interval: engine.Interval, count: number) =>
    Array.from({ length: count }, (_, index) =>
      engine.periodAt({ seq: 1, anchor: day(anchor), interval }, index).end.toString(),
    )

  it('V6: the 31st gives way to shorter months and comes back', () => {
    expect(boundaries('2026-01-31', 'monthly', 5)).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
      '2026-06-30',
    ])
  })

  it('quarterly from 30 November', () => {
    expect(boundaries('2026-11-30', 'quarterly', 4)).toEqual([
      '2027-02-28',
      '2027-05-30',
      '2027-08-30',
      '2027-11-30',
    ])
  })

  it('yearly from a leap day is the 28th, and the 29th again in a leap year', () => {
    expect(boundaries('2028-02-29', 'yearly', 4)).toEqual([
      '2029-02-28',
      '2030-02-28',
      '2031-02-28',
      '2032-02-29',
    ])
  })

  it('weekly keeps the weekday', () => {
    expect(boundaries('2026-04-01', 'weekly', 3)).toEqual(['2026-04-08', '2026-04-15', '2026-04-22'])
  })

  it('allowances of a quarter from the 31st renew by the same rule', () => {
    const cycle = { seq: 1, anchor: day('2026-01-31'), interval: 'quarterly' } as const
    expect([0, 1, 2, 3].map((index) => engine.windowAt(cycle, index).start.toString())).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
    ])
  })

  it('one upgrade after another on one day leaves an empty period', () => {
    expect(engine.cutPeriod(april, day('2026-04-01'))).toEqual({ start: april.start, end: april.start })
    expect(engine.cutPeriod(april, day('2026-04-15'))).toEqual({ start: april.start, end: day('2026-04-15') })
    expect(engine.cutPeriod(april, day('2026-06-01'))).toEqual(april)
  })
})

describe('customer credit', () => {
  it('takes 1000 from the older grant and 1500 from the younger, before tax', () => {
    const credits = [
      grant('B', 2000n, { grantedAt: at('2026-02-01T00:00Z') }),
      grant('A', 1000n, { grantedAt: at('2026-01-01T00:00Z') }),
    ]
    const state = subscription({ plan: plan({ basePriceMinor: minor(2500n) }) })
    const tax = { kind: 'rate', basisPoints: 2100n, place: 'AR' } as const
    const renewed = expectOutcome(
      engine.decideRenewal(renewalFacts({ subscription: state, billing: billing({ credits, tax }) })),
      'renews',
    )
    expect(renewed.invoice).toMatchObject({
      creditAppliedMinor: 2500n,
      taxMinor: 0n,
      totalMinor: 0n,
      status: 'paid',
    })
    expect(renewed.invoice?.creditAllocations).toEqual([
      { grantId: 'A', amountMinor: 1000n },
      { grantId: 'B', amountMinor: 1500n },
    ])
  })

  it('skips what has expired and what is of another currency', () => {
    const credits = [
      grant('old', 1000n, { expiresAt: at('2026-04-30T00:00Z') }),
      grant('euro', 1000n, { currency: 'eur' }),
      grant('good', 1000n, { expiresAt: at('2026-05-02T00:00Z') }),
    ]
    expect(engine.usableCredit(credits, 'usd', at('2026-04-30T00:00Z'))).toBe(1000n)
    expect(engine.allocateCredit(credits, 'usd', minor(5000n), at('2026-05-01T00:00Z'))).toEqual([
      { grantId: 'good', amountMinor: 1000n },
    ])
  })

  it('what remains is granted − applied + returned − revoked', () => {
    const used = grant('A', 1000n, {
      appliedMinor: minor(600n),
      returnedMinor: minor(100n),
      revokedMinor: minor(200n),
    })
    expect(engine.remainingCredit(used)).toBe(300n)
    expect(engine.decideCreditRevocation(used)).toMatchObject({ outcome: 'ended', amountMinor: 300n })
  })
})

describe('edits of a plan in use', () => {
  const running = (price: bigint) => [
    usageTerms('calls', { overage: { enabled: true, unitPriceRate: rate(price) } }),
  ]
  const overage = (features: readonly engine.FeatureTerms[]) =>
    expectOutcome(
      engine.decideRenewal(
        renewalFacts({
          subscription: subscription({ plan: plan({ features }) }),
          consumption: consumption({ usage: [{ featureCode: 'calls', units: 5000n }] }),
        }),
      ),
      'renews',
    ).invoice?.lines[1]?.amountMinor

  it('a higher price for extra calls waits: 5000 × 0.002 = 10.00', () => {
    const snapshot = engine.editedSnapshot(running(20n), running(50n))
    expect(overage(snapshot)).toBe(1000n)
    expect(overage(running(50n))).toBe(2500n)
  })

  it('a lower one holds at once, for the whole period: 10.00', () => {
    expect(overage(engine.editedSnapshot(running(50n), running(20n)))).toBe(1000n)
  })

  it('seats 10 → 15 with 12 in use cost nothing at once; 15 → 10 costs 2 × 25.00 at renewal', () => {
    const seats = (included: bigint) => [countTerms('seats', { includedUnits: included })]
    const invoiceOf = (runs: readonly engine.FeatureTerms[], next: readonly engine.FeatureTerms[]) =>
      expectOutcome(
        engine.decideRenewal(
          renewalFacts({
            subscription: subscription({ plan: plan({ features: runs }) }),
            catalogue: plan({ features: next }),
            consumption: consumption({ counts: [held('seats', 10n, [['2026-04-16T00:00Z', 12n]])] }),
          }),
        ),
        'renews',
      ).invoice?.subtotalMinor
    const raised = engine.editedSnapshot(seats(10n), seats(15n))
    expect(invoiceOf(raised, seats(15n))).toBe(9900n)
    const lowered = engine.editedSnapshot(seats(15n), seats(10n))
    expect(lowered).toEqual(seats(15n))
    expect(invoiceOf(lowered, seats(10n))).toBe(9900n + 5000n)
  })

  it('a feature taken away stays to the renewal, a new one is there at once; credits per unit only fall', () => {
    const before = [
      usageTerms('calls', { creditsPerUnit: 4n }),
      { type: 'boolean', code: 'sso', name: 'SSO', enabled: true } as const,
    ]
    const after = [usageTerms('calls', { creditsPerUnit: 6n }), usageTerms('mail')]
    expect(engine.editedSnapshot(before, after)).toEqual([...before, usageTerms('mail')])
    expect(engine.editedSnapshot([usageTerms('calls', { creditsPerUnit: 6n })], before.slice(0, 1))).toEqual(
      before.slice(0, 1),
    )
  })
})

describe('trial of 14 days, then half price for 3 cycles, at $99', () => {
  const welcome = offer([
    { kind: 'free_trial', durationDays: 14 },
    { kind: 'percentage', basisPoints: 5000n, cycles: 3 },
  ])

  it('runs to 8 April and charges 49.50 three times, then 99.00', () => {
    const opened = expectOutcome(
      engine.decideOpening({
        plan: plan(),
        hasLiveSubscription: false,
        offer: welcome,
        priceTrialDays: 0,
        customTrialDays: null,
        skipTrial: false,
        initialCounts: [],
        billing: billing(),
        now: at('2026-03-25T09:00Z'),
      }),
      'awaits_setup',
    )
    expect(opened.trialDays).toBe(14)
    const started = expectOutcome(
      engine.decideTrialStart({ ...opened, now: at('2026-03-25T14:30Z') }),
      'starts',
    )
    expect(started.trialEndsOn.toString()).toBe('2026-04-08')
    const first = expectOutcome(
      engine.decideTrialEnd({
        ...renewalFacts({ ...started, now: at('2026-04-08T00:00Z') }),
        hasPaymentMethod: true,
      }),
      'converts',
    )
    const charged = [[first.on.toString(), first.invoice?.totalMinor]]
    let standing: engine.Standing = first
    for (const now of ['2026-05-08', '2026-06-08', '2026-07-08']) {
      const renewed = expectOutcome(
        engine.decideRenewal(renewalFacts({ ...standing, now: at(`${now}T00:05Z`) })),
        'renews',
      )
      charged.push([renewed.on.toString(), renewed.invoice?.totalMinor])
      standing = renewed
    }
    expect(charged).toEqual([
      ['2026-04-08', 4950n],
      ['2026-05-08', 4950n],
      ['2026-06-08', 4950n],
      ['2026-07-08', 9900n],
    ])
  })
})

describe('invoices', () => {
  const printed = renewalFacts({
    subscription: subscription({
      plan: plan({
        features: [
          usageTerms('calls', { includedUnits: 10_000n }),
          countTerms('seats', { includedUnits: 5n }),
        ],
      }),
    }),
    consumption: consumption({
      usage: [{ featureCode: 'calls', units: 12_000n }],
      counts: [held('seats', 6n, [['2026-04-15T10:00Z', 7n]])],
    }),
  })

  it('base 9900 + overage 2000 + seats 5000 + true-up 1250 = 18150', () => {
    expect(expectOutcome(engine.decideRenewal(printed), 'renews').invoice).toMatchObject({
      subtotalMinor: 18_150n,
      totalMinor: 18_150n,
    })
  })

  it('with 20 % off the base, 2500 credit and 21 % tax: 16541', () => {
    const facts = {
      ...printed,
      subscription: {
        ...printed.subscription,
        offer: offer([{ kind: 'percentage', basisPoints: 2000n, cycles: null }]),
      },
      billing: billing({
        credits: [grant('A', 2500n)],
        tax: { kind: 'rate', basisPoints: 2100n, place: 'AR' },
      }),
    }
    expect(expectOutcome(engine.decideRenewal(facts), 'renews').invoice).toMatchObject({
      subtotalMinor: 18_150n,
      discountMinor: 1980n,
      creditAppliedMinor: 2500n,
      taxMinor: 2871n,
      totalMinor: 16_541n,
    })
  })

  it('base 10000, 20 % off, overage 5000 = 13000', () => {
    const facts = renewalFacts({
      subscription: subscription({
        plan: plan({ basePriceMinor: minor(10_000n), features: [usageTerms('calls')] }),
        offer: offer([{ kind: 'percentage', basisPoints: 2000n, cycles: null }]),
      }),
      consumption: consumption({ usage: [{ featureCode: 'calls', units: 5000n }] }),
    })
    expect(expectOutcome(engine.decideRenewal(facts), 'renews').invoice?.totalMinor).toBe(13_000n)
  })

  it('a one-time payment of 250.00 with 21 % tax is 302.50', () => {
    const tax = { kind: 'rate', basisPoints: 2100n, place: 'AR' } as const
    const payment = engine.decideOneTimePayment({
      description: 'Workshop',
      amountMinor: minor(25_000n),
      billing: billing({ tax, credits: [grant('A', 1000n)] }),
      now: at('2026-04-15T10:00Z'),
    })
    expect(expectOutcome(payment, 'issued').invoice).toMatchObject({
      taxMinor: 5250n,
      totalMinor: 30_250n,
      creditAppliedMinor: 0n,
    })
  })
})

describe('dunning', () => {
  const declineOf = (dunning: engine.Dunning, on: string) =>
    engine.decidePayment({
      occasion: { kind: 'retry', dunning, slot: dunning.declinedRetries },
      charge: 'declined',
      invoice: storedInvoice(),
      at: at(on),
    })

  it('retries on days 1, 3, 5 and 7 after the first decline', () => {
    expect(engine.retrySchedule(at('2026-03-01T00:05Z')).map(String)).toEqual([
      '2026-03-02T00:05:00Z',
      '2026-03-04T00:05:00Z',
      '2026-03-06T00:05:00Z',
      '2026-03-08T00:05:00Z',
    ])
  })

  it('retries by hand use up slots: declined on 2, 3, 6 and 7 March, it ends on the 7th', () => {
    const started = expectOutcome(
      engine.decidePayment({
        occasion: { kind: 'renewal' },
        charge: 'declined',
        invoice: storedInvoice(),
        at: at('2026-03-01T00:05Z'),
      }),
      'past_due',
    )
    const due: string[] = []
    let dunning = started.dunning
    for (const on of ['2026-03-02T00:05Z', '2026-03-03T09:00Z', '2026-03-06T00:05Z']) {
      const declined = expectOutcome(declineOf(dunning, on), 'past_due')
      dunning = declined.dunning
      due.push(String(declined.nextRetryAt))
    }
    expect(due).toEqual(['2026-03-04T00:05:00Z', '2026-03-06T00:05:00Z', '2026-03-08T00:05:00Z'])
    expect(declineOf(dunning, '2026-03-07T12:00Z')).toMatchObject({
      outcome: 'gives_up',
      reason: 'dunning_exhausted',
      writeOff: { outcome: 'written_off', status: 'uncollectible' },
    })
  })

  it('a clock moved from 31 January renews on 28 February; a failing card is given up on 7 March', () => {
    const state = subscription({ position: positioned('2026-01-31', 'monthly') })
    const renewed = expectOutcome(
      engine.decideRenewal(renewalFacts({ subscription: state, now: at('2026-03-02T00:00Z') })),
      'renews',
    )
    expect(renewed.on.toString()).toBe('2026-02-28')
    expect(engine.currentPeriod(renewed.subscription.position).end.toString()).toBe('2026-03-31')
    expect(engine.decideRenewal(renewalFacts({ ...renewed, now: at('2026-03-02T00:00Z') }))).toMatchObject({
      outcome: 'not_due',
    })
    expect(
      engine.retrySchedule(at('2026-02-28T00:00Z')).map((instant) => engine.dateOf(instant).toString()),
    ).toEqual(['2026-03-01', '2026-03-03', '2026-03-05', '2026-03-07'])
  })
})

describe('plan changes', () => {
  const starter = plan({ planId: 'starter', name: 'Starter', sortOrder: 1, basePriceMinor: minor(2900n) })
  const pro = plan()
  const seats = (included: bigint, price = 200_000n) =>
    countTerms('seats', { includedUnits: included, overage: { enabled: true, unitPriceRate: rate(price) } })
  const total = (facts: engine.ChangeFacts) =>
    expectOutcome(engine.decideChange(facts), 'changes_now').amounts.totalMinor
  const from = (
    current: engine.PlanTerms,
    target: engine.PlanTerms,
    parts: Partial<engine.ChangeFacts> = {},
  ) => changeFacts({ subscription: subscription({ plan: current }), target, ...parts })

  it('Starter to Pro on the 15th of 30 days: 9900 − 1450 = 8450', () => {
    expect(total(from(starter, pro))).toBe(8450n)
  })

  it('the same in a January of 31 days: 9900 − 1497 = 8403', () => {
    const state = subscription({ plan: starter, position: positioned('2026-01-01', 'monthly') })
    expect(total(changeFacts({ subscription: state, target: pro, now: at('2026-01-15T14:30Z') }))).toBe(8403n)
  })

  it.each([
    ['2026-04-01T08:00Z', 2803n, 7097n],
    ['2026-04-29T08:00Z', 97n, 9803n],
  ])('on %s the credit is %s and %s is paid', (now, credit, pays) => {
    const changed = expectOutcome(engine.decideChange(from(starter, pro, { now: at(now) })), 'changes_now')
    expect(changed.amounts).toMatchObject({ creditMinor: credit, totalMinor: pays })
  })

  it('a quarter of 300.00 to one of 600.00 with 45 of 90 days left: 45000, next on 15 May', () => {
    const quarter = plan({
      interval: 'quarterly',
      basePriceMinor: minor(30_000n),
      planId: 'q1',
      sortOrder: 1,
    })
    const state = subscription({ plan: quarter, position: positioned('2026-01-01', 'quarterly', 1) })
    const target = plan({ interval: 'quarterly', basePriceMinor: minor(60_000n) })
    const changed = expectOutcome(
      engine.decideChange(changeFacts({ subscription: state, target, now: at('2026-02-15T00:00Z') })),
      'changes_now',
    )
    expect(changed.amounts.totalMinor).toBe(45_000n)
    expect(engine.currentPeriod(changed.subscription.position).end.toString()).toBe('2026-05-15')
  })

  it('credit is of what was really paid: 19900 − 2475 = 17425', () => {
    const state = subscription({ plan: starter, basePaidMinor: minor(4950n) })
    expect(
      total(changeFacts({ subscription: state, target: plan({ basePriceMinor: minor(19_900n) }) })),
    ).toBe(17_425n)
  })

  it.each([
    ['8 seats fit the larger plan: 29900 − 4950', 8n, 24_950n],
    ['12 seats are two too many: + 2 × 20.00', 12n, 28_950n],
  ])('%s', (_, count, pays) => {
    const target = plan({
      planId: 'business',
      sortOrder: 3,
      basePriceMinor: minor(29_900n),
      features: [seats(10n)],
    })
    const facts = from(plan({ features: [seats(5n)] }), target, {
      consumption: consumption({ counts: [held('seats', count)] }),
    })
    expect(total(facts)).toBe(pays)
  })

  it('25 tasks fit 50: 7900 − 1450 = 6450', () => {
    const tasks = (included: bigint) =>
      countTerms('quota', { includedUnits: included, overage: { enabled: true, unitPriceRate: rate(7500n) } })
    const small = { ...starter, features: [tasks(15n)] }
    const target = plan({ basePriceMinor: minor(7900n), features: [tasks(50n)] })
    expect(total(from(small, target, { consumption: consumption({ counts: [held('quota', 25n)] }) }))).toBe(
      6450n,
    )
  })

  it('pending overage comes along: 9900 − 1450 + 5000 × 0.02 = 18450', () => {
    const calls = usageTerms('calls', { overage: { enabled: true, unitPriceRate: rate(200n) } })
    const facts = from({ ...starter, features: [calls] }, pro, {
      consumption: consumption({ usage: [{ featureCode: 'calls', units: 5000n }] }),
    })
    expect(total(facts)).toBe(18_450n)
  })

  it('credits plan 20.00 to 40.00: 3000, plan credits anew, bought ones kept', () => {
    const small = plan({
      planId: 'c1',
      sortOrder: 1,
      consumptionModel: 'credits',
      basePriceMinor: minor(2000n),
      includedCredits: 500n,
    })
    const target = plan({ consumptionModel: 'credits', basePriceMinor: minor(4000n), includedCredits: 1000n })
    const pool = { model: 'credits', planCredits: 120n, purchasedCredits: 77n } as const
    const changed = expectOutcome(
      engine.decideChange(from(small, target, { consumption: consumption({ pool }) })),
      'changes_now',
    )
    expect(changed.amounts.totalMinor).toBe(3000n)
    expect(changed.consumption.pool).toEqual({ model: 'credits', planCredits: 1000n, purchasedCredits: 77n })
  })

  it('free to 99.00 costs 9900 and needs a checkout', () => {
    const free = plan({ planId: 'free', sortOrder: 0, isFree: true, basePriceMinor: minor(0n) })
    expect(expectOutcome(engine.decideChange(from(free, pro)), 'requires_checkout').amounts).toMatchObject({
      totalMinor: 9900n,
      creditMinor: 0n,
    })
  })

  it('a trial changed to Pro costs 9900 without credit', () => {
    const state = subscription({ plan: starter, status: 'trialing', trialEndsOn: day('2026-04-20') })
    const changed = expectOutcome(
      engine.decideChange(changeFacts({ subscription: state, target: pro })),
      'changes_now',
    )
    expect(changed).toMatchObject({
      reason: 'trial_converted',
      amounts: { creditMinor: 0n, totalMinor: 9900n },
    })
  })

  it('a dearer year changed to a cheaper, higher one pays 0 and keeps 20137 as credit', () => {
    const dear = plan({ planId: 'y1', sortOrder: 1, interval: 'yearly', basePriceMinor: minor(120_000n) })
    const target = plan({ interval: 'yearly', basePriceMinor: minor(90_000n) })
    const state = subscription({ plan: dear, position: positioned('2026-01-01', 'yearly') })
    const changed = expectOutcome(
      engine.decideChange(changeFacts({ subscription: state, target, now: at('2026-01-30T12:00Z') })),
      'changes_now',
    )
    expect(changed.amounts).toMatchObject({
      creditMinor: 110_137n,
      netMinor: -20_137n,
      totalMinor: 0n,
      remainingCreditMinor: 20_137n,
    })
    expect(changed.invoice).toMatchObject({ creditGrantedMinor: 20_137n, totalMinor: 0n, status: 'paid' })
  })

  it('V17: monthly Pro to the lower Starter by the year is now, for the interval wins', () => {
    const facts = from(
      pro,
      plan({ planId: 'starter', sortOrder: 1, interval: 'yearly', basePriceMinor: minor(29_000n) }),
    )
    expect(engine.decideChange(facts)).toMatchObject({ outcome: 'changes_now', reason: 'longer_interval' })
  })

  it('a balance below zero comes along: −150000 adds 1500', () => {
    const small = plan({
      planId: 'b1',
      sortOrder: 1,
      consumptionModel: 'balance',
      basePriceMinor: minor(2900n),
    })
    const target = plan({ consumptionModel: 'balance', includedBalanceMinor: minor(1000n) })
    const pool = {
      model: 'balance',
      balanceRate: rate(-150_000n),
      spent: [{ featureCode: 'ai', spentRate: rate(150_000n) }],
    } as const
    const changed = expectOutcome(
      engine.decideChange(from(small, target, { consumption: consumption({ pool }) })),
      'changes_now',
    )
    expect(changed.amounts.totalMinor).toBe(9900n - 1450n + 1500n)
    expect(changed.consumption.pool).toEqual({ model: 'balance', balanceRate: 100_000n, spent: [] })
  })
})

describe('usage overage', () => {
  const lineFor = (included: bigint, used: bigint, price: bigint) =>
    expectOutcome(
      engine.decideRenewal(
        renewalFacts({
          subscription: subscription({
            plan: plan({
              features: [
                usageTerms('calls', {
                  includedUnits: included,
                  overage: { enabled: true, unitPriceRate: rate(price) },
                }),
              ],
            }),
          }),
          consumption: consumption({ usage: [{ featureCode: 'calls', units: used }] }),
        }),
      ),
      'renews',
    ).invoice?.lines[1]?.amountMinor

  it.each([
    ['V8: 2500 × 0.01', 10_000n, 12_500n, 100n, 2500n],
    ['4500 × 0.002', 10_000n, 14_500n, 20n, 900n],
    ['below a cent: 333 × 0.0015 = 49.95 cents', 0n, 333n, 15n, 50n],
  ])('%s', (_, included, used, price, amount) => {
    expect(lineFor(included, used, price)).toBe(amount)
  })

  it('setting 120 to 100 adjusts by −20', () => {
    expect(engine.decideUsageTotal(plan(), 120n, 100n)).toEqual({
      outcome: 'adjusted',
      previousUnits: 120n,
      adjustmentUnits: -20n,
    })
  })
})

describe('credits and balance', () => {
  const creditsPlan = plan({
    consumptionModel: 'credits',
    includedCredits: 100n,
    features: [usageTerms('calls', { creditsPerUnit: 4n })],
  })
  const use = (terms: engine.PlanTerms, units: bigint, pool: engine.Pool) =>
    engine.decideUsage({
      status: 'active',
      plan: terms,
      addOns: [],
      featureCode: 'calls',
      consumed: { kind: 'units', units },
      usedUnits: 0n,
      pool,
    })

  it('V11: 30 units of 4 take 100 plan credits and 20 bought ones; 31 more are refused', () => {
    const used = expectOutcome(
      use(creditsPlan, 30n, { model: 'credits', planCredits: 100n, purchasedCredits: 50n }),
      'recorded',
    )
    expect(used.pool).toEqual({ model: 'credits', planCredits: 0n, purchasedCredits: 30n })
    expect(used.draw).toEqual({ model: 'credits', deducted: 120n, remaining: 30n })
    const one = { ...creditsPlan, features: [usageTerms('calls', { creditsPerUnit: 1n })] }
    expect(use(one, 31n, used.pool)).toEqual({ outcome: 'refused', reason: 'insufficient_credits' })
    expect(engine.refill(used.pool, creditsPlan)).toMatchObject({
      pool: { planCredits: 100n, purchasedCredits: 30n },
      reset: { expired: 0n, granted: 100n },
    })
  })

  it('40 plan credits left over expire at the reset', () => {
    const refilled = engine.refill({ model: 'credits', planCredits: 40n, purchasedCredits: 30n }, creditsPlan)
    expect(refilled.reset).toEqual({ kind: 'credits', expired: 40n, granted: 100n, purchased: 30n })
  })

  const balancePlan = plan({
    consumptionModel: 'balance',
    includedBalanceMinor: minor(1000n),
    features: [usageTerms('calls', { overage: { enabled: true, unitPriceRate: rate(1000n) } })],
  })
  const full = engine.refill({ model: 'none' }, balancePlan).pool

  it('V12: 10.00 included and 12.00 used owe 2.00, then 10.00 again', () => {
    const used = expectOutcome(use(balancePlan, 120n, full), 'recorded')
    expect(used.draw).toEqual({ model: 'balance', deductedRate: 120_000n, remainingRate: -20_000n })
    const renewed = expectOutcome(
      engine.decideRenewal(
        renewalFacts({
          subscription: subscription({ plan: balancePlan }),
          consumption: consumption({ pool: used.pool }),
        }),
      ),
      'renews',
    )
    expect(renewed.invoice?.lines[1]).toMatchObject({
      lineType: 'balance_overage',
      amountMinor: 200n,
      breakdown: [{ featureCode: 'calls', amountMinor: 200n }],
    })
    expect(renewed.consumption.pool).toEqual({ model: 'balance', balanceRate: 100_000n, spent: [] })
  })

  it('a top-up of 50.00 first leaves 480000, which the reset discards', () => {
    const bought = expectOutcome(
      engine.decideBalanceTopUp(
        {
          subscription: subscription({ plan: balancePlan }),
          pool: full,
          billing: billing(),
          now: at('2026-04-10T10:00Z'),
        },
        minor(5000n),
      ),
      'charge_first',
    )
    expect(bought.invoice).toMatchObject({ type: 'balance_topup', totalMinor: 5000n })
    const used = expectOutcome(use(balancePlan, 120n, bought.pool), 'recorded')
    expect(used.draw).toMatchObject({ remainingRate: 480_000n })
    expect(engine.refill(used.pool, balancePlan).pool).toEqual(full)
    expect(engine.refill(used.pool, balancePlan).reset).toEqual({
      kind: 'balance',
      beforeRate: 480_000n,
      grantedRate: 100_000n,
    })
  })

  it('V10: AI tokens 1000 in, 500 out, margin 20 %: 126; with 400 read from cache: 114', () => {
    const prices = {
      inputRate: rate(30_000n),
      outputRate: rate(150_000n),
      cacheReadRate: rate(3000n),
      cacheWriteRate: rate(37_500n),
    }
    const tokens = { input: 1000n, output: 500n, cacheRead: 0n, cacheWrite: 0n }
    expect(engine.aiTokenCost(tokens, prices, 2000n)).toBe(126n)
    expect(engine.aiTokenCost({ ...tokens, cacheRead: 400n }, prices, 2000n)).toBe(114n)
  })
})

describe('seats and quota', () => {
  const renewWith = (features: readonly engine.FeatureTerms[], counts: readonly engine.CountHistory[]) =>
    expectOutcome(
      engine.decideRenewal(
        renewalFacts({
          subscription: subscription({ plan: plan({ features }) }),
          consumption: consumption({ counts }),
        }),
      ),
      'renews',
    ).invoice?.lines.map((line) => [line.lineType, line.chargeType, line.amountMinor])

  it('7 seats, +3 on day 15, −1, +1: true-up 3750 and 12500 ahead', () => {
    const counts = [
      held('seats', 7n, [
        ['2026-04-15T10:00Z', 10n],
        ['2026-04-20T10:00Z', 9n],
        ['2026-04-25T10:00Z', 10n],
      ]),
    ]
    expect(renewWith([countTerms('seats')], counts)).toEqual([
      ['plan_base', 'advance', 9900n],
      ['feature_seats', 'advance', 12_500n],
      ['feature_seats', 'true_up', 3750n],
    ])
  })

  it('7 seats of 5 cost 5000 ahead', () => {
    expect(renewWith([countTerms('seats')], [held('seats', 7n)])?.[1]).toEqual([
      'feature_seats',
      'advance',
      5000n,
    ])
  })

  it('V14: quota 15 → 25 on day 15, −10 on day 20: true-up 375; at 25 ahead 750', () => {
    const terms = [
      countTerms('quota', { includedUnits: 15n, overage: { enabled: true, unitPriceRate: rate(7500n) } }),
    ]
    expect(
      renewWith(terms, [
        held('quota', 15n, [
          ['2026-04-15T10:00Z', 25n],
          ['2026-04-20T10:00Z', 15n],
        ]),
      ])?.slice(1),
    ).toEqual([['feature_quota', 'true_up', 375n]])
    expect(renewWith(terms, [held('quota', 25n)])?.slice(1)).toEqual([['feature_quota', 'advance', 750n]])
  })
})

describe('add-ons', () => {
  it('50.00 switched on on day 11 of 31 costs 3226', () => {
    const state = subscription({ position: positioned('2026-01-01', 'monthly') })
    const bought = expectOutcome(
      engine.decideAddOnActivation({
        subscription: state,
        addOn: addOn(),
        billing: billing(),
        now: at('2026-01-11T10:00Z'),
      }),
      'charge_first',
    )
    expect(bought.invoice).toMatchObject({ type: 'addon_activation', totalMinor: 3226n })
    expect(bought.proratedRate).toBe(322_600n)
  })

  it('a renewal with usage and two add-ons: 9900 + 2500 + 1500 + 2400 + 5000 = 21300', () => {
    const sms = addOn({
      addOnId: 'sms',
      name: 'SMS',
      featureCode: 'sms',
      model: 'metered',
      basePriceMinor: minor(1500n),
      includedUnits: 100n,
      overageRate: rate(200n),
    })
    const facts = renewalFacts({
      subscription: subscription({
        plan: plan({ features: [usageTerms('calls', { includedUnits: 10_000n })] }),
        addOns: [sms, addOn()],
      }),
      consumption: consumption({
        usage: [
          { featureCode: 'calls', units: 12_500n },
          { featureCode: 'sms', units: 1300n },
        ],
      }),
    })
    expect(expectOutcome(engine.decideRenewal(facts), 'renews').invoice?.totalMinor).toBe(21_300n)
  })
})

describe('offers', () => {
  const basesOf = (applied: engine.OfferApplication, terms: engine.PlanTerms, count: number) => {
    const paid: bigint[] = []
    let standing: engine.Standing = {
      subscription: subscription({ plan: terms, offer: applied }),
      consumption: consumption(),
    }
    for (let index = 0; index < count; index += 1) {
      const renewed = expectOutcome(engine.previewRenewal(renewalFacts(standing)), 'renews')
      if (renewed.invoice?.type === 'recurring') paid.push(renewed.invoice.totalMinor)
      standing = renewed
    }
    return paid
  }

  it('V19: half off three times, then the full price', () => {
    expect(basesOf(offer([{ kind: 'percentage', basisPoints: 5000n, cycles: 3 }]), plan(), 4)).toEqual([
      4950n,
      4950n,
      4950n,
      9900n,
    ])
  })

  it('30.00 off a base of 20.00 is 20.00 off', () => {
    const applied = offer([
      { kind: 'amount_off', amounts: [{ amountMinor: minor(3000n), currency: 'usd' }], cycles: null },
    ])
    expect(engine.decideDiscount(plan({ basePriceMinor: minor(2000n) }), applied)).toMatchObject({
      discountMinor: 2000n,
    })
  })

  it('a price fixed at 49.00 for two cycles of 99.00', () => {
    const applied = offer([
      { kind: 'fixed_price', prices: [{ amountMinor: minor(4900n), currency: 'usd' }], cycles: 2 },
    ])
    expect(basesOf(applied, plan(), 3)).toEqual([4900n, 4900n, 9900n])
    expect(engine.decideDiscount(plan(), applied)).toMatchObject({ line: { amountMinor: -5000n } })
  })

  it('two cycles of a yearly price are two years', () => {
    const yearly = plan({ interval: 'yearly', basePriceMinor: minor(10_000n) })
    expect(basesOf(offer([{ kind: 'percentage', basisPoints: 1000n, cycles: 2 }]), yearly, 36)).toEqual([
      9000n,
      9000n,
      10_000n,
    ])
  })

  it('an offer without an amount in the currency takes nothing off', () => {
    const applied = offer([
      { kind: 'amount_off', amounts: [{ amountMinor: minor(3000n), currency: 'eur' }], cycles: null },
    ])
    expect(engine.decideDiscount(plan(), applied)).toEqual({
      outcome: 'none',
      reason: 'no_amount_in_currency',
    })
  })
})

describe('figures', () => {
  it('a year of 899.00 is 74.92 a month; 2 of 50 are 4 %', () => {
    expect(engine.monthlyValue(minor(89_900n), 'yearly')).toBe(7492n)
    expect(engine.monthlyValue(minor(1200n), 'weekly')).toBe(5200n)
    expect(engine.monthlyValue(minor(1000n), 'quarterly')).toBe(333n)
    expect(engine.basisPointsOf(2, 50)).toBe(400)
  })

  it('scales: 10000 in rate scale is one dollar or one yen', () => {
    expect(engine.rateToMinor(rate(10_000n), 'usd')).toBe(100n)
    expect(engine.rateToMinor(rate(10_000n), 'jpy')).toBe(1n)
    expect(engine.minorToRate(minor(1000n), 'usd')).toBe(100_000n)
  })
})
