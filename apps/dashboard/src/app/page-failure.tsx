import type { ErrorComponentProps } from '@tanstack/react-router'
import { useEffect } from 'react'
import { PageNotLoaded } from '../api/not-loaded.ts'
import { untilThere } from '../api/reach.ts'
import { Button } from '../ui/button.tsx'
import { PageHeader } from '../ui/page-header.tsx'

/** Instead of a page that could not be loaded, or that failed. One that could not be loaded comes by itself. */
export function PageFailure({ error }: ErrorComponentProps) {
  const isMissing = error instanceof PageNotLoaded
  useEffect(() => {
    if (isMissing) void comeBack()
  }, [isMissing])
  return (
    <div role="alert" className="mx-auto max-w-6xl p-6">
      <PageHeader title="This page could not be shown" />
      <p className="mb-4">
        {isMissing
          ? 'The server did not send it. It may be restarting: the page comes by itself as soon as the server answers.'
          : 'Something on this page failed. Load it again to go on.'}
      </p>
      <Button onClick={() => location.reload()}>Load it again</Button>
    </div>
  )
}

/** The same where nothing of the page is left to stand around it. */
export function WholePageFailure(props: ErrorComponentProps) {
  return (
    <main>
      <PageFailure {...props} />
    </main>
  )
}

const lastKey = 'commet.loaded-again'
const onceWithinMs = 10_000

/** A server that was there all along is asked once: it may have other files now. Asking on and on would help nobody. */
async function comeBack(): Promise<void> {
  const wasAway = await untilThere()
  const last = Number(sessionStorage.getItem(lastKey) ?? 0)
  if (!wasAway && Date.now() - last < onceWithinMs) return
  sessionStorage.setItem(lastKey, String(Date.now()))
  location.reload()
}
