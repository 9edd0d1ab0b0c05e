import { isDeepStrictEqual } from 'node:util'
import {
  defaultVersion,
  errors,
  folds,
  isPublic,
  isWrite,
  type JsonObject,
  type Method,
  type OperationShape,
  operations,
} from '@commet/contract'
import {
  componentMark,
  isObject,
  isRequired,
  jsonSchemaOf,
  propertiesOf,
  type Schema,
} from './json-schema.ts'
import { type Names, namesOf, namesOfModel, pascal, singular } from './names.ts'
import { pageSchema } from './openapi.ts'
import { actionOf, errorsOf, resourceOf } from './operation-facts.ts'

/**
 * The contract as generators of client libraries want it: resources with their calls, and models with their fields, named
 * for each language. Describes the default version, the data inside its envelope. What only older clients send is left out.
 */

export type SdkType =
  | { readonly kind: 'string'; readonly format?: string; readonly values?: readonly string[] }
  | { readonly kind: 'integer' | 'number' | 'boolean' | 'any' }
  | { readonly kind: 'list'; readonly of: SdkType }
  | { readonly kind: 'model'; readonly model: string }
  /** Keys belong to the caller: a library passes them on as they are, in both directions. */
  | { readonly kind: 'map'; readonly freeForm: true; readonly values: SdkType }

export type SdkField = {
  /** On the wire. */
  readonly wire: string
  readonly names: Names
  readonly type: SdkType
  /** The field is always there (answers) or must be sent (requests). */
  readonly required: boolean
  readonly nullable: boolean
  readonly description?: string
  /** What the server takes where nothing is sent. */
  readonly default?: unknown
  readonly limits?: Readonly<Record<string, number>>
  readonly example?: unknown
}

export type SdkModel = {
  readonly name: string
  /** Of the type that is answered. What is only sent adds to it what its language is used to, such as `Params`. */
  readonly names: Names
  readonly description?: string
  readonly use: readonly ('request' | 'answer')[]
  readonly fields: readonly SdkField[]
}

export type SdkOperation = {
  readonly id: string
  readonly names: Names
  readonly method: Method
  readonly aliases: readonly Method[]
  /** Relative to the base path; parameters in braces are percent-encoded. */
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly pathParameters: readonly (SdkField & { readonly reference?: string })[]
  readonly query: readonly SdkField[]
  readonly body?: { readonly model: string }
  /** A body that the server takes. */
  readonly example?: JsonObject
  readonly answer: {
    readonly type: SdkType
    readonly list: boolean
    /** Null may be answered instead. */
    readonly nullable?: true
    readonly statuses: readonly number[]
  }
  /** The call takes an Idempotency-Key, and a library makes one where it may repeat the request. */
  readonly idempotencyKey: boolean
  readonly errors: readonly string[]
}

export type SdkResource = {
  readonly wire: string
  readonly names: Names
  readonly operations: readonly SdkOperation[]
}

export type SdkDescription = {
  readonly notice: string
  readonly version: string
  readonly basePath: string
  readonly resources: readonly SdkResource[]
  readonly models: readonly SdkModel[]
  readonly errors: JsonObject
}

/** Of a field that may be left out and is never null, null says no more than nothing, and a library sends nothing. */
export function isAbsentIfNull({ required, nullable, type }: SdkField): boolean {
  return !required && !nullable && type.kind !== 'any'
}

export function sdkDescription(contract: readonly OperationShape[] = operations): SdkDescription {
  const models = new Map<string, SdkModel>()
  const all = contract.filter(isPublic)
  const resources = [...new Set(all.map(resourceOf))].map((wire) => ({
    wire,
    names: namesOf(wire),
    operations: all
      .filter((operation) => resourceOf(operation) === wire)
      .map((operation) => describeOperation(operation, models)),
  }))
  return {
    notice: 'Written by npm run gen from packages/contract. Do not edit.',
    version: defaultVersion,
    basePath: '/api/v1',
    resources,
    models: [...models.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    errors,
  }
}

type Models = Map<string, SdkModel>

function describeOperation(operation: OperationShape, models: Models): SdkOperation {
  const { id, method, aliases = [], path, summary, description, exampleBody } = operation
  const parameters = pathParameters(operation)
  const body = describeBody(operation, parameters, models)
  return {
    id,
    names: namesOf(actionOf(operation)),
    method,
    aliases,
    path,
    summary,
    description,
    pathParameters: parameters,
    query:
      operation.query === undefined
        ? []
        : fieldsOf(jsonSchemaOf(operation.query, 'input'), ofRequest(id, models)),
    ...(body === undefined ? {} : { body }),
    ...(exampleBody === undefined ? {} : { example: exampleBody }),
    answer: describeAnswer(operation, models),
    idempotencyKey: isWrite(operation),
    errors: errorsOf(operation),
  }
}

function pathParameters({ id, params }: OperationShape): SdkOperation['pathParameters'] {
  if (params === undefined) return []
  const schema = jsonSchemaOf(params, 'input')
  const references = new Map(propertiesOf(schema).map(([name, property]) => [name, property['x-reference']]))
  return fieldsOf(schema, ofRequest(id, new Map())).map((field) => {
    const reference = references.get(field.wire)
    return typeof reference === 'string' ? { ...field, reference } : field
  })
}

/** The body, without fields that only repeat who the path names. */
function describeBody(
  operation: OperationShape,
  parameters: SdkOperation['pathParameters'],
  models: Models,
): SdkOperation['body'] {
  if (operation.body === undefined) return undefined
  const schema = oneShapeOf(operation, jsonSchemaOf(operation.body, 'input'))
  if (!isObject(schema.properties)) throw withoutForm(operation, 'a body', shapeOf(schema))
  if (withoutNull(schema).nullable) throw withoutForm(operation, 'a body', 'null beside something else')
  const model = nameOf(schema, pascal(actionOf(operation)) + pascal(singular(resourceOf(operation))))
  const repeated = parameters.flatMap(({ wire, reference }) => [wire, `${reference}${pascal(wire)}`])
  const properties = propertiesOf(schema).filter(([name]) => !repeated.includes(name))
  const bare = { ...schema, properties: Object.fromEntries(properties) }
  addModel(model, bare, { use: 'request', models })
  return { model }
}

/**
 * A body that may be one of several shapes, as one that has the fields of all: what all of them need must be sent. Which fields go
 * together is the server's to check.
 */
function oneShapeOf(operation: OperationShape, schema: Schema): Schema {
  const shapes = (schema.anyOf ?? schema.oneOf) as readonly Schema[] | undefined
  if (shapes === undefined || !shapes.every(({ properties }) => isObject(properties))) return schema
  const properties = new Map<string, Schema>()
  for (const [name, property] of shapes.flatMap(propertiesOf)) {
    const known = properties.get(name)
    if (known !== undefined && !isDeepStrictEqual(typeNameOf(known), typeNameOf(property)))
      throw withoutForm(operation, `a field ${name}`, 'of another type in another shape of the body')
    properties.set(name, known === undefined ? property : either(known, property))
  }
  const required = [...properties.keys()].filter((name) => shapes.every((shape) => isRequired(shape, name)))
  const { anyOf: _, oneOf: __, ...rest } = schema
  return { ...rest, type: 'object', properties: Object.fromEntries(properties), required }
}

function typeNameOf({ type, const: constant }: Schema): unknown {
  return type ?? typeof constant
}

/** What tells the shapes apart is one of several texts. */
function either(one: Schema, other: Schema): Schema {
  const values = [one, other].flatMap((schema) =>
    'const' in schema ? [schema.const] : ((schema.enum ?? []) as unknown[]),
  )
  if (values.length < 2) return one
  const { const: _, ...rest } = one
  return { ...rest, enum: [...new Set(values)] }
}

function describeAnswer(operation: OperationShape, models: Models): SdkOperation['answer'] {
  const list = operation.list === true
  const place = { name: pascal(singular(resourceOf(operation))), use: 'answer', models } as const
  const { type, nullable } = typeOf(answeredSchema(operation), place)
  if (list && nullable) throw withoutForm(operation, 'a row', 'null beside something else')
  const statuses = Object.keys(operation.answers).map(Number)
  return { type, list, ...(nullable ? { nullable } : {}), statuses }
}

/** Better no library than one that silently cannot say, or read, part of the contract. */
function withoutForm({ id }: OperationShape, place: string, shape: string): Error {
  return new Error(`${id}: the client libraries have no form yet for ${place} that is ${shape}`)
}

function shapeOf(schema: Schema): string {
  const union = ['anyOf', 'oneOf'].find((keyword) => keyword in schema)
  return union === undefined ? `of type ${String(schema.type)}, without properties` : `made with ${union}`
}

/** The resource inside the envelope of the default version; one row of a list. */
function answeredSchema(operation: OperationShape): Schema {
  const fold = folds.get(defaultVersion)
  if (fold === undefined) throw new Error('The default version exists')
  const data = jsonSchemaOf(operation.data, 'output')
  const enveloped = fold.downSchema(operation.id, operation.list === true ? pageSchema(data) : data)
  const inner = (enveloped.properties as { readonly data: Schema }).data
  return operation.list === true ? (inner.items as Schema) : inner
}

type Place = { readonly name: string; readonly use: 'request' | 'answer'; readonly models: Models }

function ofRequest(id: string, models: Models): Place {
  return { name: pascal(id.replaceAll('.', '')), use: 'request', models }
}

function addModel(name: string, schema: Schema, { use, models }: Omit<Place, 'name'>): void {
  const known = models.get(name)
  if (known !== undefined) {
    if (!known.use.includes(use)) models.set(name, { ...known, use: [...known.use, use] })
    return
  }
  const { description } = schema
  const fields = fieldsOf(schema, { name, use, models })
  const names = namesOfModel(
    name,
    fields.map(({ wire }) => wire),
  )
  models.set(name, {
    name,
    names,
    ...(typeof description === 'string' ? { description } : {}),
    use: [use],
    fields,
  })
}

function fieldsOf(schema: Schema, place: Place): readonly SdkField[] {
  return propertiesOf(schema)
    .filter(([, property]) => property.deprecated !== true)
    .map(([wire, property]) => fieldOf(wire, property, { place, required: isRequired(schema, wire) }))
}

function fieldOf(
  wire: string,
  schema: Schema,
  { place, required }: { readonly place: Place; readonly required: boolean },
): SdkField {
  const { type, nullable } = typeOf(schema, { ...place, name: place.name + pascal(wire) })
  const text = wordsOf(schema)
  const limits = limitsOf(schema)
  return {
    wire,
    names: namesOf(wire),
    type,
    required,
    nullable,
    ...(text.description === undefined ? {} : { description: text.description }),
    ...('default' in schema ? { default: schema.default } : {}),
    ...(limits === undefined ? {} : { limits }),
    ...(text.example === undefined ? {} : { example: text.example }),
  }
}

/** Description and example, which may stand outside or inside of `anyOf: [x, null]`. */
function wordsOf(schema: Schema): { readonly description?: string; readonly example?: unknown } {
  const { inner } = withoutNull(schema)
  const description = schema.description ?? (isObject(inner) ? inner.description : undefined)
  const examples = schema.examples ?? (isObject(inner) ? inner.examples : undefined)
  return {
    ...(typeof description === 'string' ? { description } : {}),
    ...(Array.isArray(examples) ? { example: examples[0] } : {}),
  }
}

const limitNames = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems']

function limitsOf(schema: Schema): Readonly<Record<string, number>> | undefined {
  const { inner } = withoutNull(schema)
  const found = limitNames.flatMap((name) =>
    typeof inner[name] === 'number' ? [[name, inner[name]] as const] : [],
  )
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

function withoutNull(schema: Schema): { readonly inner: Schema; readonly nullable: boolean } {
  if (Array.isArray(schema.anyOf)) {
    const parts = (schema.anyOf as readonly Schema[]).filter(({ type }) => type !== 'null')
    const [inner] = parts
    if (inner !== undefined && parts.length === 1) return { inner, nullable: true }
  }
  if (Array.isArray(schema.type)) {
    const [type] = schema.type.filter((name) => name !== 'null')
    return { inner: { ...schema, type }, nullable: schema.type.includes('null') }
  }
  return { inner: schema, nullable: false }
}

const componentReference = /^#\/components\/schemas\/(.+)$/

function typeOf(schema: Schema, place: Place): { readonly type: SdkType; readonly nullable: boolean } {
  const { inner, nullable } = withoutNull(schema)
  return { type: bareType(inner, place), nullable }
}

function bareType(schema: Schema, place: Place): SdkType {
  const [, referenced] = componentReference.exec(String(schema.$ref)) ?? []
  if (referenced !== undefined) return { kind: 'model', model: referenced }
  const values = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : []
  switch (schema.type ?? typeof values[0]) {
    case 'string':
      return stringType(schema, values)
    case 'integer':
    case 'number':
    case 'boolean':
      return { kind: schema.type as 'integer' | 'number' | 'boolean' }
    case 'array': {
      const item = { ...place, name: singular(place.name) }
      return { kind: 'list', of: typeOf((schema.items ?? {}) as Schema, item).type }
    }
    case 'object':
      return objectType(schema, place)
    default:
      return { kind: 'any' }
  }
}

function stringType({ format }: Schema, values: readonly unknown[]): SdkType {
  return {
    kind: 'string',
    ...(typeof format === 'string' ? { format } : {}),
    ...(values.length === 0 ? {} : { values: values.map(String) }),
  }
}

function objectType(schema: Schema, place: Place): SdkType {
  if (!isObject(schema.properties)) {
    const values = isObject(schema.additionalProperties) ? schema.additionalProperties : {}
    return { kind: 'map', freeForm: true, values: typeOf(values, place).type }
  }
  const model = nameOf(schema, place.name)
  addModel(model, schema, place)
  return { kind: 'model', model }
}

/** The declared name of a schema, or one made from where it stands. */
function nameOf(schema: Schema, otherwise: string): string {
  const name = schema[componentMark]
  return typeof name === 'string' ? name : otherwise
}
