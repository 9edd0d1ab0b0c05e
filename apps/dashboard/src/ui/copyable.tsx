import { Check, Copy } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { Button } from './button.tsx'
import { listItem } from './list-keys.ts'

type CopyButtonProps = {
  readonly text: string
  readonly label?: string
  /** On a narrow screen the sign alone. */
  readonly isSmall?: boolean
  readonly onCopied?: (() => void) | undefined
} & Omit<ComponentProps<typeof Button>, 'onClick' | 'onBlur'>

/** Copies a text with one click, and says so. A browser that does not let it (a page without https) is told of as well. */
export function CopyButton({ text, label = text, onCopied, isSmall = false, ...props }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>()
  const copy = () =>
    copyText(text).then(
      () => {
        setOutcome('copied')
        onCopied?.()
      },
      () => setOutcome('refused'),
    )
  const Icon = outcome === 'copied' ? Check : Copy
  return (
    <>
      <Button
        size="sm"
        aria-label={`Copy ${label}`}
        onBlur={() => setOutcome(undefined)}
        onClick={() => void copy()}
        {...props}
      >
        <Icon aria-hidden="true" />
        <span className={isSmall ? 'max-sm:hidden' : undefined}>
          {outcome === undefined ? 'Copy' : words[outcome]}
        </span>
      </Button>
      <span role="status" className="sr-only">
        {outcome === undefined ? '' : `${words[outcome]}: ${label}`}
      </span>
    </>
  )
}

const words = { copied: 'Copied', refused: 'Select and copy' }

async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text)
}

/** An ID or a secret, with the button that copies it. */
export function Copyable({ text, onCopied }: Pick<CopyButtonProps, 'text' | 'onCopied'>) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <code className="text-sm break-all">{text}</code>
      <CopyButton text={text} onCopied={onCopied} />
    </span>
  )
}

type RowIdProps = {
  readonly id: string
  /** Where nothing else in the row can be gone to, `j` and `k` go to the button. */
  readonly isListItem?: boolean
}

/** The ID of a row; where there is no room for it, the button alone. */
export function RowId({ id, isListItem = false }: RowIdProps) {
  return (
    <span className="flex items-center gap-2">
      <code className="text-sm whitespace-nowrap max-xl:hidden">{id}</code>
      <CopyButton text={id} isSmall {...(isListItem ? listItem : {})} />
    </span>
  )
}
