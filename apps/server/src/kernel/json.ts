import type { FieldError } from '@commet/contract'

/** JSON that can be stored as it stands: read without losing digits, and searched for what the database does not keep. */

const maxDepth = 32
/** A run of digits this long may be a whole number that JavaScript cannot hold exactly. */
const longDigits = /\d{16}/

/** Reads JSON; throws the parser's SyntaxError. Whole numbers that cannot be kept exactly are found by {@link findUnstorable}. */
export function parseExactly(text: string): unknown {
  return longDigits.test(text) ? JSON.parse(text, markInexact) : JSON.parse(text)
}

/** Stands in for a whole number that would be stored as another one; it is refused where it is found. */
const inexact = Symbol('inexact')

function markInexact(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined || !/^-?\d+$/.test(source)) return value
  return Number.isSafeInteger(value) ? value : inexact
}

/** The first thing in a value that cannot be stored. PostgreSQL keeps neither NUL nor half a surrogate pair, and objects lose keys named __proto__. */
export function findUnstorable(value: unknown, path: readonly string[] = []): FieldError | undefined {
  if (typeof value === 'string') return problemOfText(value, path)
  if (typeof value === 'number' && !Number.isFinite(value))
    return { field: path.join('.'), message: 'is too large a number' }
  if (value === inexact) {
    return {
      field: path.join('.'),
      message: 'is a whole number too large to keep exactly; send it as a string',
    }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (path.length >= maxDepth)
    return { field: path.slice(0, 3).join('.'), message: `is nested deeper than ${maxDepth} levels` }
  for (const [key, inner] of Object.entries(value)) {
    const place = [...path, key]
    const problem = problemOfKey(key, path) ?? findUnstorable(inner, place)
    if (problem !== undefined) return problem
  }
  return undefined
}

function problemOfKey(key: string, path: readonly string[]): FieldError | undefined {
  if (key === '__proto__')
    return { field: path.join('.') || 'body', message: 'must not have a key named "__proto__"' }
  return problemOfText(key, path)
}

function problemOfText(text: string, path: readonly string[]): FieldError | undefined {
  if (text.includes('\0'))
    return { field: readable(path), message: 'must not contain the NUL character (\\u0000)' }
  if (!text.isWellFormed()) {
    return { field: readable(path), message: 'must be well-formed Unicode: it holds half a surrogate pair' }
  }
  return undefined
}

function readable(path: readonly string[]): string {
  return path.map((part) => part.toWellFormed().replaceAll('\0', '')).join('.') || 'body'
}
