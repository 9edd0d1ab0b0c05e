import { type RefObject, useEffect, useLayoutEffect } from 'react'

/**
 * Where the focus is after another page was opened: at its heading, which screen readers say then; or, where the page lists what
 * was left, at its row. Without it the focus would be where the page before was, and that is gone.
 */

let awaited: { readonly from: string } | undefined

/** Another page is about to be drawn; `from` is the path of the one that was left. */
export function awaitArrival(from: string): void {
  awaited = { from }
}

/** The heading takes the focus. One that replaces it, as soon as more is known, takes it over. */
export function useHeadingFocus(heading: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = heading.current
    return () => {
      if (document.activeElement === element) awaited ??= { from: '' }
    }
  }, [heading])
  useEffect(() => {
    if (awaited !== undefined) heading.current?.focus({ preventScroll: true })
    // Lists come after the heading: effects of a page run after those of its parts.
    queueMicrotask(() => {
      awaited = undefined
    })
  }, [heading])
}

/** The row that leads to where one came from takes the focus. To be used by the page, or by what holds the whole list. */
export function useRowFocus(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (awaited === undefined) return
    const { from } = awaited
    const links = list.current?.querySelectorAll<HTMLElement>('a[data-list-item]') ?? []
    const row = [...links].find((link) => link.getAttribute('href') === from)
    row?.focus({ preventScroll: true })
  }, [list])
}

/**
 * For a row that is about to go, named by something in it: when it has, the focus goes to the row in its place, or to the heading
 * of the page. Answers how to stop waiting.
 */
export function keepFocusWithout(part: Element): () => void {
  const row = part.closest('tr') ?? part
  const neighbours = [row.nextElementSibling, row.previousElementSibling]
  const observer = new MutationObserver(() => {
    if (row.isConnected) return
    observer.disconnect()
    if (document.activeElement !== document.body) return
    const items = neighbours.map((other) => other?.isConnected && other.querySelector('[data-list-item]'))
    const next = items.find((item) => item instanceof HTMLElement) ?? document.querySelector('h1')
    if (next instanceof HTMLElement) next.focus()
  })
  observer.observe(document.body, { childList: true, subtree: true })
  return () => observer.disconnect()
}
