import { createPortal } from 'react-dom'
import { useIsAway } from '../api/reach.ts'
import { useTopmostDialog } from '../ui/top-layer.ts'

/** One note for everything that does not work while the server is away; it goes by itself. An open dialog shows it as well. */
export function AwayBanner() {
  const away = useIsAway()
  const dialog = useTopmostDialog()
  return (
    <>
      <Note away={away && dialog === undefined} />
      {dialog !== undefined && createPortal(<Note away={away} />, dialog)}
    </>
  )
}

function Note({ away }: { readonly away: boolean }) {
  return (
    <div role="status" className="fixed inset-x-0 top-0 z-50">
      {away && (
        <p className="bg-foreground px-4 py-2 text-center text-background">
          The server cannot be reached. What is shown may be old; this page goes on by itself when it is back.
        </p>
      )}
    </div>
  )
}
