import { type RefObject, useEffect } from 'react'
import { useRowFocus } from './arrival.ts'
import { useShortcuts } from './shortcuts.ts'

/**
 * Going through a list by keyboard: `j` and `k` move the focus from row to row, so that Enter opens a row as it opens any
 * link, and whoever cannot see the page hears which row it is. Escape lets go of the list. Whoever comes back to it goes on
 * where they left it.
 */

/** Stands on the link (or button) of each row. */
export const listItem = { 'data-list-item': '' }

/** Stands on the field that `/` leads to. */
export const searchField = { 'data-search-field': '' }

export function useListKeys(list: RefObject<HTMLElement | null>): void {
  useRowFocus(list)
  useShortcuts([
    { key: 'j', does: 'Next row', run: () => move(list.current, 1) },
    { key: 'k', does: 'Previous row', run: () => move(list.current, -1) },
  ])
  useEffect(() => {
    const letGo = (event: KeyboardEvent) => {
      const item = document.activeElement
      if (event.key !== 'Escape' || event.defaultPrevented || !(item instanceof HTMLElement)) return
      const inList = item.matches('[data-list-item]') && list.current?.contains(item)
      if (inList || item.matches('[data-search-field]')) item.blur()
    }
    document.addEventListener('keydown', letGo)
    return () => document.removeEventListener('keydown', letGo)
  }, [list])
}

function move(list: HTMLElement | null, step: 1 | -1): void {
  const items = [...(list?.querySelectorAll<HTMLElement>('[data-list-item]') ?? [])]
  const row = document.activeElement?.closest('tr, li')
  const at = items.findIndex((item) => item === document.activeElement || row?.contains(item))
  const next = at === -1 ? (step === 1 ? 0 : items.length - 1) : at + step
  items[Math.min(Math.max(next, 0), items.length - 1)]?.focus()
}

/** Puts the focus where one searches; false where the page has no such field. */
export function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>('[data-search-field]')
  field?.focus()
  if (field instanceof HTMLInputElement) field.select()
  return field !== null
}
