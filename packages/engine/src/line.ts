/*
 * Owns the shape of an invoice line.
 * Does not own how a line comes about (rating) or how lines add up (invoice).
 * Always holds: a line's amount is already rounded; nothing rounds it again.
 */
import { type Currency, type Minor, minorToRate, type Rate, sumMinor } from './money.ts'
import type { DaysLeft } from './proration.ts'

export type LineType =
  | 'plan_base'
  | 'addon_base'
  | 'feature_overage'
  | 'feature_seats'
  | 'feature_quota'
  | 'balance_overage'
  | 'discount'
  | 'promo_code_discount'
  | 'credit'
  | 'one_time'

/** When a line is charged: at once, ahead for the coming period, or afterwards for an increase within the last. */
export type ChargeType = 'standard' | 'advance' | 'true_up'

/** The discount a line takes off: basis points for a percentage, minor units else. */
export type LineDiscount = {
  readonly type: 'percentage' | 'amount_off' | 'fixed_price'
  readonly value: bigint
  readonly name: string
}

export type InvoiceLine = {
  readonly lineType: LineType
  readonly chargeType: ChargeType
  /** The feature, or of an add-on the feature it brings; null where none is meant. */
  readonly featureCode: string | null
  readonly description: string
  readonly quantity: bigint
  /** Price of one unit in rate scale, so that a price below a cent is shown whole. */
  readonly unitAmountRate: Rate
  /** quantity × unit amount, prorated where `days` is given, rounded once. Below zero on discounts and credits. */
  readonly amountMinor: Minor
  readonly includedUnits: bigint | null
  readonly usedUnits: bigint | null
  readonly overageUnits: bigint | null
  readonly days: DaysLeft | null
  readonly discount: LineDiscount | null
  /** What each feature contributed to a shared amount; empty where the line has one source. */
  readonly breakdown: readonly FeatureShare[]
}

/** A feature's part of an amount, minor units. */
export type FeatureShare = { readonly featureCode: string; readonly amountMinor: Minor }

/** A line of one unit at an amount in minor units. */
export function singleLine(
  lineType: LineType,
  description: string,
  amountMinor: Minor,
  currency: Currency,
): InvoiceLine {
  return {
    lineType,
    chargeType: 'standard',
    featureCode: null,
    description,
    quantity: 1n,
    unitAmountRate: minorToRate(amountMinor, currency),
    amountMinor,
    includedUnits: null,
    usedUnits: null,
    overageUnits: null,
    days: null,
    discount: null,
    breakdown: [],
  }
}

/** The sum of lines, in minor units. */
export function sumLines(lines: readonly InvoiceLine[]): Minor {
  return sumMinor(lines.map((line) => line.amountMinor))
}

/** Whether a line takes off the base price. */
export function isDiscount(line: InvoiceLine): boolean {
  return line.lineType === 'discount' || line.lineType === 'promo_code_discount'
}
