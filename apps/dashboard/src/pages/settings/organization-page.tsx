import type { Organization } from '@commet/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { type Environment, useEnvironment } from '../../api/environment.ts'
import { fieldErrorsOf, messageOf } from '../../api/failures.ts'
import { callInternal } from '../../api/internal.ts'
import { useSession } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Field } from '../../ui/field.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'
import { useUnsavedChanges } from '../../ui/unsaved-changes.ts'
import { mayManage } from './roles.ts'

/** The organization's name, which invited people read. */
export function OrganizationPage() {
  const environment = useEnvironment()
  const organization = useQuery({
    queryKey: keyOf(environment),
    queryFn: ({ signal }) => callInternal(environment, 'organization.get', { signal }),
  })
  return (
    <>
      <PageHeader title="Organization" />
      {organization.isError && <Failure>{messageOf(organization.error)}</Failure>}
      {organization.data !== undefined && (
        <OrganizationCard key={organization.data.name} organization={organization.data} />
      )}
    </>
  )
}

function keyOf(environment: Environment) {
  return [environment, 'organization'] as const
}

function OrganizationCard({ organization }: { readonly organization: Organization }) {
  const environment = useEnvironment()
  const session = useSession(environment)
  const queries = useQueryClient()
  const [name, setName] = useState(organization.name)
  const guard = useUnsavedChanges(name !== organization.name)
  const rename = useMutation({
    mutationFn: () => callInternal(environment, 'organization.update', { body: { name } }),
    onSuccess: (renamed) => {
      guard.saved()
      queries.setQueryData(keyOf(environment), renamed)
      toast({ message: 'The organization was renamed.' })
    },
  })
  const mayRename = mayManage(session.data?.role)
  const errors = fieldErrorsOf(rename.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    rename.mutate()
  }
  return (
    <Card className="grid max-w-xl gap-5">
      {mayRename && (
        <form className="grid gap-4" noValidate onSubmit={submit}>
          <Field
            label="Name"
            name="name"
            value={name}
            onChange={({ target }) => setName(target.value)}
            hint="People whom you invite read it."
            error={errors.name}
          />
          {rename.isError && errors.name === undefined && <Failure>{messageOf(rename.error)}</Failure>}
          <Button
            variant="primary"
            type="submit"
            className="justify-self-start"
            disabled={rename.isPending || name === organization.name}
          >
            Save
          </Button>
        </form>
      )}
      <dl className="grid gap-4">
        {!mayRename && <Fact name="Name">{organization.name}</Fact>}
        <Fact name="ID">
          <Copyable text={organization.id} />
        </Fact>
        <Fact name="Created">
          <Time at={organization.createdAt} />
        </Fact>
      </dl>
    </Card>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-muted-foreground">{name}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  )
}
