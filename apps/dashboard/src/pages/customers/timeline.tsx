import type { FieldChange, TimelineEntry } from '@commet/contract'
import { Link } from '@tanstack/react-router'
import { useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { listInternal } from '../../api/internal.ts'
import { usePagesOfList } from '../../api/pages-of-list.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { actorHint, actorName, deedOf, fieldName, valueText } from '../history/words.ts'

/** Everything that happened to one customer, newest first: who did it, and what changed. */

const pageSize = 25
const refreshMs = 10_000

type Props = {
  readonly customerId: string
  /** When the customer was last seen to change: a later one brings a new entry. */
  readonly changedAt: string
}

export function Timeline({ customerId, changedAt }: Props) {
  const environment = useEnvironment()
  const list = usePagesOfList(
    [environment, 'timeline', customerId, changedAt],
    (cursor, signal) =>
      listInternal(environment, 'timeline.list', {
        params: { id: customerId },
        query: { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) },
        signal,
      }),
    { refetchEveryMs: () => refreshMs },
  )
  return (
    <Card title="Timeline" aria-label="Timeline" aria-busy={list.isPending}>
      {list.isError && <Failure>{messageOf(list.error)}</Failure>}
      {list.isPending && <Skeleton className="h-24" />}
      {list.items.length > 0 && (
        <ol className="grid gap-5">
          {list.items.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      {list.hasNextPage && (
        <Button className="mt-4" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show earlier
        </Button>
      )}
    </Card>
  )
}

function Entry({ entry }: { readonly entry: TimelineEntry }) {
  const { actor, operation, events, requestId } = entry
  const hint = actor === null ? undefined : actorHint(actor)
  return (
    <li className="relative border-l-2 border-border pl-4">
      <p className="break-words">
        {actor !== null && operation !== null ? (
          <>
            <span className="font-medium">{actorName(actor)}</span> {deedOf(operation)}
          </>
        ) : (
          <span className="font-medium">{events.join(', ')}</span>
        )}
      </p>
      <p className="flex flex-wrap gap-x-3 text-sm text-muted-foreground">
        <Time at={entry.recordedAt} />
        {isElsewhere(entry) && (
          <span>
            in the sandbox’s time: <Time at={entry.occurredAt} />
          </span>
        )}
        {hint !== undefined && <span>{hint}</span>}
        {operation !== null && events.length > 0 && <span>{events.join(', ')}</span>}
        {requestId !== null && <RequestLink id={requestId} />}
      </p>
      {entry.changes.length > 0 && <Changes changes={entry.changes} isNew={entry.kind === 'created'} />}
    </li>
  )
}

/** Whether the test clock stood somewhere else. */
function isElsewhere({ occurredAt, recordedAt }: TimelineEntry): boolean {
  return Math.abs(Date.parse(occurredAt) - Date.parse(recordedAt)) > 1_000
}

function RequestLink({ id }: { readonly id: string }) {
  const environment = useEnvironment()
  return (
    <Link to="/$environment/requests/$id" params={{ environment, id }} className="underline">
      Request<span className="sr-only"> {id}</span>
    </Link>
  )
}

function Changes({ changes, isNew }: { readonly changes: readonly FieldChange[]; readonly isNew: boolean }) {
  return (
    <dl className="mt-2 grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[minmax(8rem,auto)_minmax(0,1fr)]">
      {changes.map(({ field, before, after }) => (
        <div key={field} className="contents">
          <dt className="break-words text-muted-foreground">{fieldName(field)}</dt>
          <dd className="min-w-0 break-words">
            {!isNew && <Before value={before} />}
            {after === null ? !isNew && 'removed' : <ins className="no-underline">{valueText(after)}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Before({ value }: { readonly value: unknown }) {
  if (value === null) return null
  return (
    <>
      <del className="text-muted-foreground">{valueText(value)}</del>
      <span aria-hidden="true"> → </span>
      <span className="sr-only"> became </span>
    </>
  )
}
