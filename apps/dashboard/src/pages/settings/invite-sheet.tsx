import type { Role, Session } from '@commet/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useEnvironment } from '../../api/environment.ts'
import { fieldErrorsOf, messageOf } from '../../api/failures.ts'
import { callInternal } from '../../api/internal.ts'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Field, SelectField } from '../../ui/field.tsx'
import { Sheet } from '../../ui/modal.tsx'
import { ShownOnce } from '../../ui/shown-once.tsx'
import { Time } from '../../ui/time.tsx'
import { useUnsavedChanges } from '../../ui/unsaved-changes.ts'
import { roles } from './roles.ts'

type Props = { readonly self: Session; readonly onClose: () => void }

/** Invites a person. The link is shown once; nothing is mailed. */
export function InviteSheet({ self, onClose }: Props) {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('member')
  const invite = useMutation({
    mutationFn: () => callInternal(environment, 'invitations.create', { body: { email, role } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [environment, 'invitations'] }),
  })
  const guard = useUnsavedChanges(email !== '' && !invite.isSuccess)
  const errors = fieldErrorsOf(invite.error)
  if (invite.data !== undefined) return <InvitationLink {...invite.data} onClose={onClose} />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate()
  }
  return (
    <Sheet title="Invite a person" onClose={() => void guard.mayLeave().then((may) => may && onClose())}>
      <form className="grid gap-4" noValidate onSubmit={submit}>
        <Field
          label="E-mail address"
          type="email"
          autoComplete="off"
          value={email}
          onChange={({ target }) => setEmail(target.value)}
          error={errors.email}
        />
        <SelectField
          label="Role"
          value={role}
          hint={roles.find((one) => one.role === role)?.does}
          onChange={({ target }) => setRole(target.value as Role)}
          error={errors.role}
        >
          {roles
            .filter((one) => one.role !== 'owner' || self.role === 'owner')
            .map((one) => (
              <option key={one.role} value={one.role}>
                {one.label}
              </option>
            ))}
        </SelectField>
        {invite.isError && Object.keys(errors).length === 0 && <Failure>{messageOf(invite.error)}</Failure>}
        <Button variant="primary" type="submit" disabled={invite.isPending}>
          Make the link
        </Button>
      </form>
    </Sheet>
  )
}

type LinkProps = {
  readonly email: string
  readonly token: string
  readonly expiresAt: string
  readonly onClose: () => void
}

function InvitationLink({ email, token, expiresAt, onClose }: LinkProps) {
  return (
    <ShownOnce
      title={`Link for ${email}`}
      note="Pass this link on now: it is shown this once."
      secret={`${location.origin}/accept#${token}`}
      ifLost="Without it, revoke the invitation and make another."
      onClose={onClose}
    >
      <p className="text-muted-foreground">
        It works once, until <Time at={expiresAt} />.
      </p>
    </ShownOnce>
  )
}
