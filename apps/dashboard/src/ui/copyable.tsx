import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button.tsx'

/** Copies a text with one click, and says so in its own label. */
export function CopyButton({ text, label = text }: { readonly text: string; readonly label?: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  const Icon = copied ? Check : Copy
  return (
    <Button
      size="sm"
      aria-label={`${copied ? 'Copied' : 'Copy'} ${label}`}
      onBlur={() => setCopied(false)}
      onClick={() => void copy()}
    >
      <Icon aria-hidden="true" />
      {copied ? 'Copied' : 'Copy'}
    </Button>
  )
}

/** An ID or a secret, with the button that copies it. */
export function Copyable({ text }: { readonly text: string }) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <code className="break-all">{text}</code>
      <CopyButton text={text} />
    </span>
  )
}
