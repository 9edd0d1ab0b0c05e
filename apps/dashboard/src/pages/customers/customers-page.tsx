import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { clientOf } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { usePagesOfList } from '../../api/pages-of-list.ts'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Field } from '../../ui/field.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { CustomerForm } from './customer-form.tsx'
import { type CustomerSearch, readCustomerSearch } from './customer-search.ts'

/** The list. Everything that was chosen is in the address, so that a link or the back button restores it. */

const typingMs = 150

export function CustomersPage() {
  const environment = useEnvironment()
  const chosen = useSearch({ from: '/$environment/customers' })
  const navigate = useNavigate({ from: '/$environment/customers' })
  const [creating, setCreating] = useState(false)
  const choose = (change: { readonly [Name in keyof CustomerSearch]?: CustomerSearch[Name] | undefined }) =>
    navigate({ search: (old) => readCustomerSearch({ ...old, ...change }), replace: true })
  const list = useCustomers(chosen)
  const rows = list.items
  const filtered = Object.keys(chosen).some((name) => name !== 'order')
  return (
    <>
      <PageHeader title="Customers">
        <Button variant="primary" onClick={() => setCreating(true)}>
          New customer
        </Button>
      </PageHeader>
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
        <Table>
          <TableHeader>
            <TableRow>
              <TableHead>Name</TableHead>
              <TableHead>E-mail</TableHead>
              <TableHead className="max-sm:hidden">User ID</TableHead>
              <TableHead
                className="max-sm:hidden"
                aria-sort={chosen.order === 'asc' ? 'ascending' : 'descending'}
              >
                <button
                  type="button"
                  className="underline"
                  onClick={() => choose({ order: chosen.order === 'asc' ? undefined : 'asc' })}
                >
                  Created {chosen.order === 'asc' ? '↑' : '↓'}
                </button>
              </TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {rows.map((customer) => (
              <TableRow key={customer.id} className="relative hover:bg-muted">
                <TableCell>
                  <Link
                    to="/$environment/customers/$id"
                    params={{ environment, id: customer.id }}
                    className="font-medium after:absolute after:inset-0"
                  >
                    {customer.fullName ?? customer.email}
                  </Link>
                </TableCell>
                <TableCell className="break-all">{customer.email}</TableCell>
                <TableCell className="break-all max-sm:hidden">{customer.externalId ?? ''}</TableCell>
                <TableCell className="whitespace-nowrap max-sm:hidden">
                  <Time at={customer.createdAt} />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
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
  return usePagesOfList(
    [environment, 'customers', { search, email, after, before, order }],
    (cursor, signal) =>
      clientOf(environment).customers.list(
        {
          limit: 50,
          cursor,
          search,
          email,
          order,
          createdAfter: startOfDay(after),
          createdBefore: startOfDay(before),
        },
        { signal },
      ),
  )
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
  return <Empty title="No customer matches. Clear a filter to see more." />
}

function NoCustomers() {
  return (
    <Empty title="No customers here yet">
      <p>Make one with the button above, or from your own server:</p>
      <Code>{`curl -X POST ${location.origin}/api/v1/customers \\
  -H "x-api-key: YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"email": "billing@example.com", "id": "user_123"}'`}</Code>
    </Empty>
  )
}
