import { useLocation } from '@tanstack/react-router'
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { Failure } from './failure.tsx'
import { OtherEnvironment } from './other-environment.tsx'

/** The thing of a list that the address names behind its `#`, such as a key that was pasted somewhere. */

type NamedRow = {
  /** How the IDs of this list begin. */
  readonly prefix: string
  readonly list: RefObject<HTMLElement | null>
  readonly rows: {
    readonly items: readonly { readonly id: string }[]
    readonly isSuccess: boolean
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    fetchNextPage(): unknown
  }
}

/** Its row gets the focus, once; further pages are loaded until it comes. Answers what to say where there is none. */
export function useNamedRow({ prefix, list, rows }: NamedRow): ReactNode {
  const named = useLocation({ select: ({ hash }) => hash })
  const isOurs = named.startsWith(prefix)
  const shown = useRef<string>(undefined)
  const isHere = rows.items.some(({ id }) => id === named)
  const isMissing = isOurs && !isHere && rows.isSuccess
  const mayFollow = isMissing && rows.hasNextPage
  useEffect(() => {
    if (!isHere || shown.current === named) return
    shown.current = named
    const item = list.current?.querySelector<HTMLElement>(`tr[id="${CSS.escape(named)}"] [data-list-item]`)
    item?.focus({ preventScroll: true })
    item?.scrollIntoView({ block: 'center' })
  }, [isHere, named, list])
  const { fetchNextPage, isFetchingNextPage } = rows
  useEffect(() => {
    if (mayFollow && !isFetchingNextPage) void fetchNextPage()
  }, [mayFollow, isFetchingNextPage, fetchNextPage])
  if (!isMissing || mayFollow || shown.current === named) return null
  return (
    <div className="mb-4">
      <Failure>There is no {named} here.</Failure>
      <OtherEnvironment />
    </div>
  )
}
