/** What was chosen in the log of requests, as its address says it. */

export const statusClasses = ['2xx', '4xx', '5xx'] as const
export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export type RequestSearch = {
  readonly status?: (typeof statusClasses)[number]
  readonly method?: (typeof methods)[number]
  /** ID of a key or a person. */
  readonly caller?: string
}

/** Reads the address; what it does not know is left out. */
export function readRequestSearch(raw: Readonly<Record<string, unknown>>): RequestSearch {
  const status = statusClasses.find((one) => one === raw.status)
  const method = methods.find((one) => one === raw.method)
  const caller = typeof raw.caller === 'string' && raw.caller !== '' ? raw.caller.slice(0, 100) : undefined
  return {
    ...(status === undefined ? {} : { status }),
    ...(method === undefined ? {} : { method }),
    ...(caller === undefined ? {} : { caller }),
  }
}
