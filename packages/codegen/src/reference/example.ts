import { singular } from '../names.ts'
import type { SdkDescription, SdkField, SdkModel, SdkOperation, SdkResource } from '../sdk.ts'

/** What a call of a reference page is made with: values of the contract's own examples, where it has any. */

export type Given = { readonly field: SdkField; readonly value: unknown }

export type ExampleCall = {
  /** What the path names, in its order. */
  readonly path: readonly Given[]
  /** Fields of the body, or of the query. */
  readonly sent: readonly Given[]
}

export function exampleCall(operation: SdkOperation, { models }: SdkDescription): ExampleCall {
  const path = operation.pathParameters.map((field) => ({ field, value: exampleValue(field) }))
  if (operation.body === undefined) return { path, sent: exampleQuery(operation) }
  const model = models.find(({ name }) => name === operation.body?.model)
  return { path, sent: model === undefined ? [] : exampleBody(operation, model) }
}

/** A page is asked for with its size; whatever else narrows a query stands in the table. */
function exampleQuery({ query }: SdkOperation): readonly Given[] {
  return query
    .filter((field) => field.required || field.wire === 'limit')
    .map((field) => ({ field, value: exampleValue(field) }))
}

function exampleBody({ example }: SdkOperation, { fields }: SdkModel): readonly Given[] {
  if (example === undefined) {
    const required = fields.filter((field) => field.required)
    return (required.length === 0 ? fields.slice(0, 1) : required).map((field) => ({
      field,
      value: exampleValue(field),
    }))
  }
  return fields.filter(({ wire }) => wire in example).map((field) => ({ field, value: example[field.wire] }))
}

function exampleValue({ example, default: otherwise, type, limits }: SdkField): unknown {
  if (example !== undefined) return example
  if (otherwise !== undefined) return otherwise
  switch (type.kind) {
    case 'string':
      return type.values?.[0] ?? 'text'
    case 'integer':
    case 'number':
      return limits?.minimum ?? 1
    case 'boolean':
      return true
    case 'list':
      return []
    default:
      return {}
  }
}

/** `customer` of `customers.get`: what the one thing that is answered is called in an example. */
export function thingOf(operation: SdkOperation, resource: SdkResource): string {
  return operation.answer.type.kind === 'model' && !operation.answer.list ? singular(resource.wire) : 'page'
}
