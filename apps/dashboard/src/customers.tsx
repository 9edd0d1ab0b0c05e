import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { clientOf, messageOf } from './api.ts'
import { CustomerForm } from './customer-form.tsx'
import { useEnvironment } from './shell.tsx'
import { Button, Code, Failure, Field, Time } from './ui.tsx'

/** The list. Everything that was chosen is in the address, so that a link or the back button restores it. */

export type CustomerSearch = {
  readonly search?: string
  readonly email?: string
  readonly after?: string
  readonly before?: string
  readonly order?: 'asc'
}

/** Reads the address; what it does not know is left out. */
export function readCustomerSearch(raw: Readonly<Record<string, unknown>>): CustomerSearch {
  const names = ['search', 'email', 'after', 'before'] as const
  const given = names.filter((name) => raw[name] !== undefined && raw[name] !== '')
  return {
    ...Object.fromEntries(given.map((name) => [name, String(raw[name])])),
    ...(raw.order === 'asc' ? { order: 'asc' as const } : {}),
  }
}

const typingMs = 150

export function CustomersPage() {
  const environment = useEnvironment()
  const chosen = useSearch({ from: '/$environment/customers' })
  const navigate = useNavigate({ from: '/$environment/customers' })
  const [creating, setCreating] = useState(false)
  const choose = (change: { readonly [Name in keyof CustomerSearch]?: CustomerSearch[Name] | undefined }) =>
    navigate({ search: (old) => readCustomerSearch({ ...old, ...change }), replace: true })
  const list = useCustomers(chosen)
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? []
  const filtered = Object.keys(chosen).some((name) => name !== 'order')
  useEffect(() => {
    document.title = 'Customers · Commet'
  }, [])
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold">Customers</h1>
        <Button kind="main" onClick={() => setCreating(true)}>
          New customer
        </Button>
      </div>
      <search className="my-4 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <Typed label="Search" value={chosen.search} onTyped={(search) => choose({ search })} />
        <Typed label="E-mail address" value={chosen.email} onTyped={(email) => choose({ email })} />
        <Field
          label="Created from"
          type="date"
          value={chosen.after ?? ''}
          onChange={({ target }) => choose({ after: target.value })}
        />
        <Field
          label="Created before"
          type="date"
          value={chosen.before ?? ''}
          onChange={({ target }) => choose({ before: target.value })}
        />
      </search>
      {list.isError && <Failure>{messageOf(list.error)}</Failure>}
      <p role="status" className="sr-only">
        {list.isSuccess ? `${rows.length}${list.hasNextPage ? ' or more' : ''} customers` : ''}
      </p>
      {list.isSuccess && rows.length === 0 && (filtered ? <NoMatch /> : <NoCustomers />)}
      {rows.length > 0 && (
        <div className="overflow-x-auto">
          <table className="w-full text-left">
            <thead className="border-b border-line text-sm text-soft">
              <tr>
                <th className="py-2 pr-4 font-medium">Name</th>
                <th className="py-2 pr-4 font-medium">E-mail</th>
                <th className="py-2 pr-4 font-medium max-sm:hidden">User ID</th>
                <th
                  className="py-2 font-medium max-sm:hidden"
                  aria-sort={chosen.order === 'asc' ? 'ascending' : 'descending'}
                >
                  <button
                    type="button"
                    className="cursor-pointer underline"
                    onClick={() => choose({ order: chosen.order === 'asc' ? undefined : 'asc' })}
                  >
                    Created {chosen.order === 'asc' ? '↑' : '↓'}
                  </button>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((customer) => (
                <tr key={customer.id} className="relative border-b border-line hover:bg-panel">
                  <td className="py-2 pr-4">
                    <Link
                      to="/$environment/customers/$id"
                      params={{ environment, id: customer.id }}
                      className="font-medium after:absolute after:inset-0"
                    >
                      {customer.fullName ?? customer.email}
                    </Link>
                  </td>
                  <td className="py-2 pr-4 break-all">{customer.email}</td>
                  <td className="py-2 pr-4 break-all max-sm:hidden">{customer.externalId ?? ''}</td>
                  <td className="py-2 whitespace-nowrap max-sm:hidden">
                    <Time at={customer.createdAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <Button className="mt-4" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
      {creating && (
        <CustomerForm
          onClose={() => setCreating(false)}
          onSaved={({ id }) => {
            setCreating(false)
            void navigate({ to: '/$environment/customers/$id', params: { environment, id } })
          }}
        />
      )}
    </>
  )
}

function useCustomers({ search, email, after, before, order }: CustomerSearch) {
  const environment = useEnvironment()
  return useInfiniteQuery({
    queryKey: [environment, 'customers', { search, email, after, before, order }],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const page = await clientOf(environment).customers.list(
        {
          limit: 50,
          cursor: pageParam,
          search,
          email,
          order,
          createdAfter: startOfDay(after),
          createdBefore: startOfDay(before),
        },
        { signal },
      )
      return { data: page.data, nextCursor: page.hasMore ? page.nextCursor : undefined }
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (old) => old,
  })
}

/** Midnight of the reader's zone; a date that is none filters nothing. */
function startOfDay(date: string | undefined): Date | undefined {
  const start = new Date(`${date}T00:00:00`)
  return Number.isNaN(start.getTime()) ? undefined : start
}

type TypedProps = {
  readonly label: string
  readonly value: string | undefined
  readonly onTyped: (text: string) => void
}

/** Says what was typed a moment after the last key. */
function Typed({ label, value = '', onTyped }: TypedProps) {
  const [text, setText] = useState(value)
  const [sent, setSent] = useState(value)
  if (value !== sent) {
    setSent(value)
    setText(value)
  }
  useEffect(() => {
    if (text === sent) return
    const timer = setTimeout(() => {
      setSent(text)
      onTyped(text)
    }, typingMs)
    return () => clearTimeout(timer)
  })
  return (
    <Field
      label={label}
      type="search"
      value={text}
      maxLength={200}
      onChange={({ target }) => setText(target.value)}
    />
  )
}

function NoMatch() {
  return <p className="py-8 text-soft">No customer matches. Clear a filter to see more.</p>
}

function NoCustomers() {
  return (
    <div className="grid gap-3 py-8">
      <p>No customers here yet. Make one with the button above, or from your own server:</p>
      <Code>{`curl -X POST ${location.origin}/api/v1/customers \\
  -H "x-api-key: YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"email": "billing@example.com", "id": "user_123"}'`}</Code>
    </div>
  )
}
