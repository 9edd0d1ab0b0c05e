import type { Address, Customer } from '@commet/node'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Pencil, Trash2 } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { clientOf } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.ts'
import { isNotFound, messageOf } from '../../api/failures.ts'
import { AsCode } from '../../snippets/as-code.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Code } from '../../ui/code.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Failure } from '../../ui/failure.tsx'
import { OtherEnvironment } from '../../ui/other-environment.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Time } from '../../ui/time.tsx'
import { CustomerForm } from './customer-form.tsx'
import { useDeleteCustomers, useHiddenCustomers } from './deletions.ts'
import { countryName } from './places.ts'
import { Timeline } from './timeline.tsx'

/** One customer: what is known of it, what happened to it, and what can be done. */

export function CustomerPage() {
  const query = useCustomer()
  const customer = query.data
  if (customer !== undefined && !isNotFound(query.error)) return <Loaded customer={customer} />
  return (
    <>
      <PageHeader title="Customer" />
      {query.isError ? <Failure>{messageOf(query.error)}</Failure> : <Loading />}
      {isNotFound(query.error) && <OtherEnvironment />}
    </>
  )
}

/** The customer that the address names. Named by a user ID, which may change, it goes on under the ID that does not. */
function useCustomer() {
  const environment = useEnvironment()
  const { id } = useParams({ from: '/$environment/customers/$id' })
  const queries = useQueryClient()
  const navigate = useNavigate()
  const query = useQuery({
    queryKey: [environment, 'customer', id],
    queryFn: async ({ signal }) => (await clientOf(environment).customers.get({ id }, { signal })).data,
  })
  const { data } = query
  useEffect(() => {
    if (data === undefined || data.id === id) return
    queries.setQueryData([environment, 'customer', data.id], data)
    const params = { environment, id: data.id }
    void navigate({ to: '/$environment/customers/$id', params, replace: true })
  }, [data, id, environment, queries, navigate])
  return query
}

function Loaded({ customer }: { readonly customer: Customer }) {
  const [editing, setEditing] = useState(false)
  const isLeaving = useHiddenCustomers().has(customer.id)
  return (
    <>
      <PageHeader title={customer.fullName ?? customer.email}>
        <AsCode operation="customers.get" input={{ id: customer.id }} />
        <Button onClick={() => setEditing(true)}>
          <Pencil aria-hidden="true" />
          Edit
        </Button>
        {!isLeaving && <DeleteButton id={customer.id} />}
      </PageHeader>
      {isLeaving && (
        <p role="status" className="mb-4 rounded-md border border-border px-3 py-2">
          This customer was deleted and will be gone in a moment. Undo brings it back.
        </p>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="grid gap-4">
          <Contact customer={customer} />
          <Billing customer={customer} />
          <Metadata metadata={customer.metadata ?? {}} />
        </div>
        <Timeline customerId={customer.id} changedAt={customer.updatedAt} />
      </div>
      {editing && (
        <CustomerForm
          customer={customer}
          onClose={() => setEditing(false)}
          onSaved={() => setEditing(false)}
        />
      )}
    </>
  )
}

/** Goes back to the list, where a note offers to take it back. */
function DeleteButton({ id }: { readonly id: string }) {
  const environment = useEnvironment()
  const navigate = useNavigate()
  const remove = useDeleteCustomers()
  const removeAndLeave = () => {
    remove([id])
    void navigate({ to: '/$environment/customers', params: { environment } })
  }
  return (
    <Button variant="destructive" onClick={removeAndLeave}>
      <Trash2 aria-hidden="true" />
      Delete
    </Button>
  )
}

function Contact({ customer }: { readonly customer: Customer }) {
  const { id, externalId, email, fullName, createdAt, updatedAt } = customer
  return (
    <Card title="Contact">
      <dl className={facts}>
        <Fact name="Name">{fullName}</Fact>
        <Fact name="E-mail address">
          <a className="text-primary underline" href={`mailto:${encodeURI(email)}`}>
            {email}
          </a>
        </Fact>
        <Fact name="ID">
          <Copyable text={id} />
        </Fact>
        <Fact name="User ID">{externalId === null ? null : <Copyable text={externalId} />}</Fact>
        <Fact name="Created">
          <Time at={createdAt} />
        </Fact>
        <Fact name="Changed">
          <Time at={updatedAt} />
        </Fact>
      </dl>
    </Card>
  )
}

function Billing({ customer }: { readonly customer: Customer }) {
  const { address, taxDocument, documentType, timezone } = customer
  return (
    <Card title="Billing">
      <dl className={facts}>
        <Fact name="Address">{address === null ? null : <PostalAddress address={address} />}</Fact>
        <Fact name="Tax ID">
          {taxDocument === null ? null : `${taxDocument}${documentType === null ? '' : ` (${documentType})`}`}
        </Fact>
        <Fact name="Time zone">{timezone}</Fact>
      </dl>
    </Card>
  )
}

function PostalAddress({ address }: { readonly address: Address }) {
  const { line1, line2, postalCode, city, state, region, country } = address
  const place = [postalCode, city].join(' ')
  const wider = [state, region].filter((part) => part !== undefined).join(', ')
  const lines = [line1, line2 ?? '', place, wider, countryName(country)]
  return (
    <address className="not-italic">
      {lines
        .filter((line) => line !== '')
        .map((line) => (
          <span key={line} className="block">
            {line}
          </span>
        ))}
    </address>
  )
}

function Metadata({ metadata }: { readonly metadata: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(metadata)
  return (
    <Card title="Metadata">
      {entries.length === 0 ? (
        <p className="text-muted-foreground">None.</p>
      ) : (
        <dl className={facts}>
          {entries.map(([key, value]) => (
            <Fact key={key} name={key}>
              <MetadataValue value={value} />
            </Fact>
          ))}
        </dl>
      )}
    </Card>
  )
}

function MetadataValue({ value }: { readonly value: unknown }) {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null) return <Code>{JSON.stringify(value, null, 2)}</Code>
  return <code>{JSON.stringify(value)}</code>
}

const facts = 'grid gap-x-4 gap-y-3 sm:grid-cols-[8rem_minmax(0,1fr)]'

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-sm break-words text-muted-foreground max-sm:-mb-3 sm:pt-0.5">{name}</dt>
      <dd className="min-w-0 break-words">
        {children === null || children === '' ? (
          <span className="text-muted-foreground">None</span>
        ) : (
          children
        )}
      </dd>
    </div>
  )
}

function Loading() {
  return (
    <div aria-busy="true" className="grid gap-4 lg:grid-cols-2">
      <Skeleton className="h-64" />
      <Skeleton className="h-64" />
    </div>
  )
}
