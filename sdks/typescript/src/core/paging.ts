// Owns lists: one page, and the walk over all of them.
// Does not know any resource; a page is fetched by the function it is given.
// Always: a list call sends one request; further ones only as iteration needs them.

import { CommetAPIError } from './errors.ts'

/** One page of a list. Iterating it yields its own items, then those of every page after it. */
export interface Page<T> extends AsyncIterable<T> {
  readonly data: T[]
  /** Whether there is a page after this one. */
  readonly hasMore: boolean
  /** Pass it as `cursor` for the next page; undefined on the last one. Opaque: never parse or build it. */
  readonly nextCursor: string | undefined
  /** The `x-request-id` of the answer. */
  readonly requestId: string | undefined
}

/** What a list call returns: await it for one page, or `for await` over it for every item of all pages. */
export interface ListPromise<T> extends Promise<Page<T>>, AsyncIterable<T> {}

/** The fields of one page as the server sent them. */
export type PageFields<T> = Omit<Page<T>, typeof Symbol.asyncIterator>

/** Starts with the page at `cursor`; `fetchPage` is called again for each page the caller iterates to. */
export function listPages<T>(
  fetchPage: (cursor: string | undefined) => Promise<PageFields<T>>,
  cursor: string | undefined,
): ListPromise<T> {
  const first = fetchPage(cursor).then((fields) =>
    iterable(fields, () => itemsFrom(fields, cursor, fetchPage)),
  )
  return iterable(first, async function* () {
    yield* await first
  })
}

async function* itemsFrom<T>(
  first: PageFields<T>,
  firstCursor: string | undefined,
  fetchPage: (cursor: string | undefined) => Promise<PageFields<T>>,
): AsyncGenerator<T, void, undefined> {
  let [page, cursor] = [first, firstCursor]
  for (;;) {
    yield* page.data
    if (!page.hasMore || page.nextCursor === undefined) return
    if (page.nextCursor === cursor) throw repeatedCursor(page.requestId)
    cursor = page.nextCursor
    page = await fetchPage(cursor)
  }
}

/** Not enumerable, so a page still compares, spreads and serializes as its fields. */
function iterable<T, Target extends object>(
  target: Target,
  iterate: () => AsyncIterator<T, void, undefined>,
): Target & AsyncIterable<T> {
  Object.defineProperty(target, Symbol.asyncIterator, { value: iterate })
  // defineProperty cannot tell the compiler what it added.
  return target as Target & AsyncIterable<T>
}

function repeatedCursor(requestId: string | undefined): CommetAPIError {
  const message = 'The server answered a page whose next page is itself; the walk was stopped'
  const fields = { code: 'UNEXPECTED_RESPONSE', type: 'api_error', statusCode: 200 }
  return new CommetAPIError({ ...fields, message, requestId })
}
