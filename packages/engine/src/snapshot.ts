/*
 * Owns the feature terms a running period is billed by: what an edit of the plan changes now, and what waits.
 * Does not own prices, which are read anew at every renewal.
 * Always holds: an edit never makes a running period worse for the customer.
 */
import type { CountTerms, FeatureTerms, Overage, PlanTerms, UsageTerms } from './plan.ts'

/**
 * The features of a running period after their plan was edited: what helps the customer holds at once, for the
 * whole period; what harms waits for the renewal. A switch of a feature's type or of overage on or off waits too.
 * Rule R-SNAPSHOT.
 */
export function editedSnapshot(
  running: readonly FeatureTerms[],
  edited: readonly FeatureTerms[],
): readonly FeatureTerms[] {
  const kept = running.map((terms) =>
    betterTerms(
      terms,
      edited.find((candidate) => candidate.code === terms.code),
    ),
  )
  const added = edited.filter((terms) => running.every((known) => known.code !== terms.code))
  return [...kept, ...added]
}

function betterTerms(running: FeatureTerms, edited: FeatureTerms | undefined): FeatureTerms {
  if (edited === undefined || edited.type !== running.type) return running
  const enabled = running.enabled || edited.enabled
  if (running.type === 'boolean' || edited.type === 'boolean') return { ...running, enabled }
  if (running.type === 'usage' && edited.type === 'usage') return { ...betterUsage(running, edited), enabled }
  return { ...betterLimits(running, edited), enabled }
}

function betterUsage(running: UsageTerms, edited: UsageTerms): UsageTerms {
  const { aiMarginBasisPoints: margin } = running
  const editedMargin = edited.aiMarginBasisPoints
  return {
    ...betterLimits(running, edited),
    creditsPerUnit: lesser(running.creditsPerUnit, edited.creditsPerUnit),
    aiMarginBasisPoints: margin === null || editedMargin === null ? margin : lesser(margin, editedMargin),
  }
}

function betterLimits<Terms extends UsageTerms | CountTerms>(
  running: Terms,
  edited: UsageTerms | CountTerms,
): Terms {
  return {
    ...running,
    includedUnits: greater(running.includedUnits, edited.includedUnits),
    unlimited: running.unlimited || edited.unlimited,
    overage: betterOverage(running.overage, edited.overage),
  }
}

function betterOverage(running: Overage, edited: Overage): Overage {
  const comparable = running.enabled && edited.enabled
  return comparable
    ? { enabled: true, unitPriceRate: lesser(running.unitPriceRate, edited.unitPriceRate) }
    : running
}

/**
 * The plan with a grant of another plan laid over it: a feature either has is had, and the larger limit counts.
 * Prices stay the plan's own, for a grant changes nothing in billing. Rule R-GRANT.
 */
export function withGrant(plan: PlanTerms, granted: PlanTerms): PlanTerms {
  const merged = plan.features.map((terms) => {
    const extra = granted.features.find((candidate) => candidate.code === terms.code)
    return extra === undefined || extra.type !== terms.type ? terms : mergeGranted(terms, extra)
  })
  const added = granted.features.filter((terms) => plan.features.every((known) => known.code !== terms.code))
  return { ...plan, features: [...merged, ...added] }
}

function mergeGranted(own: FeatureTerms, extra: FeatureTerms): FeatureTerms {
  const enabled = own.enabled || extra.enabled
  if (own.type === 'boolean' || extra.type === 'boolean') return { ...own, enabled }
  const includedUnits = greater(own.includedUnits, extra.includedUnits)
  return { ...own, enabled, includedUnits, unlimited: own.unlimited || extra.unlimited }
}

function lesser<Amount extends bigint>(left: Amount, right: Amount): Amount {
  return left < right ? left : right
}

function greater(left: bigint, right: bigint): bigint {
  return left > right ? left : right
}
