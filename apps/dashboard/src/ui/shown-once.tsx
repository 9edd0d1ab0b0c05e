import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { Copyable } from './copyable.tsx'
import { Sheet } from './modal.tsx'
import { useUnsavedChanges } from './unsaved-changes.ts'

/** A secret that nobody can read again. A slip of the hand does not lose it: closing asks until it was copied. */

type Props = {
  readonly title: string
  readonly note: string
  readonly secret: string
  /** What is to be done by somebody who has lost it. */
  readonly ifLost: string
  readonly onClose: () => void
  readonly children?: ReactNode
}

export function ShownOnce({ title, note, secret, ifLost, onClose, children }: Props) {
  const [isCopied, setCopied] = useState(false)
  const guard = useUnsavedChanges(!isCopied, {
    title: 'Close without copying it?',
    text: `It is not shown again. ${ifLost}`,
    yes: 'Close anyway',
    no: 'Go back',
  })
  const close = () => {
    guard.saved()
    onClose()
  }
  return (
    <Sheet title={title} onClose={() => void guard.mayLeave().then((may) => may && onClose())}>
      <div className="grid gap-4">
        <p>{note}</p>
        <Copyable text={secret} onCopied={() => setCopied(true)} />
        {children}
        <Button variant="primary" className="justify-self-start" onClick={close}>
          I have kept it
        </Button>
      </div>
    </Sheet>
  )
}
