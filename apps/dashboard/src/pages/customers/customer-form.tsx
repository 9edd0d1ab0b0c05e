import type { Customer } from '@commet/node'
import { Link } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useEnvironment } from '../../api/environment.ts'
import { fieldErrorsOf, messageOf } from '../../api/failures.ts'
import { AsCode } from '../../snippets/as-code.tsx'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Field } from '../../ui/field.tsx'
import { Sheet } from '../../ui/modal.tsx'
import { useUnsavedChanges } from '../../ui/unsaved-changes.ts'
import { AddressFields } from './address-fields.tsx'
import {
  addressFields,
  createInput,
  isChanged,
  type TextField,
  textFields,
  updateInput,
  type Values,
  valuesOf,
} from './customer-values.ts'
import type { MetadataMistake } from './metadata-draft.ts'
import { MetadataEditor } from './metadata-editor.tsx'
import { allTimeZones } from './places.ts'
import { type Saving, UserIdTaken, useSaveCustomer } from './save-customer.ts'

/** Creates or edits a customer in a sheet. What the server says of a field stands next to it. */

type Props = {
  readonly customer?: Customer
  readonly onClose: () => void
  readonly onSaved: (customer: Customer) => void
}

export function CustomerForm({ customer, onClose, onSaved }: Props) {
  // What is sent is what differs from what was there when the sheet was opened, whatever is read again meanwhile.
  const [opened] = useState(customer)
  const [before] = useState(() => valuesOf(customer))
  const [values, setValues] = useState(before)
  const guard = useUnsavedChanges(isChanged(before, values))
  const save = useSaveCustomer((saved) => {
    guard.saved()
    onSaved(saved)
  })
  const [mistake, setMistake] = useState<MetadataMistake>()
  const form = useRef<HTMLFormElement>(null)
  const errors = errorsOf(save.error)
  useFocusOnFirstError(form, [save.error, mistake])
  const read = readForm(opened, before, values)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (save.isPending) return
    setMistake(read.ok ? undefined : read)
    if (read.ok) save.mutate(read.saving)
    else save.reset()
  }
  const set = (change: Partial<Values>) => setValues((old) => ({ ...old, ...change }))
  return (
    <Sheet
      title={opened === undefined ? 'New customer' : 'Edit customer'}
      className="max-w-2xl scroll-pb-24"
      onClose={() => void guard.mayLeave().then((may) => may && onClose())}
    >
      <form ref={form} className="grid gap-6" noValidate onSubmit={submit}>
        <TextFields values={values} onChange={set} errors={errors} error={save.error} />
        <AddressFields address={values.address} onChange={(address) => set({ address })} errors={errors} />
        <MetadataEditor
          draft={values.metadata}
          onChange={(metadata) => {
            setMistake(undefined)
            set({ metadata })
          }}
          mistake={mistake ?? mistakeOf(errors)}
        />
        {save.isError && !isShown(errors) && (
          <Failure>
            {opened === undefined ? 'The customer was not created.' : 'The changes were not saved.'}{' '}
            {messageOf(save.error)}
          </Failure>
        )}
        <div className="sticky -bottom-5 -mx-5 -mb-5 flex flex-wrap items-center gap-2 border-t border-border bg-background px-5 py-3 sm:-bottom-6 sm:-mx-6 sm:-mb-6 sm:px-6">
          <Button variant="primary" type="submit" aria-disabled={save.isPending}>
            {saveLabel(opened, save.isPending)}
          </Button>
          <AsCode
            operation={opened === undefined ? 'customers.create' : 'customers.update'}
            input={read.ok ? inputOf(read.saving) : undefined}
          />
        </div>
      </form>
    </Sheet>
  )
}

function saveLabel(customer: Customer | undefined, isPending: boolean): string {
  if (isPending) return 'Saving…'
  return customer === undefined ? 'Create customer' : 'Save changes'
}

type ReadForm = { readonly ok: true; readonly saving: Saving } | ({ readonly ok: false } & MetadataMistake)

function readForm(customer: Customer | undefined, before: Values, values: Values): ReadForm {
  if (customer === undefined) {
    const read = createInput(values)
    return read.ok ? { ok: true, saving: { kind: 'create', input: read.input } } : read
  }
  const read = updateInput(before, values)
  return read.ok ? { ok: true, saving: { kind: 'update', customer, input: read.input } } : read
}

/** As the API takes it, with who is changed. */
function inputOf(saving: Saving): Readonly<Record<string, unknown>> {
  return saving.kind === 'update' ? { id: saving.customer.id, ...saving.input } : { ...saving.input }
}

type Errors = Readonly<Record<string, string>>

/** A new customer's user ID travels as `id`. */
function errorsOf(error: unknown): Errors {
  if (error instanceof UserIdTaken) return { externalId: error.message }
  const { id, ...errors } = fieldErrorsOf(error)
  return id === undefined ? errors : { ...errors, externalId: id }
}

/** Whether what is wrong stands next to a field of the form. */
function isShown(errors: Errors): boolean {
  const fields = [...textFields, 'address', 'metadata', ...addressFields.map((name) => `address.${name}`)]
  return Object.keys(errors).some((name) => fields.includes(name) || name.startsWith('metadata.'))
}

function mistakeOf(errors: Errors): MetadataMistake | undefined {
  const [name, message] = Object.entries(errors).find(([field]) => /^metadata(\.|$)/.test(field)) ?? []
  if (name === undefined || message === undefined) return undefined
  return { message: name === 'metadata' ? message : `${name}: ${message}` }
}

function useFocusOnFirstError(
  form: { readonly current: HTMLFormElement | null },
  [error, mistake]: readonly [unknown, unknown],
): void {
  useEffect(() => {
    if (error === null && mistake === undefined) return
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [form, error, mistake])
}

const texts: readonly { readonly name: TextField; readonly label: string; readonly hint?: string }[] = [
  { name: 'email', label: 'E-mail address', hint: 'Where bills go.' },
  { name: 'fullName', label: 'Name' },
  { name: 'externalId', label: 'User ID', hint: 'Your own ID of this customer.' },
  { name: 'taxDocument', label: 'Tax ID' },
  { name: 'timezone', label: 'Time zone', hint: 'Such as Europe/Berlin; UTC where nothing is given.' },
]

type TextFieldsProps = {
  readonly values: Values
  readonly onChange: (change: Partial<Values>) => void
  readonly errors: Errors
  readonly error: unknown
}

function TextFields({ values, onChange, errors, error }: TextFieldsProps) {
  const zones = useId()
  const notes: Readonly<Partial<Record<TextField, ReactNode>>> = {
    externalId: error instanceof UserIdTaken ? <OpenHolder {...error} /> : undefined,
  }
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {texts.map(({ name, label, hint }) => (
        <Field
          key={name}
          label={label}
          name={name}
          type={name === 'email' ? 'email' : 'text'}
          autoComplete="off"
          spellCheck={false}
          value={values[name]}
          onChange={({ target }) => onChange({ [name]: target.value })}
          error={errors[name]}
          hint={notes[name] ?? hint}
          list={name === 'timezone' ? zones : undefined}
        />
      ))}
      <datalist id={zones}>
        {allTimeZones().map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </div>
  )
}

/** The way to who has the user ID already. */
function OpenHolder({ holder }: Pick<UserIdTaken, 'holder'>) {
  const environment = useEnvironment()
  return (
    <Link
      to="/$environment/customers/$id"
      params={{ environment, id: holder.id }}
      className="text-primary underline"
    >
      Open that customer
    </Link>
  )
}
