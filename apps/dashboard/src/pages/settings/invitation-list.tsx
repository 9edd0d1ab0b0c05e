import type { Invitation } from '@commet/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { RefObject } from 'react'
import { useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { callInternal, listInternal } from '../../api/internal.ts'
import { usePagesOfList } from '../../api/pages-of-list.ts'
import { keepFocusWithout } from '../../ui/arrival.ts'
import { Button } from '../../ui/button.tsx'
import { RowId } from '../../ui/copyable.tsx'
import { Failure } from '../../ui/failure.tsx'
import { useNamedRow } from '../../ui/named-row.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'

/** Links that still work; `list` holds the rows. */
export function InvitationList({ list }: { readonly list: RefObject<HTMLElement | null> }) {
  const environment = useEnvironment()
  const invitations = usePagesOfList([environment, 'invitations'], (cursor, signal) =>
    listInternal(environment, 'invitations.list', { query: { limit: 50, cursor }, signal }),
  )
  const nothingNamed = useNamedRow({ prefix: 'inv_', list, rows: invitations })
  if (invitations.isError) return <Failure>{messageOf(invitations.error)}</Failure>
  if (invitations.items.length === 0) return nothingNamed
  return (
    <section className="mt-8">
      <h2 className="mb-2 text-lg font-semibold">Invitations</h2>
      {nothingNamed}
      <Table>
        <TableHeader>
          <TableRow>
            <TableHead>E-mail</TableHead>
            <TableHead>Role</TableHead>
            <TableHead className="max-sm:hidden">Works until</TableHead>
            <TableHead>ID</TableHead>
            <TableHead>
              <span className="sr-only">Actions</span>
            </TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {invitations.items.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} />
          ))}
        </TableBody>
      </Table>
      {invitations.hasNextPage && (
        <Button className="mt-4" onClick={() => void invitations.fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  )
}

function InvitationRow({ invitation }: { readonly invitation: Invitation }) {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => callInternal(environment, 'invitations.delete', { params: { id: invitation.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [environment, 'invitations'] }),
    onError: (error) => toast({ message: messageOf(error), tone: 'failure' }),
  })
  return (
    <TableRow id={invitation.id} className="focus-within:bg-muted">
      <TableCell className="break-all">{invitation.email}</TableCell>
      <TableCell>{invitation.role}</TableCell>
      <TableCell className="whitespace-nowrap max-sm:hidden">
        <Time at={invitation.expiresAt} />
      </TableCell>
      <TableCell>
        <RowId id={invitation.id} isListItem />
      </TableCell>
      <TableCell className="pr-0 text-right">
        <Button
          variant="destructive"
          aria-label={`Revoke ${invitation.email}`}
          disabled={revoke.isPending}
          onClick={({ currentTarget }) =>
            revoke.mutate(undefined, { onError: keepFocusWithout(currentTarget) })
          }
        >
          Revoke
        </Button>
      </TableCell>
    </TableRow>
  )
}
