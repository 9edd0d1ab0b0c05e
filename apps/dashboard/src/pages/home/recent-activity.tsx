import type { Activity } from '@commet/contract'
import { Link } from '@tanstack/react-router'
import { type Environment, useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { listInternal } from '../../api/internal.ts'
import { usePagesOfList } from '../../api/pages-of-list.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { actorName, deedOf, fieldName } from '../history/words.ts'

/** What happened in the environment, newest first. What one request did to many things is one line. */

const pageSize = 20
const refreshMs = 10_000

export function RecentActivity({ environment }: { readonly environment: Environment }) {
  const list = usePagesOfList(
    [environment, 'activity'],
    (cursor, signal) =>
      listInternal(environment, 'activity.list', {
        query: { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) },
        signal,
      }),
    { refetchEveryMs: () => refreshMs },
  )
  const groups = groupsOf(list.items)
  return (
    <Card title="Recent activity" aria-busy={list.isPending}>
      {list.isError && list.items.length === 0 && <Failure>{messageOf(list.error)}</Failure>}
      {list.isPending && <Skeleton className="h-24" />}
      {list.isSuccess && groups.length === 0 && <p>Nothing has happened here yet.</p>}
      {groups.length > 0 && (
        <ol className="grid gap-3">
          {groups.map((group) => (
            <Line key={group.first.id} {...group} />
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

type Group = { readonly first: Activity; readonly others: number }

function groupsOf(items: readonly Activity[]): readonly Group[] {
  const groups: Group[] = []
  for (const item of items) {
    const last = groups.at(-1)
    if (last !== undefined && isTogether(last.first, item))
      groups[groups.length - 1] = { first: last.first, others: last.others + 1 }
    else groups.push({ first: item, others: 0 })
  }
  return groups
}

function isTogether(one: Activity, other: Activity): boolean {
  return one.requestId !== null && one.requestId === other.requestId && one.operation === other.operation
}

function Line({ first, others }: Group) {
  const { actor, operation, subject, fields, recordedAt } = first
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4">
      <span className="min-w-0 break-words">
        <span className="font-medium">{actorName(actor)}</span> {deedOf(operation)}{' '}
        <Subject operation={operation} subject={subject} />
        {others > 0 && ` and ${others.toLocaleString()} more`}
        {others === 0 && fields.length > 0 && operation === 'customers.update' && (
          <span className="text-muted-foreground">: {fields.map(fieldName).join(', ')}</span>
        )}
      </span>
      <span className="text-sm text-muted-foreground">
        <Time at={recordedAt} />
      </span>
    </li>
  )
}

/** A customer that is there leads to its page; of one that is deleted the ID is left. */
function Subject({ operation, subject }: Pick<Activity, 'operation' | 'subject'>) {
  if (!subject.id.startsWith('cus_')) return subject.name === null ? null : subject.name
  if (subject.name === null || operation === 'customers.delete')
    return <code className="break-all">{subject.id}</code>
  return <CustomerLink id={subject.id} name={subject.name} />
}

function CustomerLink({ id, name }: { readonly id: string; readonly name: string }) {
  const environment = useEnvironment()
  return (
    <Link to="/$environment/customers/$id" params={{ environment, id }} className="underline">
      {name}
    </Link>
  )
}
