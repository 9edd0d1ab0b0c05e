import type { ImportDetail } from '@commet/contract'
import { useEffect, useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { cn } from '../../ui/cn.ts'

/** How far the workers are, and why nothing moves where nothing does. */

/** Workers look every second. */
const waitingIsLongMs = 4_000

const bar = 'h-2 w-full appearance-none overflow-hidden rounded border border-input bg-muted'
/** The two parts of the browser's own bar, as the engines name them. */
const ours =
  '[&::-moz-progress-bar]:bg-primary [&::-webkit-progress-bar]:bg-muted [&::-webkit-progress-value]:bg-primary'

type Props = { readonly found: ImportDetail; readonly onCancel: () => void }

export function ImportProgress({ found, onCancel }: Props) {
  const label = useId()
  const { status, processed, rows, failed, startedAt, stalled } = found
  const waitsLong = useIsLong(startedAt === null)
  return (
    <Card title={status === 'checking' ? 'Checking the rows' : 'Importing'}>
      <div className="grid gap-3">
        <progress aria-labelledby={label} className={cn(bar, ours)} max={rows} value={processed} />
        <p id={label} className="tabular-nums">
          {processed.toLocaleString()} of {rows.toLocaleString()} rows
          {failed > 0 && `, ${failed.toLocaleString()} with an error`}
        </p>
        {waitsLong && (
          <p className="text-sandbox">
            No worker has begun yet. Where COMMET_WORKER is off, it waits for a server whose worker is on.
          </p>
        )}
        {stalled && (
          <p className="text-destructive">
            The server has failed at the next rows several times. Nothing is lost: it keeps trying, and its
            log says why.
          </p>
        )}
        <p className="text-muted-foreground">You can leave this page; the work goes on without it.</p>
        <div>
          <Button variant="destructive" onClick={onCancel}>
            Cancel import
          </Button>
        </div>
      </div>
    </Card>
  )
}

/** Whether something has been so for a while. */
function useIsLong(isSo: boolean): boolean {
  const [isLong, setIsLong] = useState(false)
  useEffect(() => {
    setIsLong(false)
    if (!isSo) return
    const timer = setTimeout(() => setIsLong(true), waitingIsLongMs)
    return () => clearTimeout(timer)
  }, [isSo])
  return isLong
}
