import type { ApiKey } from '@commet/node'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { clientOf, fieldErrorsOf, messageOf } from './api.ts'
import { Copyable } from './customer.tsx'
import { useEnvironment } from './shell.tsx'
import { Button, Failure, Field, Sheet, Time } from './ui.tsx'

/** The keys of an environment: made here, shown once, revoked. */

export function ApiKeysPage() {
  const environment = useEnvironment()
  const [creating, setCreating] = useState(false)
  const list = useInfiniteQuery({
    queryKey: [environment, 'api-keys'],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) => {
      const page = await clientOf(environment).apiKeys.list({ limit: 50, cursor: pageParam })
      return { data: page.data, nextCursor: page.hasMore ? page.nextCursor : undefined }
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  const keys = list.data?.pages.flatMap(({ data }) => data) ?? []
  useEffect(() => {
    document.title = 'API keys · Commet'
  }, [])
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold">API keys</h1>
        <Button kind="main" onClick={() => setCreating(true)}>
          New key
        </Button>
      </div>
      {list.isError && <Failure>{messageOf(list.error)}</Failure>}
      {list.isSuccess && keys.length === 0 && (
        <p className="py-8 text-soft">No keys yet. A key lets your own server act in this environment.</p>
      )}
      {keys.length > 0 && (
        <table className="w-full text-left">
          <thead className="border-b border-line text-sm text-soft">
            <tr>
              <th className="py-2 pr-4 font-medium">Name</th>
              <th className="py-2 pr-4 font-medium">Starts with</th>
              <th className="py-2 pr-4 font-medium max-sm:hidden">Last used</th>
              <th className="py-2 pr-4 font-medium max-sm:hidden">Expires</th>
              <th className="py-2 font-medium">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <KeyRow key={key.id} apiKey={key} />
            ))}
          </tbody>
        </table>
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

function KeyRow({ apiKey }: { readonly apiKey: ApiKey }) {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => clientOf(environment).apiKeys.delete({ id: apiKey.id }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [environment, 'api-keys'] }),
  })
  const ask = () => {
    if (confirm(`Revoke ${apiKey.name}? What uses it stops working at once.`)) revoke.mutate()
  }
  return (
    <tr className="border-b border-line">
      <td className="py-2 pr-4 break-words">
        {apiKey.name}
        {revoke.isError && <Failure>{messageOf(revoke.error)}</Failure>}
      </td>
      <td className="py-2 pr-4">
        <code className="break-all">{apiKey.prefix}…</code>
      </td>
      <td className="py-2 pr-4 max-sm:hidden">
        {apiKey.lastUsedAt === null ? 'never' : <Time at={apiKey.lastUsedAt} />}
      </td>
      <td className="py-2 pr-4 max-sm:hidden">
        {apiKey.expiresAt === null ? 'never' : <Time at={apiKey.expiresAt} />}
      </td>
      <td className="py-2 text-right">
        <Button kind="bad" aria-label={`Revoke ${apiKey.name}`} disabled={revoke.isPending} onClick={ask}>
          Revoke
        </Button>
      </td>
    </tr>
  )
}

function NewKey({ onClose }: { readonly onClose: () => void }) {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const create = useMutation({
    mutationFn: async (name: string) => (await clientOf(environment).apiKeys.create({ name })).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: [environment, 'api-keys'] }),
  })
  const errors = fieldErrorsOf(create.error)
  if (create.data !== undefined) {
    return (
      <Sheet title="Your new key" onClose={onClose}>
        <div className="grid gap-4">
          <p>Keep it now: it is shown this once.</p>
          <Copyable text={create.data.apiKey} />
          <p className="text-soft">
            It expires on <Time at={create.data.expiresAt} />.
          </p>
        </div>
      </Sheet>
    )
  }
  return (
    <Sheet title={`New ${environment} key`} onClose={onClose}>
      <form
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate(String(new FormData(event.currentTarget).get('name')))
        }}
      >
        <Field label="Name" name="name" hint="What the key is for." error={errors.name} />
        {create.isError && errors.name === undefined && <Failure>{messageOf(create.error)}</Failure>}
        <Button kind="main" type="submit" disabled={create.isPending}>
          Create key
        </Button>
      </form>
    </Sheet>
  )
}
