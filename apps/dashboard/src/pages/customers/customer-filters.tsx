import { ListFilter, Plus, X } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Popover, PopoverContent, PopoverTrigger } from '../../ui/popover.tsx'
import { type CustomerSearch, startOfDay } from './customer-search.ts'

/** What the list leaves out: a panel to choose it, and what is chosen, each with a button that lets go of it. */

export type FilterChange = { readonly [Name in keyof CustomerSearch]?: CustomerSearch[Name] | undefined }

type Props = {
  readonly chosen: CustomerSearch
  readonly onChoose: (change: FilterChange) => void
}

export function FilterButton({ chosen, onChoose }: Props) {
  const [open, setOpen] = useState(false)
  const many = filtersOf(chosen).length
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button>
          <ListFilter aria-hidden="true" />
          Filters
          {many > 0 && (
            <span className="rounded-full bg-primary px-1.5 text-sm text-primary-foreground">{many}</span>
          )}
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="Filters">
        <FilterForm
          chosen={chosen}
          onChoose={(change) => {
            setOpen(false)
            onChoose(change)
          }}
        />
      </PopoverContent>
    </Popover>
  )
}

type Pair = { readonly number: number; readonly key: string; readonly value: string }

/** Chosen together, so that one step back undoes all of it. */
function FilterForm({ chosen, onChoose }: Props) {
  const [email, setEmail] = useState(chosen.email ?? '')
  const [after, setAfter] = useState(chosen.after ?? '')
  const [before, setBefore] = useState(chosen.before ?? '')
  const [pairs, setPairs] = useState(() => pairsOf(chosen))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const filled = pairs.filter(({ key, value }) => key !== '' && value !== '')
    const metadata = Object.fromEntries(filled.map(({ key, value }) => [key, value]))
    onChoose({ email: email.trim(), after, before, metadata })
  }
  return (
    <form className="grid gap-4" onSubmit={submit}>
      <Field
        label="E-mail address"
        hint="All of it; to find a part, search."
        autoComplete="off"
        value={email}
        maxLength={200}
        onChange={({ target }) => setEmail(target.value)}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Created from"
          type="date"
          value={after}
          onChange={({ target }) => setAfter(target.value)}
        />
        <Field
          label="Created before"
          type="date"
          value={before}
          onChange={({ target }) => setBefore(target.value)}
        />
      </div>
      <MetadataPairs pairs={pairs} onChange={setPairs} />
      <div className="flex justify-end gap-2">
        <Button onClick={() => onChoose(noFilters)}>Clear all</Button>
        <Button type="submit" variant="primary">
          Apply
        </Button>
      </div>
    </form>
  )
}

type PairsProps = { readonly pairs: readonly Pair[]; readonly onChange: (pairs: readonly Pair[]) => void }

function MetadataPairs({ pairs, onChange }: PairsProps) {
  const hint = useId()
  const set = (number: number, change: Partial<Pair>) =>
    onChange(pairs.map((pair) => (pair.number === number ? { ...pair, ...change } : pair)))
  const add = () => onChange([...pairs, { number: (pairs.at(-1)?.number ?? 0) + 1, key: '', value: '' }])
  return (
    <fieldset className="grid gap-2" aria-describedby={hint}>
      <legend className="mb-1 font-medium">Metadata</legend>
      {pairs.map(({ number, key, value }, at) => (
        <div key={number} className="flex items-center gap-2">
          <Input
            aria-label={`Key ${at + 1}`}
            placeholder="plan"
            value={key}
            maxLength={200}
            onChange={({ target }) => set(number, { key: target.value })}
          />
          <span aria-hidden="true">=</span>
          <Input
            aria-label={`Value ${at + 1}`}
            placeholder="team"
            value={value}
            maxLength={500}
            onChange={({ target }) => set(number, { value: target.value })}
          />
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Remove pair ${at + 1}`}
            onClick={() => onChange(pairs.filter((pair) => pair.number !== number))}
          >
            <X aria-hidden="true" />
          </Button>
        </div>
      ))}
      <p id={hint} className="text-sm text-muted-foreground">
        Keys and values exactly as they are; all pairs must match.
      </p>
      <Button size="sm" className="justify-self-start" onClick={add}>
        <Plus aria-hidden="true" />
        Add a pair
      </Button>
    </fieldset>
  )
}

function pairsOf({ metadata = {} }: CustomerSearch): readonly Pair[] {
  const pairs = Object.entries(metadata).map(([key, value], number) => ({ number, key, value }))
  return pairs.length === 0 ? [{ number: 0, key: '', value: '' }] : pairs
}

const noFilters: FilterChange = { email: undefined, after: undefined, before: undefined, metadata: undefined }

type Filter = { readonly label: string; readonly without: FilterChange }

/** Each filter that is set, in words, and what takes it away. The search stands in its own field. */
function filtersOf({ email, after, before, metadata = {} }: CustomerSearch): readonly Filter[] {
  return [
    ...(email === undefined ? [] : [{ label: `E-mail is ${email}`, without: { email: undefined } }]),
    ...(after === undefined
      ? []
      : [{ label: `Created from ${dayOf(after)}`, without: { after: undefined } }]),
    ...(before === undefined
      ? []
      : [{ label: `Created before ${dayOf(before)}`, without: { before: undefined } }]),
    ...Object.entries(metadata).map(([key, value]) => {
      const { [key]: _, ...rest } = metadata
      return { label: `${key} = ${value}`, without: { metadata: rest } }
    }),
  ]
}

function dayOf(date: string): string {
  return startOfDay(date)?.toLocaleDateString(undefined, { dateStyle: 'medium' }) ?? date
}

export function FiltersInUse({ chosen, onChoose }: Props) {
  const filters = filtersOf(chosen)
  if (filters.length === 0) return null
  return (
    <ul aria-label="Filters in use" className="mt-3 flex flex-wrap gap-2">
      {filters.map(({ label, without }) => (
        <li key={label}>
          <Button size="sm" className="max-w-80" onClick={() => onChoose(without)}>
            <span className="sr-only">Remove the filter</span>
            <span className="truncate">{label}</span>
            <X aria-hidden="true" />
          </Button>
        </li>
      ))}
    </ul>
  )
}
