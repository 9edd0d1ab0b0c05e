import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'

/** What a list answers of one page; the client library's `Page` fits. */
export type LoadedPage<Item> = {
  readonly data: readonly Item[]
  readonly hasMore: boolean
  readonly nextCursor: string | undefined
}

type Load<Item> = (cursor: string | undefined, signal: AbortSignal) => Promise<LoadedPage<Item>>

type Options = {
  /** How often to look again by itself, told how many rows there are. */
  readonly refetchEveryMs?: (rows: number) => number | undefined
}

/**
 * A list that grows page by page. While another choice loads, the former rows stay; those of another environment, which the
 * key begins with, never do.
 */
export function usePagesOfList<Item>(queryKey: QueryKey, load: Load<Item>, options: Options = {}) {
  const query = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const { data, hasMore, nextCursor } = await load(pageParam, signal)
      return { data, nextCursor: hasMore ? nextCursor : undefined }
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (old, oldQuery) => (oldQuery?.queryKey[0] === queryKey[0] ? old : undefined),
    refetchInterval: ({ state }) => {
      const rows = state.data?.pages.reduce((sum, { data }) => sum + data.length, 0)
      return (rows === undefined ? undefined : options.refetchEveryMs?.(rows)) ?? false
    },
  })
  return { ...query, items: query.data?.pages.flatMap(({ data }) => data) ?? [] }
}
