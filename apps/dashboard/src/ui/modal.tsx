import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './button.tsx'
import { cn } from './cn.ts'

/**
 * What lies over the page, in the browser's own dialog: it keeps the focus inside, gives it back, and needs no style
 * written into the page, which the Content-Security-Policy forbids. It is open for as long as it is drawn.
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
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      data-slot="modal"
      aria-labelledby={heading}
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
      className={cn(
        'overflow-y-auto border-border bg-background p-5 text-foreground backdrop:bg-black/40 sm:p-6',
        className,
      )}
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
    </dialog>
  )
}
