/** The tax ID that a country gives to businesses, by ISO 3166-1 code. */
const typeByCountry: Readonly<Record<string, string>> = {
  AR: 'CUIT',
  BO: 'NIT',
  BR: 'CNPJ',
  CA: 'BN',
  CL: 'RUT',
  CO: 'NIT',
  CR: 'CEDULA_JURIDICA',
  EC: 'RUC',
  GB: 'VAT',
  GT: 'NIT',
  IN: 'GSTIN',
  MX: 'RFC',
  PE: 'RUC',
  PY: 'RUC',
  US: 'EIN',
  UY: 'RUT',
  VE: 'RIF',
  ...Object.fromEntries(
    'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'
      .split(' ')
      .map((country) => [country, 'VAT']),
  ),
}

/** The kind of a tax ID, derived from the country of the address; null where it is not known. */
export function documentTypeOf(country: string | undefined): string | null {
  return country === undefined ? null : (typeByCountry[country] ?? null)
}
