import type { LoggedRequest } from '@commet/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useId, useRef, useState } from 'react'
import { clientOf } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { listInternal } from '../../api/internal.ts'
import { usePagesOfList } from '../../api/pages-of-list.ts'
import { Button } from '../../ui/button.tsx'
import { useCalmText } from '../../ui/calm-text.ts'
import { Code } from '../../ui/code.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Checkbox, SelectField } from '../../ui/field.tsx'
import { listItem, useListKeys } from '../../ui/list-keys.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { actorName } from '../history/words.ts'
import { methods, type RequestSearch, readRequestSearch, statusClasses } from './request-search.ts'
import { StatusBadge } from './status-badge.tsx'

/** The last requests, as they come in. What was chosen is in the address. */

const pageSize = 50
const refreshMs = 2_000
const quietMs = 5_000

export function RequestsPage() {
  const chosen = useSearch({ from: '/$environment/requests' })
  const [isLive, setLive] = useState(true)
  const liveId = useId()
  const list = useRequests(chosen, isLive)
  const rows = list.items
  const announced = useCalmText(inWords(list), quietMs)
  return (
    <>
      <PageHeader title="Request log">
        <span className="flex min-h-9 items-center gap-2">
          <Checkbox id={liveId} checked={isLive} onChange={({ target }) => setLive(target.checked)} />
          <label htmlFor={liveId}>Show new ones as they come</label>
        </span>
      </PageHeader>
      <Filters chosen={chosen} />
      {list.isError && <Failure>{messageOf(list.error)}</Failure>}
      <p role="status" className="sr-only">
        {announced}
      </p>
      {list.isSuccess && rows.length === 0 && <Nothing isFiltered={Object.keys(chosen).length > 0} />}
      {rows.length > 0 && <RequestTable rows={rows} />}
      {list.hasNextPage && (
        <Button className="mt-4" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show earlier
        </Button>
      )}
      {list.isSuccess && !list.hasNextPage && rows.length > 0 && (
        <p className="mt-4 text-sm text-muted-foreground">
          The last 1,000 requests are kept, without bodies: those with a key, and what people changed here.
        </p>
      )}
    </>
  )
}

/** What is read out: how many there are, and the newest, which changes as they come in. */
function inWords({
  items,
  isSuccess,
  isPlaceholderData,
  hasNextPage,
}: ReturnType<typeof useRequests>): string {
  const [newest] = items
  if (!isSuccess || isPlaceholderData) return ''
  if (newest === undefined) return 'No requests'
  const shown = `${items.length}${hasNextPage ? ' or more' : ''} ${items.length === 1 ? 'request' : 'requests'}`
  return `${shown}, the newest ${newest.method} ${newest.path}, ${newest.status}`
}

function useRequests({ status, method, caller }: RequestSearch, isLive: boolean) {
  const environment = useEnvironment()
  return usePagesOfList(
    [environment, 'requests', { status, method, caller }],
    (cursor, signal) =>
      listInternal(environment, 'requests.list', {
        query: {
          limit: pageSize,
          ...(cursor === undefined ? {} : { cursor }),
          ...(status === undefined ? {} : { status }),
          ...(method === undefined ? {} : { method }),
          ...(caller === undefined ? {} : { callerId: caller }),
        },
        signal,
      }),
    { refetchEveryMs: () => (isLive ? refreshMs : undefined) },
  )
}

function Filters({ chosen }: { readonly chosen: RequestSearch }) {
  const navigate = useNavigate({ from: '/$environment/requests' })
  const choose = (change: Readonly<Record<string, string>>) =>
    void navigate({ search: (old) => readRequestSearch({ ...old, ...change }), replace: true })
  return (
    <search className="my-4 grid gap-3 sm:grid-cols-3">
      <SelectField
        label="Status"
        value={chosen.status ?? ''}
        onChange={({ target }) => choose({ status: target.value })}
      >
        <option value="">All</option>
        {statusClasses.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
      <SelectField
        label="Method"
        value={chosen.method ?? ''}
        onChange={({ target }) => choose({ method: target.value })}
      >
        <option value="">All</option>
        {methods.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
      <CallerField caller={chosen.caller} onChosen={(caller) => choose({ caller })} />
    </search>
  )
}

type CallerFieldProps = {
  readonly caller: string | undefined
  readonly onChosen: (caller: string) => void
}

/** The keys of today. One that the address names, and that is gone or is a person, stands there by its ID. */
function CallerField({ caller = '', onChosen }: CallerFieldProps) {
  const environment = useEnvironment()
  const keys = useQuery({
    queryKey: [environment, 'api-keys', 'callers'],
    queryFn: async ({ signal }) =>
      (await clientOf(environment).apiKeys.list({ limit: 100 }, { signal })).data.map(
        ({ id, name, prefix }) => ({
          id,
          label: `${name} (${prefix}…)`,
        }),
      ),
  })
  const options = keys.data ?? []
  const isListed = caller === '' || options.some(({ id }) => id === caller)
  return (
    <SelectField label="Caller" value={caller} onChange={({ target }) => onChosen(target.value)}>
      <option value="">All</option>
      {!isListed && <option value={caller}>{caller}</option>}
      {options.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </SelectField>
  )
}

function RequestTable({ rows }: { readonly rows: readonly LoggedRequest[] }) {
  const body = useRef<HTMLDivElement>(null)
  useListKeys(body)
  return (
    <div ref={body}>
      <Table>
        <TableHeader>
          <TableRow>
            <TableHead>Request</TableHead>
            <TableHead>Status</TableHead>
            <TableHead className="max-md:hidden">Caller</TableHead>
            <TableHead className="text-right max-md:hidden">Time taken</TableHead>
            <TableHead className="max-sm:hidden">When</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {rows.map((row) => (
            <RequestRow key={row.id} request={row} />
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

function RequestRow({ request }: { readonly request: LoggedRequest }) {
  const environment = useEnvironment()
  const { id, method, path, status, caller, durationMs, createdAt } = request
  return (
    <TableRow className="relative hover:bg-muted">
      <TableCell>
        <Link
          to="/$environment/requests/$id"
          params={{ environment, id }}
          className="after:absolute after:inset-0"
          {...listItem}
        >
          <code className="break-all">
            <span className="font-semibold">{method}</span> {path}
          </code>
        </Link>
      </TableCell>
      <TableCell>
        <StatusBadge status={status} />
      </TableCell>
      <TableCell className="break-words max-md:hidden">{actorName(caller)}</TableCell>
      <TableCell className="text-right whitespace-nowrap tabular-nums max-md:hidden">
        {durationMs} ms
      </TableCell>
      <TableCell className="whitespace-nowrap max-sm:hidden">
        {/* Above the row's own link, which would keep the pointer from its UTC. */}
        <Link
          to="/$environment/requests/$id"
          params={{ environment, id }}
          className="relative z-10"
          tabIndex={-1}
        >
          <Time at={createdAt} seconds />
        </Link>
      </TableCell>
    </TableRow>
  )
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  const environment = useEnvironment()
  if (isFiltered) return <Empty title="No request matches. Clear a filter to see more." />
  return (
    <Empty title="No requests here yet">
      <p>Send one with a key; it shows up by itself:</p>
      <Code>{`curl ${location.origin}/api/v1/customers \\\n  -H "x-api-key: ck_${environment}_YOUR_KEY"`}</Code>
    </Empty>
  )
}
