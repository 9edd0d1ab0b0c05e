import { CodeXml } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { notLoaded } from '../api/not-loaded.ts'
import { Button } from '../ui/button.tsx'
import { Sheet } from '../ui/modal.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

/** A button that shows what the page does as code, to be done by a program: curl, and a call of each client library. */

type Props = {
  /** Such as `customers.list`. */
  readonly operation: string
  /** What the call takes, by the names of the API; undefined while something in it cannot be read. */
  readonly input: Readonly<Record<string, unknown>> | undefined
  /** Where a page has more than one of them. */
  readonly label?: string
}

export const loadSnippets = () => import('./snippets.tsx').catch(notLoaded)
const Snippets = lazy(async () => ({ default: (await loadSnippets()).Snippets }))
const LoggedSnippets = lazy(async () => ({ default: (await loadSnippets()).LoggedSnippets }))

export function AsCode({ operation, input, label }: Props) {
  return (
    <CodeButton label={label}>
      {input === undefined ? (
        <p>First mend what stands in red.</p>
      ) : (
        <Snippets operation={operation} input={input} />
      )}
    </CodeButton>
  )
}

/** The same for a request of the log. */
export function RequestAsCode(request: { readonly method: string; readonly path: string }) {
  return (
    <CodeButton>
      <LoggedSnippets {...request} />
    </CodeButton>
  )
}

type ButtonProps = { readonly label?: string | undefined; readonly children: ReactNode }

function CodeButton({ label = 'As code', children }: ButtonProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <CodeXml aria-hidden="true" />
        {label}
      </Button>
      {open && (
        <Sheet title={label} className="max-w-3xl" onClose={() => setOpen(false)}>
          <Suspense fallback={<Skeleton className="h-64" />}>{children}</Suspense>
        </Sheet>
      )}
    </>
  )
}
