/** The code of a page did not come: the server is away, or was replaced by one whose files have other names. */
export class PageNotLoaded extends Error {
  override readonly name = 'PageNotLoaded'
}

export function notLoaded(cause: unknown): never {
  throw new PageNotLoaded('The page was not loaded', { cause })
}
