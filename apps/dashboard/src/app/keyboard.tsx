import { lazy, Suspense, useEffect } from 'react'
import { focusSearch } from '../ui/list-keys.ts'
import { useShortcutListener, useShortcuts } from '../ui/shortcuts.ts'
import { open, useOverlay } from './overlay.ts'

/** What keys do everywhere, and what they open. */

const loadPalette = async () => ({ default: (await import('./command-palette.tsx')).CommandPalette })
const loadHelp = async () => ({ default: (await import('./shortcut-help.tsx')).ShortcutHelp })
const overlays = { palette: lazy(loadPalette), shortcuts: lazy(loadHelp) }

export function Keyboard() {
  useShortcutListener()
  useShortcuts([
    { key: '/', does: 'Search', run: () => focusSearch() || open('palette') },
    { key: '?', does: 'Show the shortcuts', run: () => open('shortcuts') },
  ])
  useEffect(() => {
    // There before anybody asks: what is typed right after the shortcut would be lost.
    const timer = setTimeout(() => void Promise.all([loadPalette(), loadHelp()]), 0)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    document.addEventListener('keydown', onPaletteKey)
    return () => document.removeEventListener('keydown', onPaletteKey)
  }, [])
  const overlay = useOverlay()
  if (overlay === undefined) return null
  const Open = overlays[overlay]
  return (
    <Suspense fallback={null}>
      <Open onClose={() => open(undefined)} />
    </Suspense>
  )
}

/** With Ctrl or Cmd, so it works while one types, and is no single key that would have to be turned off. */
function onPaletteKey(event: KeyboardEvent): void {
  if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
    return
  event.preventDefault()
  if (document.querySelector('dialog[open]') === null) open('palette')
}
