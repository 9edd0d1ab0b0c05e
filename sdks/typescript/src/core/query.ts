// Owns how parameters become a query string.
// Does not know which parameters exist.
// Always: undefined and null are left out; map keys reach the server as given.

import { invalidArgument } from './errors.ts'

type QueryScalar = string | number | boolean | Date

/** Values of a query: scalars, or a map, written as `name[key]=value`. */
export type QueryValue =
  | QueryScalar
  | Readonly<Record<string, QueryScalar | null | undefined>>
  | null
  | undefined

export type Query = Readonly<Record<string, QueryValue>>

export function encodeQuery(query: Query | undefined): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const [field, scalar] of flatten(name, value)) pairs.append(field, encodeScalar(name, scalar))
  }
  const encoded = pairs.toString()
  return encoded === '' ? '' : `?${encoded}`
}

function flatten(name: string, value: QueryValue): [string, QueryScalar][] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object' || value instanceof Date) return [[name, value]]
  return Object.entries(value).flatMap(([key, entry]) => flatten(`${name}[${key}]`, entry))
}

function encodeScalar(name: string, value: QueryScalar): string {
  if (!(value instanceof Date)) return String(value)
  if (Number.isNaN(value.getTime())) throw invalidArgument(`${name} is not a valid date`)
  return value.toISOString()
}
