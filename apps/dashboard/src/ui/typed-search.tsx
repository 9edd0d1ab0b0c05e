import { Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { cn } from './cn.ts'
import { Input } from './field.tsx'
import { searchField } from './list-keys.ts'

/** A key after a pause is searched for at once; keys that come faster than this are gathered. */
const burstMs = 80

type Props = {
  readonly label: string
  readonly placeholder: string
  readonly value: string | undefined
  readonly onTyped: (text: string) => void
  readonly className?: string
}

/** The field that one searches with; it says what was typed as one types. */
export function TypedSearch({ label, placeholder, value = '', onTyped, className }: Props) {
  const [text, setText] = useState(value)
  const [sent, setSent] = useState(value)
  const sentAt = useRef(Number.NEGATIVE_INFINITY)
  const input = useRef<HTMLInputElement>(null)
  if (value !== sent) {
    setSent(value)
    setText(value)
  }
  useEffect(() => {
    if (text === sent) return
    const send = () => {
      sentAt.current = performance.now()
      setSent(text)
      onTyped(text)
    }
    const timer = setTimeout(send, sentAt.current + burstMs - performance.now())
    return () => clearTimeout(timer)
  })
  const clear = () => {
    setText('')
    input.current?.focus()
  }
  return (
    <div className={cn('relative', className)}>
      <Search aria-hidden="true" className="absolute top-2.5 left-3 size-4 text-muted-foreground" />
      <Input
        ref={input}
        type="text"
        role="searchbox"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={text}
        maxLength={200}
        className="px-9"
        onChange={({ target }) => setText(target.value)}
        {...searchField}
      />
      {text !== '' && (
        <button
          type="button"
          aria-label="Clear the search"
          className="absolute top-1.5 right-1.5 grid size-6 place-items-center rounded text-muted-foreground hover:text-foreground [&_svg]:size-4"
          onClick={clear}
        >
          <X aria-hidden="true" />
        </button>
      )}
    </div>
  )
}
