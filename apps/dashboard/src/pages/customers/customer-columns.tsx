import type { Customer } from '@commet/node'
import { type ReactNode, useState } from 'react'
import { Time } from '../../ui/time.tsx'

/** What the list can show of a customer beside its name, which is always there and opens it. */

export type CustomerColumn = {
  readonly id: string
  readonly label: string
  /** What it is as wide as at least, whatever is in it: nothing moves when other rows come. */
  readonly rem: number
  readonly cell: (customer: Customer) => ReactNode
  /** It says more where the pointer rests, so the row must not lie over it. */
  readonly hasTitle?: true
}

export const customerColumns: readonly CustomerColumn[] = [
  { id: 'email', label: 'E-mail', rem: 17, cell: ({ email }) => email },
  { id: 'externalId', label: 'User ID', rem: 10, cell: ({ externalId }) => externalId },
  { id: 'id', label: 'ID', rem: 18, cell: ({ id }) => <code className="text-sm">{id}</code> },
  { id: 'country', label: 'Country', rem: 9, cell: ({ address }) => countryName(address?.country) },
  { id: 'taxDocument', label: 'Tax ID', rem: 9, cell: ({ taxDocument }) => taxDocument },
  { id: 'timezone', label: 'Time zone', rem: 10, cell: ({ timezone }) => timezone },
  { id: 'metadata', label: 'Metadata', rem: 16, cell: ({ metadata }) => pairsOf(metadata) },
  {
    id: 'createdAt',
    label: 'Created',
    rem: 12,
    hasTitle: true,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  {
    id: 'updatedAt',
    label: 'Changed',
    rem: 12,
    hasTitle: true,
    cell: ({ updatedAt }) => <Time at={updatedAt} />,
  },
]

let countries: Intl.DisplayNames | undefined

function countryName(code: string | undefined): string | undefined {
  countries ??= new Intl.DisplayNames(undefined, { type: 'region' })
  return code === undefined ? undefined : countries.of(code)
}

const mostPairs = 3

function pairsOf(metadata: Customer['metadata']): string {
  const entries = Object.entries(metadata ?? {})
  const shown = entries.slice(0, mostPairs).map(([key, value]) => `${key}: ${textOf(value)}`)
  return [...shown, ...(entries.length > mostPairs ? ['…'] : [])].join(', ')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const usual = ['email', 'externalId', 'createdAt']
const usualWhereNarrow = ['email']
const narrow = '(max-width: 40rem)'

export type ColumnChoice = {
  readonly chosen: readonly string[]
  readonly choose: (ids: readonly string[]) => void
  /** Back to those that everybody starts with. */
  readonly reset: () => void
}

/** The columns of one environment; this browser remembers them. */
export function useColumnChoice(environment: string): ColumnChoice {
  const storageKey = `commet.customers.columns.${environment}`
  const [remembered, setRemembered] = useState({ storageKey, chosen: readChoice(storageKey) })
  if (remembered.storageKey !== storageKey) setRemembered({ storageKey, chosen: readChoice(storageKey) })
  return {
    chosen: remembered.chosen,
    choose: (chosen) => {
      localStorage.setItem(storageKey, JSON.stringify(chosen))
      setRemembered({ storageKey, chosen })
    },
    reset: () => {
      localStorage.removeItem(storageKey)
      setRemembered({ storageKey, chosen: readChoice(storageKey) })
    },
  }
}

function readChoice(storageKey: string): readonly string[] {
  const stored = parse(localStorage.getItem(storageKey))
  if (!Array.isArray(stored)) return matchMedia(narrow).matches ? usualWhereNarrow : usual
  return customerColumns.map(({ id }) => id).filter((id) => stored.includes(id))
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
