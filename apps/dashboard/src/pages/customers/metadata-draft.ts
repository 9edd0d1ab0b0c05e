import { numberOf, readJson } from './json-text.ts'

/** Metadata while it is edited: as pairs or as JSON, and the one made of the other without a change of type. */

export type PairType = 'text' | 'number' | 'boolean' | 'json'

export type Pair = {
  /** Tells rows apart while their keys change. */
  readonly row: number
  readonly key: string
  readonly type: PairType
  /** As it was typed. */
  readonly value: string
  /** What was typed before other types were looked at: going through them, as arrow keys do, changes nothing. */
  readonly typed?: Pick<Pair, 'type' | 'value'> | undefined
}

export type MetadataDraft =
  | { readonly mode: 'pairs'; readonly pairs: readonly Pair[] }
  | { readonly mode: 'json'; readonly text: string }

export type Metadata = Readonly<Record<string, unknown>>

export type MetadataMistake = {
  readonly message: string
  /** The pair it is about, and which half of it. */
  readonly row?: number
  readonly part?: 'key' | 'value'
}

export type ReadMetadata =
  | { readonly ok: true; readonly value: Metadata }
  | ({ readonly ok: false } & MetadataMistake)

export function pairsOf(metadata: Metadata): MetadataDraft {
  const pairs = Object.entries(metadata).map(([key, value], row) => ({ row, key, ...typed(value) }))
  return { mode: 'pairs', pairs }
}

export function jsonOf(metadata: Metadata): MetadataDraft {
  return { mode: 'json', text: JSON.stringify(metadata, null, 2) }
}

function typed(value: unknown): Pick<Pair, 'type' | 'value'> {
  if (typeof value === 'string') return { type: 'text', value }
  if (typeof value === 'number') return { type: 'number', value: JSON.stringify(value) }
  if (typeof value === 'boolean') return { type: 'boolean', value: String(value) }
  return { type: 'json', value: JSON.stringify(value) }
}

/** What was typed, as the API takes it, or the first mistake in it. */
export function readMetadata(draft: MetadataDraft): ReadMetadata {
  return draft.mode === 'json' ? readText(draft.text) : readPairs(draft.pairs)
}

function readText(text: string): ReadMetadata {
  if (text.trim() === '') return { ok: true, value: {} }
  const read = readJson(text)
  if (!read.ok) return { ok: false, message: `Line ${read.line}: ${read.message}.` }
  const { value } = read
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, message: 'Line 1: must be an object of your own keys and values, in { }.' }
  }
  return { ok: true, value: value as Metadata }
}

function readPairs(pairs: readonly Pair[]): ReadMetadata {
  const entries: [string, unknown][] = []
  for (const pair of pairs.filter(isFilledIn)) {
    const mistake = mistakeIn(pair, entries)
    if (mistake !== undefined) return { ok: false, row: pair.row, ...mistake }
    entries.push([pair.key, typedValue(pair)])
  }
  return { ok: true, value: Object.fromEntries(entries) }
}

/** A row that was added and left empty says nothing. */
function isFilledIn({ key, type, value }: Pair): boolean {
  return key !== '' || (value !== '' && type !== 'boolean')
}

function mistakeIn(
  { key, type, value }: Pair,
  before: readonly (readonly [string, unknown])[],
): { readonly message: string; readonly part: 'key' | 'value' } | undefined {
  if (key === '') return { part: 'key', message: 'Give the value a key.' }
  if (before.some(([name]) => name === key)) return { part: 'key', message: `The key ${key} comes twice.` }
  if (type === 'number' && numberOf(value.trim()) === undefined) {
    const message = /^-?\d+$/.test(value.trim())
      ? 'Has more digits than are kept; make it a text.'
      : 'Must be a number, such as 12 or 0.5.'
    return { part: 'value', message }
  }
  if (type !== 'json') return undefined
  const read = readJson(value)
  return read.ok ? undefined : { part: 'value', message: `Must be JSON: line ${read.line}: ${read.message}.` }
}

function typedValue({ type, value }: Pair): unknown {
  if (type === 'text') return value
  if (type === 'boolean') return value === 'true'
  if (type === 'number') return numberOf(value.trim())
  const read = readJson(value)
  return read.ok ? read.value : undefined
}

/** A value that was typed as one type, as it reads as another. */
export function retyped(pair: Pair, type: PairType): Pair {
  const { typed = { type: pair.type, value: pair.value } } = pair
  return { ...pair, type, value: valueAs(type, typed), typed }
}

function valueAs(type: PairType, typed: Pick<Pair, 'type' | 'value'>): string {
  if (type === typed.type) return typed.value
  if (type === 'boolean') return typed.value === 'true' ? 'true' : 'false'
  return type === 'json' && typed.type === 'text' ? JSON.stringify(typed.value) : typed.value
}
