import { useSyncExternalStore } from 'react'

/** Which of the things that lie over every page is open. */

export type Overlay = 'palette' | 'shortcuts'

/** The key that opens the palette together with K, as the reader's keyboard calls it. */
export const paletteModifier = /Mac|iP(hone|ad)/.test(navigator.userAgent) ? '⌘' : 'Ctrl'

const listeners = new Set<() => void>()
let current: Overlay | undefined

export function open(overlay: Overlay | undefined): void {
  current = overlay
  for (const tell of listeners) tell()
}

export function useOverlay(): Overlay | undefined {
  return useSyncExternalStore(subscribe, () => current)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
