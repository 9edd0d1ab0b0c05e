import { type ComponentProps, type ReactNode, useEffect, useId, useRef } from 'react'

/** The few parts that all pages are made of. */

type ButtonProps = ComponentProps<'button'> & { readonly kind?: 'main' | 'plain' | 'bad' }

const buttonKinds = {
  main: 'bg-accent text-on-accent border-accent',
  plain: 'border-line bg-page hover:bg-panel',
  bad: 'border-line text-bad hover:bg-panel',
}

export function Button({ kind = 'plain', className = '', ...props }: ButtonProps) {
  return (
    <button
      type="button"
      className={`min-h-9 cursor-pointer rounded-md border px-3 font-medium disabled:cursor-default disabled:opacity-60 ${buttonKinds[kind]} ${className}`}
      {...props}
    />
  )
}

type FieldProps = Omit<ComponentProps<'input'>, 'id'> & {
  readonly label: string
  readonly error?: string | undefined
  readonly hint?: string
}

export function Field({ label, error, hint, ...props }: FieldProps) {
  const id = useId()
  const notes = [error === undefined ? '' : `${id}-error`, hint === undefined ? '' : `${id}-hint`]
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={notes.join(' ').trim() || undefined}
        className="min-h-9 w-full rounded-md border border-line bg-page px-3 aria-invalid:border-bad"
        {...props}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-soft">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  )
}

export function Failure({ children }: { readonly children: ReactNode }) {
  return (
    <p role="alert" className="rounded-md border border-bad px-3 py-2 text-bad">
      {children}
    </p>
  )
}

type SheetProps = { readonly title: string; readonly onClose: () => void; readonly children: ReactNode }

/** A sheet at the side, over the page. The browser keeps the focus inside and gives it back. */
export function Sheet({ title, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      className="m-0 ml-auto h-dvh max-h-none w-full max-w-md overflow-y-auto border-l border-line bg-page p-6 text-ink backdrop:bg-black/40"
    >
      <div className="mb-4 flex items-center justify-between gap-4">
        <h2 id={heading} className="text-lg font-semibold">
          {title}
        </h2>
        <Button onClick={onClose}>Close</Button>
      </div>
      {children}
    </dialog>
  )
}

export function Code({ children }: { readonly children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <pre tabIndex={0} className="overflow-x-auto rounded-md border border-line bg-panel p-3 text-sm">
      {children}
    </pre>
  )
}

/** An instant in the reader's zone; UTC on hover. */
export function Time({ at }: { readonly at: string }) {
  const text = new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <time dateTime={at} title={`${at.slice(0, 19).replace('T', ' ')} UTC`}>
      {text}
    </time>
  )
}
