import type { JsonObject } from '@commet/contract'
import { z } from 'zod'

/**
 * Schemas of the contract as JSON Schema 2020-12, written out in full. Dated versions rewrite the shapes where they stand,
 * so a schema keeps its name in a mark, and becomes a shared component only after it has been lowered.
 */

export type Schema = JsonObject

/** Says which component a schema written out in full is. Never in a finished document. */
export const componentMark = 'x-component'

/** `input` is what a caller sends, with defaults optional; `output` is what the server answers. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, $defs, ...root } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema
  return tidy(inline(root, ($defs ?? {}) as Schema)) as Schema
}

/** Visits a schema and everything in it, children first; what stands in examples and defaults is data, not schema. */
export function mapSchema(value: unknown, change: (schema: Schema) => Schema): unknown {
  if (Array.isArray(value)) return value.map((item) => mapSchema(item, change))
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, mapKeyword(key, inner, change)] as const)
  return change(Object.fromEntries(entries))
}

const dataKeywords: ReadonlySet<string> = new Set([
  'examples',
  'example',
  'default',
  'const',
  'enum',
  'required',
])

function mapKeyword(key: string, inner: unknown, change: (schema: Schema) => Schema): unknown {
  if (dataKeywords.has(key)) return inner
  if (key !== 'properties' || !isObject(inner)) return mapSchema(inner, change)
  return Object.fromEntries(
    Object.entries(inner).map(([name, property]) => [name, mapSchema(property, change)]),
  )
}

const localReference = /^#\/\$defs\/(.+)$/

function inline(value: unknown, definitions: Schema): unknown {
  return mapSchema(value, (schema) => {
    const [, name] = localReference.exec(String(schema.$ref)) ?? []
    if (name === undefined) return schema
    const { $ref: _, ...beside } = schema
    const definition = inline(definitions[name], definitions) as Schema
    return { ...definition, ...beside, [componentMark]: name }
  })
}

function tidy(value: unknown): unknown {
  return mapSchema(value, (schema) => foldNull(withoutNoise(schema)))
}

/** What zod writes that says nothing: the library's bounds of whole numbers, its own pattern of a date, string keys. */
function withoutNoise(schema: Schema): Schema {
  const noise = (key: string, inner: unknown) =>
    (key === 'maximum' && inner === Number.MAX_SAFE_INTEGER) ||
    (key === 'minimum' && inner === Number.MIN_SAFE_INTEGER) ||
    (key === 'pattern' && schema.format === 'date-time') ||
    (key === 'propertyNames' && isObject(inner) && Object.keys(inner).join() === 'type')
  return Object.fromEntries(Object.entries(schema).filter(([key, inner]) => !noise(key, inner)))
}

/** `anyOf: [x, null]` as `type: [x, null]`, where x is no more than a plain type with its bounds. */
function foldNull(schema: Schema): Schema {
  const { anyOf, ...outer } = schema
  const [inner, nothing, ...more] = (Array.isArray(anyOf) ? anyOf : []) as readonly Schema[]
  if (inner === undefined || nothing === undefined || more.length > 0) return schema
  const isPlain = typeof inner.type === 'string' && !('enum' in inner) && !('const' in inner)
  if (nothing.type !== 'null' || !isPlain || componentMark in inner) return schema
  return { ...inner, ...outer, type: [inner.type, 'null'] }
}

/**
 * Moves every marked schema to `components` and leaves a reference. A schema that a version changed in one place only
 * keeps its full text there.
 */
export function hoist(value: Schema, components: Map<string, Schema>): Schema {
  return mapSchema(value, (schema) => {
    const { [componentMark]: name, ...bare } = schema
    if (typeof name !== 'string') return schema
    const known = components.get(name)
    if (known === undefined) components.set(name, bare)
    else if (JSON.stringify(known) !== JSON.stringify(bare)) return bare
    return { $ref: `#/components/schemas/${name}` }
  }) as Schema
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The properties of an object schema, in the order they were declared. */
export function propertiesOf(schema: Schema): readonly (readonly [name: string, schema: Schema])[] {
  return isObject(schema.properties) ? (Object.entries(schema.properties) as [string, Schema][]) : []
}

export function isRequired(schema: Schema, name: string): boolean {
  return Array.isArray(schema.required) && schema.required.includes(name)
}
