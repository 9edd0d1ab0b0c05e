/** What was chosen in the list of customers, as its address says it. */

export type CustomerSearch = {
  readonly search?: string
  readonly email?: string
  readonly after?: string
  readonly before?: string
  readonly order?: 'asc'
}

/** Reads the address; what it does not know is left out. */
export function readCustomerSearch(raw: Readonly<Record<string, unknown>>): CustomerSearch {
  const names = ['search', 'email', 'after', 'before'] as const
  const given = names.filter((name) => raw[name] !== undefined && raw[name] !== '')
  return {
    ...Object.fromEntries(given.map((name) => [name, String(raw[name])])),
    ...(raw.order === 'asc' ? { order: 'asc' as const } : {}),
  }
}
