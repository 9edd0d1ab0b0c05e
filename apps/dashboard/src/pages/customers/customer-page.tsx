import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { clientOf } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Failure } from '../../ui/failure.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Time } from '../../ui/time.tsx'
import { CustomerForm } from './customer-form.tsx'

/** One customer: what is known of it, and a sheet to change it. */

export function CustomerPage() {
  const environment = useEnvironment()
  const { id } = useParams({ from: '/$environment/customers/$id' })
  const [editing, setEditing] = useState(false)
  const query = useQuery({
    queryKey: [environment, 'customer', id],
    queryFn: async ({ signal }) => (await clientOf(environment).customers.get({ id }, { signal })).data,
  })
  const customer = query.data
  const title = customer === undefined ? 'Customer' : (customer.fullName ?? customer.email)
  if (customer === undefined) {
    return (
      <>
        <PageHeader title={title} />
        {query.isError && <Failure>{messageOf(query.error)}</Failure>}
      </>
    )
  }
  const { address, metadata } = customer
  const lines = [address?.line1, address?.line2, address?.postalCode, address?.city, address?.country]
  return (
    <>
      <PageHeader title={title}>
        <Button onClick={() => setEditing(true)}>Edit</Button>
      </PageHeader>
      <dl className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        <Fact name="ID">
          <Copyable text={customer.id} />
        </Fact>
        <Fact name="User ID">{customer.externalId && <Copyable text={customer.externalId} />}</Fact>
        <Fact name="E-mail address">{customer.email}</Fact>
        <Fact name="Name">{customer.fullName}</Fact>
        <Fact name="Tax ID">
          {customer.taxDocument &&
            [customer.taxDocument, customer.documentType].filter((part) => part !== null).join(', ')}
        </Fact>
        <Fact name="Time zone">{customer.timezone}</Fact>
        <Fact name="Address">{lines.filter((line) => line !== undefined).join(', ')}</Fact>
        <Fact name="Created">
          <Time at={customer.createdAt} />
        </Fact>
        <Fact name="Changed">
          <Time at={customer.updatedAt} />
        </Fact>
      </dl>
      {metadata !== null && Object.keys(metadata).length > 0 && (
        <section className="mt-6 grid gap-2">
          <h2 className="text-lg font-semibold">Metadata</h2>
          <Code>{JSON.stringify(metadata, null, 2)}</Code>
        </section>
      )}
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

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-muted-foreground">{name}</dt>
      <dd className="break-words">{children || '–'}</dd>
    </div>
  )
}
