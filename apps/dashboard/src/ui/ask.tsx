import { useSyncExternalStore } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './modal.tsx'

/** A question before something that cannot be taken back. */

export type Question = {
  readonly title: string
  readonly text?: string
  /** What yes is called, such as "Revoke key". */
  readonly yes: string
  readonly no?: string
}

type Asked = Question & { readonly answer: (yes: boolean) => void }

const listeners = new Set<() => void>()
let asked: Asked | undefined

/** Asks, and answers whether the person said yes. A question that another one displaces is answered with no. */
export function ask(question: Question): Promise<boolean> {
  asked?.answer(false)
  return new Promise((resolve) => {
    set({
      ...question,
      answer: (yes) => {
        set(undefined)
        resolve(yes)
      },
    })
  })
}

function set(next: Asked | undefined): void {
  asked = next
  for (const tell of listeners) tell()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where questions appear: drawn once, after everything else. */
export function Questions() {
  const question = useSyncExternalStore(subscribe, () => asked)
  return question === undefined ? null : <QuestionDialog {...question} />
}

function QuestionDialog({ title, text, yes, no = 'Cancel', answer }: Asked) {
  return (
    <Dialog title={title} onClose={() => answer(false)}>
      {text !== undefined && <p>{text}</p>}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button data-autofocus onClick={() => answer(false)}>
          {no}
        </Button>
        <Button variant="destructive" onClick={() => answer(true)}>
          {yes}
        </Button>
      </div>
    </Dialog>
  )
}
