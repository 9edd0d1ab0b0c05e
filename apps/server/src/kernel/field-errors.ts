import type { FieldError } from '@commet/contract'
import leven from 'leven'
import { z } from 'zod'

/** Turns what zod found into one line per bad field: where it is, what is wrong, what to send instead. */

const maxDetails = 50
const maxDistance = 3

export function fieldErrors(error: z.ZodError, input: unknown, schema: z.ZodType): readonly FieldError[] {
  return error.issues.flatMap((issue) => describe(issue, input, schema)).slice(0, maxDetails)
}

function describe(issue: z.core.$ZodIssue, input: unknown, schema: z.ZodType): readonly FieldError[] {
  const field = issue.path.map(String).join('.') || 'body'
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownField(issue.path, key, schema))
  return [{ field, message: messageOf(issue, input) }]
}

function messageOf(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.code !== 'invalid_type') return issue.message
  const value = valueAt(input, issue.path)
  if (value === undefined) return 'is required'
  if (value === null) return `must not be null; send ${article(issue.expected)}, or leave the field out`
  return isOurs(issue.message) ? issue.message : `must be ${article(issue.expected)}`
}

/** Messages of the contract start with a small letter, or are the one published sentence; the library's do not. */
function isOurs(message: string): boolean {
  return !message.startsWith('Invalid input')
}

function article(expected: string): string {
  if (expected === 'int' || expected === 'number') return 'a number'
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`
}

function unknownField(path: readonly PropertyKey[], key: string, schema: z.ZodType): FieldError {
  const field = [...path.map(String), key].join('.')
  const near = nearest(key, knownKeys(schema, path))
  return {
    field,
    message: near === undefined ? 'is not a field of this request' : `is not a field; did you mean ${near}?`,
  }
}

/** The names that the object at this place of the schema knows. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const place = path.reduce<z.ZodType | undefined>(step, schema)
  const object = place === undefined ? undefined : bare(place)
  return object instanceof z.ZodObject ? Object.keys(object.shape) : []
}

function step(schema: z.ZodType | undefined, key: PropertyKey): z.ZodType | undefined {
  const object = schema === undefined ? undefined : bare(schema)
  return object instanceof z.ZodObject ? (object.shape as Record<PropertyKey, z.ZodType>)[key] : undefined
}

function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return bare(schema.unwrap() as z.ZodType)
  }
  return schema
}

/** The known name most like the wrong one, if any is close. snake_case counts as close to camelCase. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  const folded = (name: string) => name.toLowerCase().replaceAll(/[_-]/g, '')
  const [best] = known
    .map((name) => ({ name, distance: leven(folded(wrong), folded(name)) }))
    .toSorted((a, b) => a.distance - b.distance)
  if (best === undefined || best.distance > Math.min(maxDistance, Math.floor(best.name.length / 2)))
    return undefined
  return best.name
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  )
}
