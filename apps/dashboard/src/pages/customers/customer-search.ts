/** What was chosen in the list of customers, as its address says it. */

export type CustomerSearch = {
  readonly search?: string
  readonly email?: string
  /** First day and the day after the last, such as 2026-07-11, in the reader's zone. */
  readonly after?: string
  readonly before?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly order?: 'asc'
}

/** Reads the address; what it does not know is left out. */
export function readCustomerSearch(raw: Readonly<Record<string, unknown>>): CustomerSearch {
  const names = ['search', 'email', 'after', 'before'] as const
  const given = names.filter((name) => raw[name] !== undefined && raw[name] !== '')
  const metadata = readMetadata(raw.metadata)
  return {
    ...Object.fromEntries(given.map((name) => [name, String(raw[name])])),
    ...(metadata === undefined ? {} : { metadata }),
    ...(raw.order === 'asc' ? { order: 'asc' as const } : {}),
  }
}

function readMetadata(raw: unknown): CustomerSearch['metadata'] {
  if (typeof raw !== 'object' || raw === null) return undefined
  const entries = Object.entries(raw).filter(([key, value]) => key !== '' && value !== '')
  return entries.length === 0
    ? undefined
    : Object.fromEntries(entries.map(([key, value]) => [key, String(value)]))
}

/** Whether anything is left out of the list. */
export function isFiltered({ order: _, ...filters }: CustomerSearch): boolean {
  return Object.keys(filters).length > 0
}

/** What was chosen, as the API asks for it. */
export function filterOf({ search, email, after, before, metadata, order }: CustomerSearch) {
  const from = startOfDay(after)
  return {
    search,
    email,
    metadata,
    order,
    // The API leaves out what was created at this very instant.
    createdAfter: from === undefined ? undefined : new Date(from.getTime() - 1),
    createdBefore: startOfDay(before),
  }
}

/** Midnight of the reader's zone; a date that is none filters nothing. */
export function startOfDay(date: string | undefined): Date | undefined {
  const start = new Date(`${date}T00:00:00`)
  return Number.isNaN(start.getTime()) ? undefined : start
}
