/** Where somebody was going when they had to sign in: a page of an environment, by its address without the host. */

export type EntrySearch = { readonly next?: string | undefined }

export function readEntrySearch({ next }: Readonly<Record<string, unknown>>): EntrySearch {
  return { next: typeof next === 'string' ? ownPage(next) : undefined }
}

/** Nothing else than a page of ours: the address may have come from anybody. */
function ownPage(address: string): string | undefined {
  const url = URL.parse(address, location.origin)
  if (url?.origin !== location.origin || !/^\/(?:sandbox|live)(?:\/|$)/.test(url.pathname)) return undefined
  return url.pathname + url.search + url.hash
}
