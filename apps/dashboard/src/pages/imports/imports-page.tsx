import type { Import } from '@commet/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useId, useRef } from 'react'
import { useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { listInternal } from '../../api/internal.ts'
import { usePagesOfList } from '../../api/pages-of-list.ts'
import { uploadCustomers } from '../../api/upload.ts'
import { AsCode } from '../../snippets/as-code.tsx'
import { exampleCustomer, firstBatch } from '../../snippets/first-request.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Code } from '../../ui/code.tsx'
import { CopyButton, RowId } from '../../ui/copyable.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Input } from '../../ui/field.tsx'
import { listItem, useListKeys } from '../../ui/list-keys.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { StatusBadge } from './import-status.tsx'

/** Where a file of customers is chosen, and what became of the earlier ones. */

const lookAgainMs = 3_000

export function ImportsPage() {
  const environment = useEnvironment()
  const list = usePagesOfList(
    [environment, 'imports'],
    (cursor, signal) => listInternal(environment, 'imports.list', { query: { limit: 50, cursor }, signal }),
    { refetchEveryMs: () => lookAgainMs },
  )
  return (
    <>
      <PageHeader title="Imports">
        <AsCode operation="customers.createBatch" input={{ customers: [exampleCustomer] }} />
      </PageHeader>
      <ChooseFile />
      <h2 className="mt-8 mb-2 text-lg font-semibold">Earlier imports</h2>
      {list.isError && <Failure>{messageOf(list.error)}</Failure>}
      {list.isPending && <Skeleton className="h-24" />}
      {list.isSuccess && list.items.length === 0 && <NoFile />}
      {list.items.length > 0 && <ImportTable imports={list.items} />}
      {list.hasNextPage && (
        <Button className="mt-4" onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  )
}

/** What a file looks like, and the way that needs none. */
function NoFile() {
  const command = firstBatch(useEnvironment())
  return (
    <Empty title="No file yet">
      <p className="text-muted-foreground">
        Reports of imports stay here for thirty days. The smallest file looks like this:
      </p>
      <div className="w-full min-w-0">
        <Code>{smallestFile}</Code>
      </div>
      <p className="text-muted-foreground">Your own server sends up to a hundred at once, without a file:</p>
      <div className="w-full min-w-0">
        <Code>{command}</Code>
      </div>
      <CopyButton text={command} label="the command" />
    </Empty>
  )
}

const smallestFile = 'email,externalId,fullName\nbilling@example.com,user_123,Example Ltd'

const megabyte = 1024 * 1024
const mostMegabytes = 20

function ChooseFile() {
  const environment = useEnvironment()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [input, hint, error] = [useId(), useId(), useId()]
  const upload = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > mostMegabytes * megabyte)
        throw new Error(
          `This file has ${Math.ceil(file.size / megabyte)} MB, and ${mostMegabytes} MB is the most. Split it into several.`,
        )
      return uploadCustomers(environment, file)
    },
    onSuccess: (made) => {
      queries.setQueryData([environment, 'import', made.id], made)
      return navigate({ to: '/$environment/imports/$id', params: { environment, id: made.id } })
    },
  })
  return (
    <Card title={`Import customers into ${environment}`}>
      <div className="grid max-w-prose gap-2">
        <label htmlFor={input} className="font-medium">
          CSV file
        </label>
        <Input
          id={input}
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          className="py-1.5 file:mr-3 file:cursor-pointer file:rounded file:border file:border-border file:bg-muted file:px-2"
          aria-describedby={`${hint}${upload.isError ? ` ${error}` : ''}`}
          aria-invalid={upload.isError}
          disabled={upload.isPending}
          onChange={({ target }) => {
            const file = target.files?.[0]
            if (file !== undefined) upload.mutate(file)
            // Choosing the same file again, corrected, is a change too.
            target.value = ''
          }}
        />
        <p id={hint} className="text-sm text-muted-foreground">
          The first row names the columns. UTF-8, with commas, semicolons or tabs; at most {mostMegabytes} MB
          and 100,000 rows. An exported file can be imported as it is. Nothing is created before you say so.
        </p>
        <p role="status" className={upload.isPending ? '' : 'sr-only'}>
          {upload.isPending && 'Reading the file…'}
        </p>
        {upload.isError && (
          <div id={error}>
            <Failure>{messageOf(upload.error)}</Failure>
          </div>
        )}
      </div>
    </Card>
  )
}

function ImportTable({ imports }: { readonly imports: readonly Import[] }) {
  const table = useRef<HTMLTableElement>(null)
  useListKeys(table)
  return (
    <Table ref={table}>
      <TableHeader>
        <TableRow>
          <TableHead>File</TableHead>
          <TableHead>State</TableHead>
          <TableHead className="text-right max-sm:hidden">Rows</TableHead>
          <TableHead className="text-right">Created</TableHead>
          <TableHead className="text-right max-sm:hidden">Existed</TableHead>
          <TableHead className="text-right max-sm:hidden">Failed</TableHead>
          <TableHead className="max-sm:hidden">Uploaded</TableHead>
          <TableHead>ID</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {imports.map((one) => (
          <ImportRow key={one.id} {...one} />
        ))}
      </TableBody>
    </Table>
  )
}

function ImportRow({ id, fileName, status, rows, created, existed, failed, createdAt }: Import) {
  const environment = useEnvironment()
  // What a dry run counted is no customer yet.
  const isRun = status === 'running' || status === 'done' || status === 'canceled'
  const shown = (count: number) => (isRun ? count.toLocaleString() : '–')
  return (
    <TableRow id={id}>
      <TableCell className="max-w-64 break-words">
        <Link to="/$environment/imports/$id" params={{ environment, id }} className="underline" {...listItem}>
          {fileName}
        </Link>
      </TableCell>
      <TableCell>
        <StatusBadge status={status} />
      </TableCell>
      <TableCell className="text-right tabular-nums max-sm:hidden">{rows.toLocaleString()}</TableCell>
      <TableCell className="text-right tabular-nums">{shown(created)}</TableCell>
      <TableCell className="text-right tabular-nums max-sm:hidden">{shown(existed)}</TableCell>
      <TableCell className="text-right tabular-nums max-sm:hidden">{shown(failed)}</TableCell>
      <TableCell className="whitespace-nowrap max-sm:hidden">
        <Time at={createdAt} />
      </TableCell>
      <TableCell>
        <RowId id={id} />
      </TableCell>
    </TableRow>
  )
}
