import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { createPortal } from 'react-dom'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { useShortcuts } from './shortcuts.ts'
import { useTopmostDialog } from './top-layer.ts'

/** Short notes at the edge of the page, read out politely, some with a way back. */

export type Toast = {
  readonly message: string
  /** What can be done about it while the note is there, such as undoing. */
  readonly action?: { readonly label: string; readonly run: () => void }
  readonly durationMs?: number
  readonly tone?: 'plain' | 'failure'
}

type Shown = Toast & { readonly id: number }

const defaultMs = 6_000
const listeners = new Set<() => void>()
let shown: readonly Shown[] = []
let lastId = 0

/** Shows a note; answers what takes it away before its time. */
export function toast(note: Toast): () => void {
  lastId += 1
  const id = lastId
  const dismiss = () => show(shown.filter((one) => one.id !== id))
  show([...shown, { ...note, id }])
  setTimeout(dismiss, note.durationMs ?? defaultMs)
  return dismiss
}

function show(next: readonly Shown[]): void {
  shown = next
  for (const tell of listeners) tell()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * Where the notes appear: drawn once, and always there, or nobody would hear of the first one. While a dialog is open they
 * appear in it.
 */
export function Toasts() {
  const notes = useSyncExternalStore(subscribe, () => shown)
  const dialog = useTopmostDialog()
  const latest = notes.findLast(({ action }) => action !== undefined)
  useShortcuts(
    latest?.action === undefined ? [] : [{ key: 'z', does: latest.action.label, run: () => act(latest) }],
  )
  return (
    <>
      <Notes notes={dialog === undefined ? notes : []} />
      {dialog !== undefined && createPortal(<Notes notes={notes} />, dialog)}
    </>
  )
}

function Notes({ notes }: { readonly notes: readonly Shown[] }) {
  return (
    <div
      role="status"
      data-slot="toasts"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-40 grid justify-items-end gap-2"
    >
      {notes.map((note) => (
        <div
          key={note.id}
          data-slot="toast"
          className={cn(
            'pointer-events-auto flex max-w-md items-center gap-3 rounded-md border bg-background py-2 pr-2 pl-4 shadow-lg',
            note.tone === 'failure' && 'border-destructive text-destructive',
          )}
        >
          <p className="min-w-0 flex-1 break-words">{note.message}</p>
          {note.action !== undefined && (
            <Button size="sm" onClick={() => act(note)}>
              {note.action.label}
            </Button>
          )}
          <Button
            variant="ghost"
            size="icon"
            className="size-7"
            aria-label="Dismiss"
            onClick={() => remove(note)}
          >
            <X aria-hidden="true" />
          </Button>
        </div>
      ))}
    </div>
  )
}

function remove({ id }: Shown): void {
  show(shown.filter((one) => one.id !== id))
}

function act(note: Shown): void {
  remove(note)
  note.action?.run()
}
