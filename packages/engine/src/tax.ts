/*
 * Owns which tax rule applies to a customer and how much tax an amount carries.
 * Does not own the calculation of an outside tax service; its answer arrives as a rule.
 * Always holds: tax is exclusive, computed once per invoice, after discount and credit.
 */
import { type Minor, shareOf, ZERO_MINOR } from './money.ts'

/** How an environment taxes: not at all, or by a table of country and region. */
export type TaxPolicy =
  | { readonly kind: 'none' }
  | { readonly kind: 'table'; readonly sellerCountry: string | null; readonly rates: readonly TaxRate[] }

/** A rate in basis points (2100 = 21 %) for a country, or for one region of it. Codes are ISO upper case. */
export type TaxRate = {
  readonly country: string
  readonly region: string | null
  readonly basisPoints: bigint
}

/** Where a customer is taxed. `hasValidTaxId` says that the tax number was checked, not merely given. */
export type TaxLocation = {
  readonly country: string | null
  readonly region: string | null
  readonly hasValidTaxId: boolean
}

/** The rule one invoice is taxed by. */
export type TaxRule =
  | { readonly kind: 'none'; readonly reason: 'no_tax' | 'no_rate' }
  | { readonly kind: 'rate'; readonly basisPoints: bigint; readonly place: string }
  | { readonly kind: 'reverse_charge'; readonly place: string }
  | { readonly kind: 'unavailable' }

const EU = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ')

/**
 * The rule for a customer: a business with a valid tax number in another EU country accounts for the tax itself;
 * else the region's rate, else the country's, else none. Rule R-TAX (A33).
 */
export function decideTaxRule(policy: TaxPolicy, location: TaxLocation): TaxRule {
  if (policy.kind === 'none' || location.country === null) return { kind: 'none', reason: 'no_tax' }
  const { country, region } = location
  if (isReverseCharge(policy.sellerCountry, location)) return { kind: 'reverse_charge', place: country }
  const ofCountry = policy.rates.filter((entry) => entry.country === country)
  const found =
    ofCountry.find((entry) => entry.region !== null && entry.region === region) ??
    ofCountry.find((entry) => entry.region === null)
  if (found === undefined) return { kind: 'none', reason: 'no_rate' }
  const place = found.region === null ? country : `${country}-${found.region}`
  return { kind: 'rate', basisPoints: found.basisPoints, place }
}

function isReverseCharge(sellerCountry: string | null, location: TaxLocation): boolean {
  const { country, hasValidTaxId } = location
  return hasValidTaxId && country !== null && EU.includes(country) && country !== sellerCountry
}

/** The tax on an amount, to the nearest minor unit, a half away from zero. Rules R-TAX (A33) and R-ROUND. */
export function taxOn(taxable: Minor, rule: TaxRule): Minor {
  return rule.kind === 'rate' ? shareOf(taxable, rule.basisPoints) : ZERO_MINOR
}
