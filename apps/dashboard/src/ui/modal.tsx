import { X } from 'lucide-react'
import { type ReactNode, useId, useRef } from 'react'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { useOpenDialog } from './top-layer.ts'

/**
 * What lies over the page, in the browser's own dialog: it keeps the focus inside, gives it back, and needs no style
 * written into the page, which the Content-Security-Policy forbids. It is open for as long as it is drawn, and begins
 * with the focus on what has `data-autofocus`, or on the first field of its form.
 */

type ModalProps = {
  readonly title: string
  /** Asked by Escape and by the button; who draws the modal decides. */
  readonly onClose: () => void
  readonly children: ReactNode
  readonly className?: string
}

/** At the right edge, for something to fill in while the page stays in sight. */
export function Sheet({ className, ...props }: ModalProps) {
  return (
    <Modal
      className={cn('m-0 ml-auto h-dvh max-h-none w-full max-w-md rounded-none border-0 border-l', className)}
      {...props}
    />
  )
}

/** In the middle, for a short question or a note. */
export function Dialog({ className, ...props }: ModalProps) {
  return (
    <Modal className={cn('m-auto w-[calc(100%-2rem)] max-w-lg rounded-lg border', className)} {...props} />
  )
}

function Modal({ title, onClose, className, children }: ModalProps) {
  const heading = useId()
  return (
    <NativeDialog
      labelledBy={heading}
      onClose={onClose}
      className={cn('overflow-y-auto p-5 sm:p-6', className)}
    >
      <div className="mb-4 flex items-center justify-between gap-4">
        <h2 id={heading} className="text-lg font-semibold">
          {title}
        </h2>
        <Button variant="ghost" size="icon" aria-label="Close" onClick={onClose}>
          <X aria-hidden="true" />
        </Button>
      </div>
      {children}
    </NativeDialog>
  )
}

type BareProps = Pick<ModalProps, 'onClose' | 'children'> & { readonly label: string }

/** Without a heading of its own, near the top, for what says by itself what it is. A click beside it closes it. */
export function BareDialog({ label, onClose, children }: BareProps) {
  return (
    <NativeDialog
      label={label}
      onClose={onClose}
      closesBeside
      className="mx-auto mt-[12dvh] w-[calc(100%-2rem)] max-w-xl overflow-hidden rounded-lg border p-0 shadow-xl"
    >
      {children}
    </NativeDialog>
  )
}

const begins = '[data-autofocus], form :is(input, select, textarea):not(:disabled)'

type NativeProps = {
  readonly label?: string
  readonly labelledBy?: string
  readonly closesBeside?: boolean
  readonly onClose: () => void
  readonly className: string
  readonly children: ReactNode
}

function NativeDialog({
  label,
  labelledBy,
  closesBeside = false,
  onClose,
  className,
  children,
}: NativeProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useOpenDialog(dialog, begins)
  return (
    <dialog
      ref={dialog}
      data-slot="modal"
      aria-label={label}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      // A second Escape in a row would close it whatever the cancel event is told.
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (closesBeside && event.target === dialog.current) onClose()
      }}
      className={cn('border-border bg-background text-foreground backdrop:bg-black/40', className)}
    >
      {children}
    </dialog>
  )
}
