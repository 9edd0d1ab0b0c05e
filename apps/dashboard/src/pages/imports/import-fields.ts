/** What a column of a file can fill, in the words of the pages. */

export const fieldLabels: Readonly<Record<string, string>> = {
  email: 'E-mail address',
  externalId: 'User ID',
  fullName: 'Name',
  taxDocument: 'Tax ID',
  timezone: 'Time zone',
  'address.line1': 'Address, first line',
  'address.line2': 'Address, second line',
  'address.city': 'City',
  'address.state': 'State',
  'address.postalCode': 'Postal code',
  'address.country': 'Country code',
  'address.region': 'Region',
  metadata: 'Metadata as JSON',
  row: 'Row',
}

/** A field as a report names it: those of the reader's own metadata by their key. */
export function labelOf(field: string): string {
  const key = /^metadata\.(.+)$/.exec(field)?.[1]
  return key === undefined ? (fieldLabels[field] ?? field) : `Metadata: ${key}`
}
