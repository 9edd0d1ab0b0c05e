import type { LoggedRequest } from '@commet/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useEnvironment } from '../../api/environment.ts'
import { isNotFound, messageOf } from '../../api/failures.ts'
import { callInternal } from '../../api/internal.ts'
import { RequestAsCode } from '../../snippets/as-code.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Failure } from '../../ui/failure.tsx'
import { OtherEnvironment } from '../../ui/other-environment.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { actorHint, actorName } from '../history/words.ts'
import { StatusBadge } from './status-badge.tsx'

/** One request of the log, by the ID that its answer carried. */

export function RequestPage() {
  const environment = useEnvironment()
  const { id } = useParams({ from: '/$environment/requests/$id' })
  const query = useQuery({
    queryKey: [environment, 'request', id],
    queryFn: ({ signal }) => callInternal(environment, 'requests.get', { params: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <>
      <p className="mb-2">
        <Link
          to="/$environment/requests"
          params={{ environment }}
          className="text-muted-foreground underline"
        >
          Request log
        </Link>
      </p>
      <PageHeader title="Request">
        {query.data !== undefined && <RequestAsCode method={query.data.method} path={query.data.path} />}
      </PageHeader>
      {query.isError && <Failure>{messageOf(query.error)}</Failure>}
      {isNotFound(query.error) && <OtherEnvironment />}
      {query.isPending && <Skeleton className="h-40" />}
      {query.data !== undefined && <Facts request={query.data} />}
    </>
  )
}

function Facts({ request }: { readonly request: LoggedRequest }) {
  const { method, path, status, errorCode, caller } = request
  const hint = actorHint(caller)
  return (
    <dl className="grid gap-x-8 gap-y-4 sm:grid-cols-2 *:min-w-0">
      <Fact name="Request" wide>
        <code className="break-all">
          <span className="font-semibold">{method}</span> {path}
        </code>
      </Fact>
      <Fact name="ID" wide>
        <Copyable text={request.id} />
      </Fact>
      <Fact name="Status">
        <StatusBadge status={status} />
      </Fact>
      {errorCode !== null && (
        <Fact name="Error">
          <a href={`/reference/errors/${errorCode}`} className="underline">
            {errorCode}
          </a>
        </Fact>
      )}
      <Fact name="When">
        <Time at={request.createdAt} seconds />
      </Fact>
      <Fact name="Time taken">{request.durationMs} ms</Fact>
      <Fact name="Caller">
        {actorName(caller)}
        {hint !== undefined && <span className="text-muted-foreground"> · {hint}</span>}
      </Fact>
      <Fact name="API version">{request.apiVersion}</Fact>
      {request.idempotentReplay && (
        <Fact name="Replay">The answer that was stored under its Idempotency-Key.</Fact>
      )}
    </dl>
  )
}

type FactProps = { readonly name: string; readonly wide?: boolean; readonly children: ReactNode }

function Fact({ name, wide = false, children }: FactProps) {
  return (
    <div className={wide ? 'sm:col-span-2' : undefined}>
      <dt className="text-sm text-muted-foreground">{name}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  )
}
