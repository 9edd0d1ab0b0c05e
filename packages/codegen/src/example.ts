import { isObject, propertiesOf, type Schema } from './json-schema.ts'

/** A value that fits a schema, from the examples declared in it and, where there are none, from its types. */
export function exampleOf(schema: Schema): unknown {
  const [declared] = Array.isArray(schema.examples) ? schema.examples : []
  if (declared !== undefined) return declared
  if ('const' in schema) return schema.const
  if ('default' in schema) return schema.default
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (Array.isArray(schema.anyOf)) return exampleOf(schema.anyOf[0] as Schema)
  return exampleOfType(schema, Array.isArray(schema.type) ? schema.type[0] : schema.type)
}

function exampleOfType(schema: Schema, type: unknown): unknown {
  switch (type) {
    case 'object':
      return Object.fromEntries(propertiesOf(schema).map(([name, property]) => [name, exampleOf(property)]))
    case 'array':
      return isObject(schema.items) ? [exampleOf(schema.items)] : []
    case 'boolean':
      return false
    case 'integer':
    case 'number':
      return schema.minimum ?? 0
    case 'string':
      return 'text'
    default:
      return null
  }
}
