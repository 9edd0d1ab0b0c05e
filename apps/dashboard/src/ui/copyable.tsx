import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button.tsx'

type CopyButtonProps = {
  readonly text: string
  readonly label?: string
  readonly onCopied?: (() => void) | undefined
}

/** Copies a text with one click, and says so. A browser that does not let it (a page without https) is told of as well. */
export function CopyButton({ text, label = text, onCopied }: CopyButtonProps) {
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
      >
        <Icon aria-hidden="true" />
        {outcome === undefined ? 'Copy' : words[outcome]}
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
