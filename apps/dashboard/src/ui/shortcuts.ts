import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'

/**
 * Shortcuts of a single key. They are never taken from what somebody types, wait while a dialog is open, and can be
 * turned off for good (WCAG 2.1.4): speech input and a slip of the hand press single keys too.
 */

export type Shortcut = {
  /** As `KeyboardEvent.key` names it. */
  readonly key: string
  /** What it does, as the list of shortcuts says it. */
  readonly does: string
  readonly run: () => void
}

const storageKey = 'commet.shortcuts'
const listeners = new Set<() => void>()
/** Those of the open page and of the shell around it; the latest to come counts. */
let registered: readonly (readonly Shortcut[])[] = []
let on = localStorage.getItem(storageKey) !== 'off'

/** Offers shortcuts for as long as the caller is drawn. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const run = useEffectEvent((key: string) => shortcuts.find((one) => one.key === key)?.run())
  const labels = JSON.stringify(shortcuts.map(({ key, does }) => [key, does]))
  useEffect(() => {
    const mine = (JSON.parse(labels) as [string, string][]).map(([key, does]) => ({
      key,
      does,
      run: () => run(key),
    }))
    change(() => {
      registered = [...registered, mine]
    })
    return () =>
      change(() => {
        registered = registered.filter((one) => one !== mine)
      })
  }, [labels])
}

function change(work: () => void): void {
  work()
  for (const tell of listeners) tell()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The shortcuts that work on this page. */
export function useShortcutList(): readonly Shortcut[] {
  return useSyncExternalStore(subscribe, () => registered).flat()
}

/** Whether shortcuts are on, and how to change it; this browser remembers. */
export function useShortcutSetting(): readonly [on: boolean, turn: (on: boolean) => void] {
  const turn = (next: boolean) =>
    change(() => {
      on = next
      localStorage.setItem(storageKey, next ? 'on' : 'off')
    })
  return [useSyncExternalStore(subscribe, () => on), turn]
}

/** Listens for the whole page: drawn once. */
export function useShortcutListener(): void {
  useEffect(() => {
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

function onKeyDown(event: KeyboardEvent): void {
  if (!on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return
  const shortcut = registered.flat().findLast(({ key }) => key === event.key)
  if (shortcut === undefined) return
  event.preventDefault()
  shortcut.run()
}

/** Whether the key belongs to what has the focus: a field, a choice, or a menu that one types ahead in. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element) || target.matches('input[type=checkbox]')) return false
  return target.closest('input, textarea, select, [contenteditable], [role=menu]') !== null
}
