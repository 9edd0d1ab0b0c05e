import type { Member, Role, Session } from '@commet/contract'
import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query'
import type { RefObject } from 'react'
import { useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { callInternal, listInternal } from '../../api/internal.ts'
import { useOptimisticMutation } from '../../api/optimistic.ts'
import { usePagesOfList } from '../../api/pages-of-list.ts'
import { keepFocusWithout } from '../../ui/arrival.ts'
import { ask } from '../../ui/ask.tsx'
import { Button } from '../../ui/button.tsx'
import { RowId } from '../../ui/copyable.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Select } from '../../ui/field.tsx'
import { useNamedRow } from '../../ui/named-row.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'
import { labelOf, mayChange, roles } from './roles.ts'

type Props = { readonly self: Session }
type Pages = InfiniteData<{ readonly data: readonly Member[] }>

/** Everybody who gets in; `list` holds the rows. */
export function MemberList({ self, list }: Props & { readonly list: RefObject<HTMLElement | null> }) {
  const environment = useEnvironment()
  const members = usePagesOfList([environment, 'members'], (cursor, signal) =>
    listInternal(environment, 'members.list', { query: { limit: 50, cursor }, signal }),
  )
  const nothingNamed = useNamedRow({ prefix: 'mem_', list, rows: members })
  if (members.isError) return <Failure>{messageOf(members.error)}</Failure>
  if (members.isPending) return <Skeleton className="h-24" />
  return (
    <>
      {self.role !== 'owner' && (
        <p className="mb-2 text-muted-foreground">Only an owner makes owners, and changes or removes one.</p>
      )}
      {nothingNamed}
      <Table>
        <TableHeader>
          <TableRow>
            <TableHead>Name</TableHead>
            <TableHead className="max-sm:hidden">Joined</TableHead>
            <TableHead>Role</TableHead>
            <TableHead>ID</TableHead>
            <TableHead>
              <span className="sr-only">Actions</span>
            </TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {members.items.map((member) => (
            <MemberRow key={member.id} member={member} self={self} />
          ))}
        </TableBody>
      </Table>
      {members.hasNextPage && (
        <Button className="mt-4" onClick={() => void members.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  )
}

function MemberRow({ member, self }: Props & { readonly member: Member }) {
  const isSelf = member.id === self.memberId
  const isOpen = mayChange(self.role, member.role)
  return (
    <TableRow id={member.id} className="focus-within:bg-muted">
      <TableCell className="min-w-0">
        <span className="block font-medium break-words">
          {member.name}
          {isSelf && ' (you)'}
        </span>
        <span className="block break-all text-muted-foreground">{member.email}</span>
      </TableCell>
      <TableCell className="whitespace-nowrap max-sm:hidden">
        <Time at={member.createdAt} />
      </TableCell>
      <TableCell>{isOpen ? <RoleSelect member={member} self={self} /> : labelOf(member.role)}</TableCell>
      <TableCell>
        <RowId id={member.id} isListItem />
      </TableCell>
      <TableCell className="pr-0 text-right">
        {!isSelf && isOpen && <RemoveButton member={member} />}
      </TableCell>
    </TableRow>
  )
}

/** Asks first, since arrow keys choose what they pass; then shows the new role at once, and the former where the server says no. */
function RoleSelect({ member, self }: Props & { readonly member: Member }) {
  const environment = useEnvironment()
  const change = useOptimisticMutation<Role, Member, Pages>({
    queryKey: [environment, 'members'],
    mutationFn: (role) =>
      callInternal(environment, 'members.update', { params: { id: member.id }, body: { role } }),
    apply: (pages, role) => withRole(pages, member.id, role),
    failure: `The role of ${member.name} was not changed.`,
  })
  const askFirst = async (role: Role) => {
    const { label, does } = roles.find((one) => one.role === role) ?? { label: role, does: '' }
    const title = `Make ${member.name} ${label.toLowerCase()}?`
    if (await ask({ title, text: does, yes: 'Change role' })) change.mutate(role)
  }
  const mayMakeOwners = self.role === 'owner'
  return (
    <Select
      aria-label={`Role of ${member.name}`}
      className="w-auto"
      value={member.role}
      onChange={({ target }) => void askFirst(target.value as Role)}
    >
      {roles
        .filter(({ role }) => role !== 'owner' || mayMakeOwners)
        .map(({ role, label }) => (
          <option key={role} value={role}>
            {label}
          </option>
        ))}
    </Select>
  )
}

function withRole(pages: Pages, id: string, role: Role): Pages {
  const changed = pages.pages.map((page) => ({
    ...page,
    data: page.data.map((member) => (member.id === id ? { ...member, role } : member)),
  }))
  return { ...pages, pages: changed }
}

function RemoveButton({ member }: { readonly member: Member }) {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => callInternal(environment, 'members.delete', { params: { id: member.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [environment, 'members'] }),
    onError: (error) => toast({ message: messageOf(error), tone: 'failure' }),
  })
  const askFirst = async (button: Element) => {
    const yes = await ask({
      title: `Remove ${member.name}?`,
      text: `${member.email} no longer gets in, from the next click on. API keys keep working.`,
      yes: 'Remove member',
    })
    if (yes) remove.mutate(undefined, { onError: keepFocusWithout(button) })
  }
  return (
    <Button
      variant="destructive"
      aria-label={`Remove ${member.name}`}
      disabled={remove.isPending}
      onClick={({ currentTarget }) => void askFirst(currentTarget)}
    >
      Remove
    </Button>
  )
}
