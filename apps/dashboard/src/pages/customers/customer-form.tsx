import type { Customer } from '@commet/node'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { clientOf } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.ts'
import { fieldErrorsOf, messageOf } from '../../api/failures.ts'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Field } from '../../ui/field.tsx'
import { Sheet } from '../../ui/modal.tsx'
import { useUnsavedChanges } from '../../ui/unsaved-changes.ts'

/** Creates or edits a customer in a sheet. What the server says of a field stands next to it. */

type Values = Readonly<Record<'email' | 'fullName' | 'externalId' | 'taxDocument' | 'timezone', string>>

const fields = [
  { name: 'email', label: 'E-mail address', hint: 'Where bills go.' },
  { name: 'fullName', label: 'Name' },
  { name: 'externalId', label: 'User ID', hint: 'Your own ID of this customer.' },
  { name: 'taxDocument', label: 'Tax ID' },
  { name: 'timezone', label: 'Time zone', hint: 'Such as Europe/Berlin.' },
] as const

type Props = {
  readonly customer?: Customer
  readonly onClose: () => void
  readonly onSaved: (customer: Customer) => void
}

export function CustomerForm({ customer, onClose, onSaved }: Props) {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const before = valuesOf(customer)
  const [values, setValues] = useState(before)
  const changed = fields.some(({ name }) => values[name] !== before[name])
  const guard = useUnsavedChanges(changed)
  const save = useMutation({
    mutationFn: async () =>
      customer === undefined
        ? (await clientOf(environment).customers.create(newCustomer(values))).data
        : (await clientOf(environment).customers.update({ id: customer.id, ...changesOf(before, values) }))
            .data,
    onSuccess: async (saved) => {
      guard.saved()
      queries.setQueryData([environment, 'customer', saved.id], saved)
      await queries.invalidateQueries({ queryKey: [environment, 'customers'] })
      onSaved(saved)
    },
  })
  const errors = fieldErrorsOf(save.error)
  const known = fields.some(({ name }) => (errors[name] ?? errors[wireName(name)]) !== undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Sheet
      title={customer === undefined ? 'New customer' : 'Edit customer'}
      onClose={() => void guard.mayLeave().then((may) => may && onClose())}
    >
      <form className="grid gap-4" noValidate onSubmit={submit}>
        {fields.map(({ name, label, ...hint }) => (
          <Field
            key={name}
            label={label}
            name={name}
            value={values[name]}
            onChange={({ target }) => setValues({ ...values, [name]: target.value })}
            error={errors[name] ?? errors[wireName(name)]}
            {...hint}
          />
        ))}
        {save.isError && !known && <Failure>{messageOf(save.error)}</Failure>}
        <Button variant="primary" type="submit" disabled={save.isPending}>
          {customer === undefined ? 'Create customer' : 'Save changes'}
        </Button>
      </form>
    </Sheet>
  )
}

function valuesOf(customer: Customer | undefined): Values {
  return {
    email: customer?.email ?? '',
    fullName: customer?.fullName ?? '',
    externalId: customer?.externalId ?? '',
    taxDocument: customer?.taxDocument ?? '',
    timezone: customer?.timezone ?? '',
  }
}

/** A new customer's user ID travels as `id`. */
function wireName(name: string): string {
  return name === 'externalId' ? 'id' : name
}

function newCustomer({ email, ...others }: Values) {
  const given = Object.entries(others).filter(([, value]) => value !== '')
  return { email, ...Object.fromEntries(given.map(([name, value]) => [wireName(name), value])) }
}

/** Only what was changed; what was emptied is cleared. */
function changesOf(before: Values, after: Values) {
  const changed = fields.filter(({ name }) => before[name] !== after[name])
  return Object.fromEntries(
    changed.map(({ name }) => [
      name,
      after[name] === '' && name !== 'email' && name !== 'timezone' ? null : after[name],
    ]),
  )
}
