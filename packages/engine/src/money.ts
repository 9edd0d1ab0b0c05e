/*
 * Owns amounts: the two scales, the currencies and every way a division may round.
 * Does not own what an amount is for.
 * Always holds: an amount is a whole number of its unit, held in a bigint; a float never appears.
 */

/** An amount in the minor unit of a currency: 100 is $1.00, and 100 is ¥100 where a currency has no decimals. */
export type Minor = bigint & { readonly unit: 'minor' }

/** An amount in rate scale: 10000 is one whole unit of the currency ($1.00), so 1 is a hundredth of a cent. */
export type Rate = bigint & { readonly unit: 'rate' }

/** The currencies a price may be in, as lower-case ISO codes. */
export type Currency =
  | 'usd'
  | 'ars'
  | 'brl'
  | 'clp'
  | 'cop'
  | 'pen'
  | 'uyu'
  | 'pyg'
  | 'bob'
  | 'mxn'
  | 'cad'
  | 'eur'
  | 'jpy'
  | 'cny'
  | 'krw'
  | 'hkd'
  | 'sgd'
  | 'twd'
  | 'inr'
  | 'thb'

/** An amount in minor units together with its currency. */
export type Money = { readonly amountMinor: Minor; readonly currency: Currency }

const RATE_PER_MAJOR = 10_000n
const CURRENCIES_WITHOUT_DECIMALS: readonly Currency[] = ['clp', 'pyg', 'jpy', 'krw']

/** Marks a whole number as minor units. The only place, with `rate`, where a brand is put on. */
export function minor(amount: bigint): Minor {
  return amount as Minor
}

/** Marks a whole number as rate scale (10000 = one whole unit of the currency). */
export function rate(amount: bigint): Rate {
  return amount as Rate
}

export const ZERO_MINOR: Minor = minor(0n)
export const ZERO_RATE: Rate = rate(0n)

/** The sum of amounts of one currency, in minor units; zero for none. */
export function sumMinor(amounts: readonly Minor[]): Minor {
  return minor(amounts.reduce((total: bigint, amount) => total + amount, 0n))
}

/** The smaller of two amounts, in minor units. */
export function lesserMinor(left: Minor, right: Minor): Minor {
  return left < right ? left : right
}

/** The same amount with the other sign, in minor units. */
export function negateMinor(amount: Minor): Minor {
  return minor(-amount)
}

/** The amount, or zero where it is below zero, in minor units. */
export function atLeastZero(amount: Minor): Minor {
  return amount > 0n ? amount : ZERO_MINOR
}

/**
 * Divides and rounds to the nearest whole number; a half goes away from zero, so that a charge and its exact
 * reversal round to mirrored amounts. The divisor is above zero. Rule R-ROUND.
 */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const magnitude = dividend < 0n ? -dividend : dividend
  const rounded = (2n * magnitude + divisor) / (2n * divisor)
  return dividend < 0n ? -rounded : rounded
}

/** Divides a dividend that is not below zero and rounds up. The divisor is above zero. Rule R-AI. */
export function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor
}

/** How many rate units make one minor unit: 100 for most currencies, 10000 for those without decimals. */
export function ratePerMinor(currency: Currency): bigint {
  return CURRENCIES_WITHOUT_DECIMALS.includes(currency) ? RATE_PER_MAJOR : RATE_PER_MAJOR / 100n
}

/** Rate scale to minor units, to the nearest, a half away from zero. Rules R-SCALE and R-ROUND. */
export function rateToMinor(amount: Rate, currency: Currency): Minor {
  return minor(divideHalfUp(amount, ratePerMinor(currency)))
}

/** Minor units to rate scale; exact. Rule R-SCALE (A7). */
export function minorToRate(amount: Minor, currency: Currency): Rate {
  return rate(amount * ratePerMinor(currency))
}

/** A share of an amount in basis points (10000 = all of it), to the nearest minor unit. Rule R-ROUND. */
export function shareOf(amount: Minor, basisPoints: bigint): Minor {
  return minor(divideHalfUp(amount * basisPoints, 10_000n))
}

/**
 * Hands out an amount in proportion to the weights, every minor unit of it: each part gets its share rounded
 * towards zero, and the units left over go one by one to the parts that lost most, the earlier first.
 * Weights are not below zero; where all are zero the parts are equal. Rule R-ALLOCATE.
 */
export function allocate(total: Minor, weights: readonly bigint[]): readonly Minor[] {
  const magnitude = total < 0n ? -total : total
  const parts = allocateMagnitude(
    magnitude,
    weights.some((weight) => weight > 0n) ? weights : weights.map(() => 1n),
  )
  return parts.map((part) => minor(total < 0n ? -part : part))
}

function allocateMagnitude(total: bigint, weights: readonly bigint[]): readonly bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  const shares = weights.map((weight, index) => ({
    index,
    part: (total * weight) / whole,
    lost: (total * weight) % whole,
  }))
  const left = total - shares.reduce((sum, share) => sum + share.part, 0n)
  const byLoss = shares.toSorted((a, b) => (a.lost === b.lost ? a.index - b.index : a.lost > b.lost ? -1 : 1))
  const topped = new Set(byLoss.slice(0, Number(left)).map((share) => share.index))
  return shares.map((share) => share.part + (topped.has(share.index) ? 1n : 0n))
}
