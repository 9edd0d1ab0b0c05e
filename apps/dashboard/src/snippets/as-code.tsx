import { CodeXml } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Sheet } from '../ui/modal.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

/** A button that shows what the page does as code, to be done by a program: curl, and a call of each client library. */

type Props = {
  /** Such as `customers.list`. */
  readonly operation: string
  /** What the call takes, by the names of the API; undefined while something in it cannot be read. */
  readonly input: Readonly<Record<string, unknown>> | undefined
}

const Snippets = lazy(async () => ({ default: (await import('./snippets.tsx')).Snippets }))

export function AsCode({ operation, input }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <CodeXml aria-hidden="true" />
        As code
      </Button>
      {open && (
        <Sheet title="As code" className="max-w-3xl" onClose={() => setOpen(false)}>
          {input === undefined ? (
            <p>First mend what stands in red.</p>
          ) : (
            <Suspense fallback={<Skeleton className="h-64" />}>
              <Snippets operation={operation} input={input} />
            </Suspense>
          )}
        </Sheet>
      )}
    </>
  )
}
