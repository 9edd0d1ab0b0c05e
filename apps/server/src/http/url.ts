import { z } from 'zod'
import { refuseFields } from '../kernel/refusal.ts'

/** Reads path parameters and the query from the raw request target, strictly: what cannot be decoded is refused. */

export type Target = { readonly path: string; readonly query: string }

export function targetOf(url: string): Target {
  const mark = url.indexOf('?')
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) }
}

/** The parameters of a path such as `/customers/{id}`, taken from the end of the raw path. */
export function pathParameters(template: string, rawPath: string): Readonly<Record<string, string>> {
  const names = template.split('/')
  const segments = rawPath.split('/').slice(-names.length + 1)
  const found = names.slice(1).flatMap((name, index) => {
    const segment = segments[index]
    return name.startsWith('{') && segment !== undefined ? [[name.slice(1, -1), segment] as const] : []
  })
  return Object.fromEntries(found.map(([name, segment]) => [name, decodePart(name, segment)]))
}

function decodePart(field: string, raw: string): string {
  const text = tryDecode(raw)
  if (text === undefined) throw refuseFields([{ field, message: 'is not valid percent-encoded UTF-8' }])
  if (text.includes('\0'))
    throw refuseFields([{ field, message: 'must not contain the NUL character (%00)' }])
  return text
}

function tryDecode(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
}

/** The query as an object. `metadata[key]=value` becomes an entry of metadata; a name given twice is refused. */
export function queryParameters(query: string): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const part of query.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = decodePart('query', plus(equals === -1 ? part : part.slice(0, equals)))
    const value = decodePart(name, plus(equals === -1 ? '' : part.slice(equals + 1)))
    put(found, name, value)
  }
  return found
}

function plus(text: string): string {
  return text.replaceAll('+', ' ')
}

function put(found: Record<string, unknown>, name: string, value: string): void {
  const [, outer, inner] = /^([^[\]]+)\[(.+)\]$/.exec(name) ?? []
  if (outer === undefined || inner === undefined) {
    if (Object.hasOwn(found, name)) throw refuseFields([{ field: name, message: 'must be given once' }])
    define(found, name, value)
    return
  }
  const nested = Object.hasOwn(found, outer) ? found[outer] : {}
  if (typeof nested !== 'object' || nested === null || Object.hasOwn(nested, inner)) {
    throw refuseFields([{ field: name, message: 'must be given once' }])
  }
  define(nested as Record<string, unknown>, inner, value)
  define(found, outer, nested)
}

/** Sets an own property whatever its name. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
}

/** Values of a query are text; those whose field is a number become one where decimal digits spell it. */
export function withNumbers(
  query: Readonly<Record<string, unknown>>,
  schema: z.ZodObject,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      Object.hasOwn(schema.shape, name) && isNumber(schema.shape[name]) ? numberOf(value) : value,
    ]),
  )
}

function isNumber(schema: unknown): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return isNumber(schema.unwrap())
  return schema instanceof z.ZodNumber
}

function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^-?(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value
}
