import { PageHeader } from '../ui/page-header.tsx'

/** An address that leads nowhere, and the way on. */
export function NothingHere() {
  return (
    <main className="mx-auto max-w-6xl p-6">
      <PageHeader title="Nothing here" />
      <p className="mb-3">There is nothing at this address.</p>
      <a href="/" className="underline">
        Go to the start
      </a>
    </main>
  )
}
