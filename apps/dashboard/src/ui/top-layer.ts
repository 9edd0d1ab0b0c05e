import { useLayoutEffect, useSyncExternalStore } from 'react'

/** The modal dialogs that are open, the topmost last. What lies beside them is under them, and nobody can read or hear it. */

const listeners = new Set<() => void>()
let open: readonly HTMLElement[] = []

function set(next: readonly HTMLElement[]): void {
  open = next
  for (const tell of listeners) tell()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Opens a dialog over everything for as long as it is drawn. The focus goes back before it leaves the page. */
export function useOpenDialog(dialog: { readonly current: HTMLDialogElement | null }, begins: string): void {
  useLayoutEffect(() => {
    const element = dialog.current
    if (element === null) return
    element.showModal()
    element.querySelector<HTMLElement>(begins)?.focus()
    set([...open, element])
    return () => {
      set(open.filter((one) => one !== element))
      element.close()
    }
  }, [dialog, begins])
}

/** The dialog that lies over all else, or undefined. */
export function useTopmostDialog(): HTMLElement | undefined {
  return useSyncExternalStore(subscribe, () => open.at(-1))
}
