import type { ApiKey } from '@commet/node'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { clientOf } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.ts'
import { fieldErrorsOf, messageOf } from '../../api/failures.ts'
import { usePagesOfList } from '../../api/pages-of-list.ts'
import { useSession } from '../../api/session.ts'
import { AsCode } from '../../snippets/as-code.tsx'
import { firstRequest } from '../../snippets/first-request.ts'
import { keepFocusWithout } from '../../ui/arrival.ts'
import { ask } from '../../ui/ask.tsx'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { CopyButton, RowId } from '../../ui/copyable.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Field } from '../../ui/field.tsx'
import { useListKeys } from '../../ui/list-keys.ts'
import { Sheet } from '../../ui/modal.tsx'
import { useNamedRow } from '../../ui/named-row.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ShownOnce } from '../../ui/shown-once.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { useUnsavedChanges } from '../../ui/unsaved-changes.ts'
import { mayManage } from '../settings/roles.ts'

/** The keys of an environment: made here, shown once, revoked. */

const firstPage = { limit: 50 }
const waitingMs = 2_000
const otherwiseMs = 15_000

export function ApiKeysPage() {
  const environment = useEnvironment()
  const [creating, setCreating] = useState(false)
  const list = usePagesOfList(
    [environment, 'api-keys'],
    (cursor) => clientOf(environment).apiKeys.list({ ...firstPage, cursor }),
    { refetchEveryMs: (rows) => (rows === 0 ? waitingMs : otherwiseMs) },
  )
  const keys = list.items
  const table = useRef<HTMLTableElement>(null)
  useListKeys(table)
  const nothingNamed = useNamedRow({ prefix: 'key_', list: table, rows: list })
  const role = useSession(environment).data?.role
  const mayWrite = mayManage(role)
  return (
    <>
      <PageHeader title="API keys">
        <AsCode operation="apiKeys.list" input={firstPage} />
        {mayWrite && (
          <Button variant="primary" onClick={() => setCreating(true)}>
            New key
          </Button>
        )}
      </PageHeader>
      {!mayWrite && <p className="mb-4">Your role is {role}. Owners and admins make and revoke keys.</p>}
      {list.isError && <Failure>{messageOf(list.error)}</Failure>}
      {nothingNamed}
      {list.isSuccess && keys.length === 0 && <NoKeys mayWrite={mayWrite} />}
      {keys.length > 0 && (
        <Table ref={table}>
          <TableHeader>
            <TableRow>
              <TableHead>Name</TableHead>
              <TableHead>Starts with</TableHead>
              <TableHead className="max-sm:hidden">Last used</TableHead>
              <TableHead className="max-sm:hidden">Expires</TableHead>
              <TableHead>ID</TableHead>
              {mayWrite && (
                <TableHead>
                  <span className="sr-only">Actions</span>
                </TableHead>
              )}
            </TableRow>
          </TableHeader>
          <TableBody>
            {keys.map((key) => (
              <KeyRow key={key.id} apiKey={key} mayRevoke={mayWrite} />
            ))}
          </TableBody>
        </Table>
      )}
      {list.hasNextPage && (
        <Button className="mt-4" onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
      {creating && <NewKey onClose={() => setCreating(false)} />}
    </>
  )
}

/** What a key is for. The list looks out for one that a colleague makes. */
function NoKeys({ mayWrite }: { readonly mayWrite: boolean }) {
  const environment = useEnvironment()
  const command = firstRequest(environment)
  return (
    <Empty title="No keys yet">
      <p className="max-w-prose text-muted-foreground">
        A key lets your own server act in this environment.
        {mayWrite ? ' Make one with the button above' : ' Ask for one'}, and send your first request with it:
      </p>
      <div className="w-full min-w-0">
        <Code>{command}</Code>
      </div>
      <CopyButton text={command} label="the command" />
    </Empty>
  )
}

type KeyRowProps = { readonly apiKey: ApiKey; readonly mayRevoke: boolean }

function KeyRow({ apiKey, mayRevoke }: KeyRowProps) {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => clientOf(environment).apiKeys.delete({ id: apiKey.id }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [environment, 'api-keys'] }),
  })
  const askFirst = async (button: Element) => {
    const yes = await ask({
      title: `Revoke ${apiKey.name}?`,
      text: 'What uses it stops working at once.',
      yes: 'Revoke key',
    })
    if (yes) revoke.mutate(undefined, { onError: keepFocusWithout(button) })
  }
  return (
    <TableRow id={apiKey.id} className="focus-within:bg-muted">
      <TableCell className="break-words">
        {apiKey.name}
        {revoke.isError && <Failure>{messageOf(revoke.error)}</Failure>}
      </TableCell>
      <TableCell>
        <code className="break-all">{apiKey.prefix}…</code>
      </TableCell>
      <TableCell className="max-sm:hidden">
        {apiKey.lastUsedAt === null ? 'never' : <Time at={apiKey.lastUsedAt} />}
      </TableCell>
      <TableCell className="max-sm:hidden">
        {apiKey.expiresAt === null ? 'never' : <Time at={apiKey.expiresAt} />}
      </TableCell>
      <TableCell>
        <RowId id={apiKey.id} isListItem />
      </TableCell>
      {mayRevoke && (
        <TableCell className="text-right">
          <Button
            variant="destructive"
            aria-label={`Revoke ${apiKey.name}`}
            disabled={revoke.isPending}
            onClick={({ currentTarget }) => void askFirst(currentTarget)}
          >
            Revoke
          </Button>
        </TableCell>
      )}
    </TableRow>
  )
}

function NewKey({ onClose }: { readonly onClose: () => void }) {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const create = useMutation({
    mutationFn: async () => (await clientOf(environment).apiKeys.create({ name })).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: [environment, 'api-keys'] }),
  })
  const guard = useUnsavedChanges(name !== '' && !create.isSuccess)
  const errors = fieldErrorsOf(create.error)
  if (create.data !== undefined) {
    return (
      <ShownOnce
        title="Your new key"
        note="Keep it now: it is shown this once."
        secret={create.data.apiKey}
        ifLost="Without it, revoke this key and make another."
        onClose={onClose}
      >
        <p className="text-muted-foreground">
          It expires on <Time at={create.data.expiresAt} />.
        </p>
      </ShownOnce>
    )
  }
  return (
    <Sheet
      title={`New ${environment} key`}
      onClose={() => void guard.mayLeave().then((may) => may && onClose())}
    >
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Field
          label="Name"
          name="name"
          autoComplete="off"
          value={name}
          onChange={({ target }) => setName(target.value)}
          hint="What the key is for."
          error={errors.name}
        />
        {create.isError && errors.name === undefined && <Failure>{messageOf(create.error)}</Failure>}
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" type="submit" disabled={create.isPending}>
            Create key
          </Button>
          <AsCode operation="apiKeys.create" input={{ name }} />
        </div>
      </form>
    </Sheet>
  )
}
