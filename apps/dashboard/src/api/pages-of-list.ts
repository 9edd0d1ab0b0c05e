import { keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query'

/** What a list answers of one page; the client library's `Page` fits. */
export type LoadedPage<Item> = {
  readonly data: readonly Item[]
  readonly hasMore: boolean
  readonly nextCursor: string | undefined
}

type Load<Item> = (cursor: string | undefined, signal: AbortSignal) => Promise<LoadedPage<Item>>

/** A list that grows page by page. While another choice loads, the former rows stay. */
export function usePagesOfList<Item>(queryKey: QueryKey, load: Load<Item>) {
  const query = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const { data, hasMore, nextCursor } = await load(pageParam, signal)
      return { data, nextCursor: hasMore ? nextCursor : undefined }
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  })
  return { ...query, items: query.data?.pages.flatMap(({ data }) => data) ?? [] }
}
