import { type ReactNode, useEffect, useRef } from 'react'
import { useHeadingFocus } from './arrival.ts'

/** The heading of a page, also in the tab of the browser, with what can be done at its side. */
export function PageHeader({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useHeadingFocus(heading)
  useEffect(() => {
    document.title = `${title} · Commet`
  }, [title])
  return (
    <div data-slot="page-header" className="mb-5 flex flex-wrap items-center justify-between gap-3">
      <h1 ref={heading} tabIndex={-1} className="min-w-0 text-2xl font-semibold break-words">
        {title}
      </h1>
      {children !== undefined && <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </div>
  )
}
