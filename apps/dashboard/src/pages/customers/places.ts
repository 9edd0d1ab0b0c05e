/** Countries and time zones, as the browser knows them: no list to carry, and names in the language of the pages. */

/** Codes with a name that are no countries of ISO 3166-1. */
const noCountries = new Set([
  'AC',
  'CP',
  'CQ',
  'DG',
  'EA',
  'EU',
  'EZ',
  'IC',
  'QO',
  'TA',
  'UN',
  'XA',
  'XB',
  'ZZ',
])
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

export type Country = { readonly code: string; readonly name: string }

let countries: readonly Country[] | undefined

/** Every country, by name. */
export function allCountries(): readonly Country[] {
  countries ??= letters
    .flatMap((first) => letters.map((second) => first + second))
    .flatMap((code) => {
      const name = names.of(code)
      return name === undefined || noCountries.has(code) || isFormer(code) ? [] : [{ code, name }]
    })
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
  return countries
}

/** A code that was given up, such as DD, is read as the one that came after it. */
function isFormer(code: string): boolean {
  return new Intl.Locale(`und-${code}`).region !== code
}

/** What people call the country; the code where nobody knows it. */
export function countryName(code: string): string {
  return names.of(code) ?? code
}

export function allTimeZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
}
