import { Plus, Trash2 } from 'lucide-react'
import { type ReactNode, useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { Button } from '../../ui/button.tsx'
import { Input, Select, TextareaField } from '../../ui/field.tsx'
import {
  jsonOf,
  type MetadataDraft,
  type MetadataMistake,
  type Pair,
  type PairType,
  pairsOf,
  readMetadata,
  retyped,
} from './metadata-draft.ts'

/** Edits metadata as pairs or as JSON. Going from one to the other keeps every value and its type, or says what is wrong. */

type Props = {
  readonly draft: MetadataDraft
  readonly onChange: (draft: MetadataDraft) => void
  /** What is wrong with what was typed, once somebody wanted to save it. */
  readonly mistake: MetadataMistake | undefined
}

export function MetadataEditor({ draft, onChange, mistake: known }: Props) {
  const [found, setFound] = useState<MetadataMistake>()
  const mistake = found ?? known
  const change = (next: MetadataDraft) => {
    setFound(undefined)
    onChange(next)
  }
  const editor = useRef<HTMLFieldSetElement>(null)
  const show = (wrong: MetadataMistake) => {
    flushSync(() => setFound(wrong))
    editor.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }
  const turn = () => {
    const read = readMetadata(draft)
    if (!read.ok) return show(read)
    change(draft.mode === 'pairs' ? jsonOf(read.value) : pairsOf(read.value))
  }
  return (
    <fieldset ref={editor} className="grid min-w-0 gap-3">
      <legend className="mb-2 text-lg font-semibold">Metadata</legend>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-muted-foreground">Your own keys and values.</p>
        <Button size="sm" onClick={turn}>
          {draft.mode === 'pairs' ? 'Edit as JSON' : 'Edit as pairs'}
        </Button>
      </div>
      {draft.mode === 'json' ? (
        <TextareaField
          label="Metadata as JSON"
          name="metadata"
          rows={12}
          spellCheck={false}
          className="font-mono text-sm"
          value={draft.text}
          onChange={({ target }) => change({ mode: 'json', text: target.value })}
          error={mistake?.message}
        />
      ) : (
        <Pairs pairs={draft.pairs} mistake={mistake} onChange={(pairs) => change({ mode: 'pairs', pairs })} />
      )}
    </fieldset>
  )
}

type PairsProps = {
  readonly pairs: readonly Pair[]
  readonly mistake: MetadataMistake | undefined
  readonly onChange: (pairs: readonly Pair[]) => void
}

function Pairs({ pairs, mistake, onChange }: PairsProps) {
  const rows = useRef<HTMLDivElement>(null)
  const addButton = useRef<HTMLButtonElement>(null)
  const add = () => {
    const row = Math.max(-1, ...pairs.map((pair) => pair.row)) + 1
    flushSync(() => onChange([...pairs, { row, key: '', type: 'text', value: '' }]))
    rows.current?.lastElementChild?.querySelector('input')?.focus()
  }
  // The focus stays near where it was.
  const remove = (row: number) => {
    addButton.current?.focus()
    onChange(pairs.filter((pair) => pair.row !== row))
  }
  return (
    <>
      <div ref={rows} className="grid gap-4 empty:hidden sm:gap-2">
        {pairs.map((pair, index) => (
          <PairRow
            key={pair.row}
            pair={pair}
            number={index + 1}
            mistake={mistake?.row === pair.row ? mistake : undefined}
            onChange={(next) => onChange(pairs.map((one) => (one.row === next.row ? next : one)))}
            onRemove={() => remove(pair.row)}
          />
        ))}
      </div>
      {mistake !== undefined && mistake.row === undefined && (
        <p className="text-sm text-destructive">{mistake.message}</p>
      )}
      <Button ref={addButton} className="justify-self-start" size="sm" onClick={add}>
        <Plus aria-hidden="true" />
        Add a pair
      </Button>
    </>
  )
}

const types: readonly (readonly [PairType, string])[] = [
  ['text', 'Text'],
  ['number', 'Number'],
  ['boolean', 'Yes or no'],
  ['json', 'JSON'],
]

type RowProps = {
  readonly pair: Pair
  readonly number: number
  readonly mistake: MetadataMistake | undefined
  readonly onChange: (pair: Pair) => void
  readonly onRemove: () => void
}

function PairRow({ pair, number, mistake, onChange, onRemove }: RowProps) {
  const note = useId()
  const wrong = (part: 'key' | 'value') => ({
    'aria-invalid': mistake?.part === part,
    'aria-describedby': mistake?.part === part ? note : undefined,
  })
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] gap-2 sm:grid-cols-[minmax(0,3fr)_7rem_minmax(0,4fr)_auto]">
      <Input
        aria-label={`Key ${number}`}
        placeholder="Key"
        className="max-sm:col-span-2"
        value={pair.key}
        onChange={({ target }) => onChange({ ...pair, key: target.value })}
        {...wrong('key')}
      />
      <Select
        aria-label={`Type ${number}`}
        className="max-sm:row-start-2"
        value={pair.type}
        onChange={({ target }) => onChange(retyped(pair, target.value as PairType))}
      >
        {types.map(([type, name]) => (
          <option key={type} value={type}>
            {name}
          </option>
        ))}
      </Select>
      <PairValue pair={pair} number={number} onChange={onChange} wrong={wrong('value')} />
      <RemoveButton number={number} name={pair.key} onRemove={onRemove} />
      {mistake !== undefined && (
        <p id={note} className="col-span-full text-sm text-destructive">
          {mistake.message}
        </p>
      )}
    </div>
  )
}

type ValueProps = Pick<RowProps, 'pair' | 'number' | 'onChange'> & {
  readonly wrong: { readonly 'aria-invalid': boolean; readonly 'aria-describedby': string | undefined }
}

function PairValue({ pair, number, onChange, wrong }: ValueProps): ReactNode {
  const shared = {
    'aria-label': `Value ${number}`,
    className: 'max-sm:col-span-2 max-sm:col-start-2 max-sm:row-start-2',
    value: pair.value,
    ...wrong,
  }
  if (pair.type === 'boolean') {
    return (
      <Select
        {...shared}
        onChange={({ target }) => onChange({ ...pair, value: target.value, typed: undefined })}
      >
        <option value="true">Yes</option>
        <option value="false">No</option>
      </Select>
    )
  }
  return (
    <Input
      {...shared}
      placeholder="Value"
      inputMode={pair.type === 'number' ? 'decimal' : 'text'}
      spellCheck={pair.type === 'text'}
      onChange={({ target }) => onChange({ ...pair, value: target.value, typed: undefined })}
    />
  )
}

function RemoveButton({
  number,
  name,
  onRemove,
}: {
  readonly number: number
  readonly name: string
  readonly onRemove: () => void
}) {
  return (
    <Button
      variant="ghost"
      size="icon"
      className="max-sm:col-start-3 max-sm:row-start-1"
      aria-label={`Remove pair ${number}${name === '' ? '' : `, ${name}`}`}
      onClick={onRemove}
    >
      <Trash2 aria-hidden="true" />
    </Button>
  )
}
