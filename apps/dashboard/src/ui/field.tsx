import { type ComponentProps, type ReactNode, useId } from 'react'
import { cn } from './cn.ts'

/** What a person fills in: a label, what the field takes, and what the server says of it. */

const control =
  'min-h-9 w-full rounded-md border border-input bg-background px-3 placeholder:text-muted-foreground aria-invalid:border-destructive disabled:opacity-60'

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input data-slot="input" className={cn(control, className)} {...props} />
}

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea data-slot="textarea" className={cn(control, 'py-2', className)} {...props} />
}

/** The browser's own: it works by keyboard and on a phone as people know it. */
export function Select({ className, ...props }: ComponentProps<'select'>) {
  return <select data-slot="select" className={cn(control, 'px-2', className)} {...props} />
}

type Notes = {
  readonly label: ReactNode
  readonly error?: string | undefined
  readonly hint?: ReactNode
}

type FieldProps = Omit<ComponentProps<'input'>, 'id'> & Notes

export function Field({ label, error, hint, ...props }: FieldProps) {
  return (
    <Labelled label={label} error={error} hint={hint}>
      {(described) => <Input {...described} {...props} />}
    </Labelled>
  )
}

export function TextareaField({
  label,
  error,
  hint,
  ...props
}: Omit<ComponentProps<'textarea'>, 'id'> & Notes) {
  return (
    <Labelled label={label} error={error} hint={hint}>
      {(described) => <Textarea {...described} {...props} />}
    </Labelled>
  )
}

export function SelectField({ label, error, hint, ...props }: Omit<ComponentProps<'select'>, 'id'> & Notes) {
  return (
    <Labelled label={label} error={error} hint={hint}>
      {(described) => <Select {...described} {...props} />}
    </Labelled>
  )
}

type Described = {
  readonly id: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby': string | undefined
}

/** Ties a control to its label, its hint and its error, for those who cannot see that they stand together. */
export function Labelled({
  label,
  error,
  hint,
  children,
}: Notes & { readonly children: (described: Described) => ReactNode }) {
  const id = useId()
  const notes = [error === undefined ? '' : `${id}-error`, hint === undefined ? '' : `${id}-hint`]
  return (
    <div data-slot="field" className="grid content-start gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({
        id,
        'aria-invalid': error !== undefined,
        'aria-describedby': notes.join(' ').trim() || undefined,
      })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-muted-foreground">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="text-sm text-destructive">
          {error}
        </p>
      )}
    </div>
  )
}

export function Checkbox({ className, ...props }: Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <input
      type="checkbox"
      data-slot="checkbox"
      className={cn('size-4 shrink-0 accent-primary', className)}
      {...props}
    />
  )
}

export function CheckboxField({
  label,
  ...props
}: Omit<ComponentProps<'input'>, 'id' | 'type'> & Pick<Notes, 'label'>) {
  const id = useId()
  return (
    <div data-slot="field" className="flex items-center gap-2">
      <Checkbox id={id} {...props} />
      <label htmlFor={id}>{label}</label>
    </div>
  )
}
