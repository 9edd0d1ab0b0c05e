import { Download, Trash2, X } from 'lucide-react'
import { useEffect, useEffectEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'

type Props = {
  readonly many: number
  readonly isExporting: boolean
  readonly onDelete: () => void
  readonly onExport: () => void
  readonly onClear: () => void
}

/**
 * What can be done with the rows that are selected; Escape lets go of them. It lies over the end of the page, so nothing
 * moves when it comes.
 */
export function SelectionBar({ many, isExporting, onDelete, onExport, onClear }: Props) {
  useShortcuts([{ key: 'Delete', does: 'Delete what is selected', run: onDelete }])
  const letGo = useEffectEvent(onClear)
  useEffect(() => {
    const onKeyDown = ({ key, defaultPrevented }: KeyboardEvent) => {
      const elsewhere = document.querySelector('dialog[open]') !== null
      if (key === 'Escape' && !defaultPrevented && !elsewhere) letGo()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  return (
    <section
      aria-label="Selected customers"
      className="sticky bottom-4 z-20 mx-auto mt-4 flex w-fit max-w-full items-center gap-2 rounded-lg border border-border bg-background py-2 pr-2 pl-4 shadow-lg"
    >
      <p className="mr-2 whitespace-nowrap">{many} selected</p>
      <Button size="sm" disabled={isExporting} onClick={onExport}>
        <Download aria-hidden="true" />
        <span className="max-sm:sr-only">Export selected</span>
      </Button>
      <Button size="sm" variant="destructive" onClick={onDelete}>
        <Trash2 aria-hidden="true" />
        Delete selected
      </Button>
      <Button size="icon" className="size-7" variant="ghost" aria-label="Select none" onClick={onClear}>
        <X aria-hidden="true" />
      </Button>
    </section>
  )
}
