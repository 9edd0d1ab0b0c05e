import type { EnvironmentSettings } from '@commet/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useEnvironment } from '../../api/environment.ts'
import { fieldErrorsOf, messageOf } from '../../api/failures.ts'
import { callInternal } from '../../api/internal.ts'
import { useSession } from '../../api/session.ts'
import { useEnvironmentSettings } from '../../api/settings.ts'
import { ask } from '../../ui/ask.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast.tsx'
import { useUnsavedChanges } from '../../ui/unsaved-changes.ts'
import { mayManage } from '../settings/roles.ts'

/** The API version that answers requests which name none. */

export function ApiVersionPage() {
  const environment = useEnvironment()
  const settings = useEnvironmentSettings(environment)
  return (
    <>
      <PageHeader title="API version" />
      <p className="mb-5 max-w-prose text-muted-foreground">
        A request names its version in the header <code>commet-version</code>, as the client libraries do.
        This is the version of those that name none.
      </p>
      {settings.isError && settings.data === undefined && <Failure>{messageOf(settings.error)}</Failure>}
      {settings.isPending && <Skeleton className="h-64" />}
      {settings.data !== undefined && (
        <PinForm key={settings.data.apiVersion ?? ''} settings={settings.data} />
      )}
    </>
  )
}

function PinForm({ settings }: { readonly settings: EnvironmentSettings }) {
  const environment = useEnvironment()
  const role = useSession(environment).data?.role
  const [chosen, setChosen] = useState(settings.apiVersion)
  const guard = useUnsavedChanges(chosen !== settings.apiVersion)
  const queries = useQueryClient()
  const pin = useMutation({
    mutationFn: (apiVersion: string | null) =>
      callInternal(environment, 'environment.update', { body: { apiVersion } }),
    onSuccess: (saved) => {
      guard.saved()
      queries.setQueryData([environment, 'environment'], saved)
      toast({ message: `Requests that name no version are answered in ${effective(saved)} now.` })
    },
  })
  const save = async () => {
    const yes = await ask({
      title: `Answer in ${chosen ?? settings.defaultVersion}?`,
      text: `Every request to ${environment} that names no version gets its answers in this shape from now on.`,
      yes: 'Pin the version',
    })
    if (yes) pin.mutate(chosen)
  }
  const mayPin = mayManage(role)
  return (
    <form
      className="grid max-w-3xl gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      {!mayPin && <p>Owners and admins change it.</p>}
      <fieldset disabled={!mayPin} className="grid gap-2">
        <legend className="mb-2 font-medium">Version</legend>
        <Choice
          label={`Not pinned: the default, ${settings.defaultVersion}`}
          isCurrent={settings.apiVersion === null}
          isChosen={chosen === null}
          onChoose={() => setChosen(null)}
        />
        {settings.versions.map(({ date, notes }) => (
          <Choice
            key={date}
            label={date}
            notes={notes}
            isCurrent={settings.apiVersion === date}
            isChosen={chosen === date}
            onChoose={() => setChosen(date)}
          />
        ))}
      </fieldset>
      {pin.isError && <Failure>{fieldErrorsOf(pin.error).apiVersion ?? messageOf(pin.error)}</Failure>}
      {mayPin && (
        <Button
          variant="primary"
          type="submit"
          className="justify-self-start"
          disabled={pin.isPending || chosen === settings.apiVersion}
        >
          Pin the version
        </Button>
      )}
    </form>
  )
}

function effective({ apiVersion, defaultVersion }: EnvironmentSettings): string {
  return apiVersion ?? defaultVersion
}

type ChoiceProps = {
  readonly label: string
  readonly notes?: readonly string[]
  readonly isCurrent: boolean
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function Choice({ label, notes = [], isCurrent, isChosen, onChoose }: ChoiceProps) {
  return (
    <label className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 rounded-md border border-border p-3 has-checked:border-primary">
      <input
        type="radio"
        name="version"
        checked={isChosen}
        onChange={onChoose}
        className="mt-1 size-4 accent-primary"
      />
      <span className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{label}</span>
        {isCurrent && <Badge variant="success">in use</Badge>}
      </span>
      {notes.map((note) => (
        <span key={note} className="col-start-2 text-sm text-muted-foreground">
          {note}
        </span>
      ))}
    </label>
  )
}
