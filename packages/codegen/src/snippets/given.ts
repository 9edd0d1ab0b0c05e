import { singular } from '../names.ts'
import type { Call, Field, FieldType, Model } from './call.ts'
import { calls } from './calls.ts'

/** A call with what is given to it, in the order of the contract. */
export type GivenCall = Call & {
  /** `customers` and `create` of `customers.create`. */
  readonly resource: string
  readonly action: string
  readonly baseUrl: string
  readonly named: readonly { readonly wire: string; readonly value: string }[]
  readonly filters: readonly Given[]
  readonly sent: readonly Given[]
}

export type Given = { readonly field: Field; readonly value: unknown }

/** What a call is given: who the path names, filters and fields of the body side by side, by their names on the wire. */
export type SnippetInput = Readonly<Record<string, unknown>>

export type SnippetRequest = {
  /** Such as `customers.create`. */
  readonly operation: string
  readonly input?: SnippetInput
  /** Where the server is, such as `http://localhost:3000`. */
  readonly baseUrl: string
}

/** Throws for an operation or a field that the contract does not have. */
export function givenCall({ operation, input = {}, baseUrl }: SnippetRequest): GivenCall {
  const call = calls.calls[operation]
  if (call === undefined) throw new Error(`There is no operation ${operation}`)
  const [resource = '', ...action] = operation.split('.')
  const fields = call.body === undefined ? [] : modelNamed(call.body).fields
  const known = new Set([...call.ids, ...[...call.query, ...fields].map(({ wire }) => wire)])
  const unknown = Object.keys(input).find((name) => !known.has(name))
  if (unknown !== undefined) throw new Error(`${operation} takes no ${unknown}`)
  return {
    ...call,
    resource,
    action: action.join('.'),
    baseUrl,
    named: call.ids.map((wire) => ({ wire, value: String(input[wire] ?? '') })),
    // A filter that is null is none.
    filters: givenOf(call.query, input).filter(({ value }) => value !== null && value !== ''),
    sent: givenOf(fields, input),
  }
}

/** The fields that have a value, null included. */
export function givenOf(fields: readonly Field[], values: SnippetInput): readonly Given[] {
  return fields
    .map((field) => ({ field, value: values[field.wire] }))
    .filter(({ value }) => value !== undefined)
}

export function modelNamed(name: string): Model {
  const model = calls.models[name]
  if (model === undefined) throw new Error(`There is no model ${name}`)
  return model
}

/** The items of a body that is one list alone: most libraries take that list instead of an object around it. */
export function listAlone({ body, sent }: GivenCall): Given | undefined {
  const fields = body === undefined ? [] : modelNamed(body).fields
  return fields.length === 1 && fields[0]?.type.kind === 'list' ? sent[0] : undefined
}

/** `id` of a customer goes by `customerId` where a library wants a name for it. */
export function referenceName(resource: string, wire: string): string {
  return wire === 'id' ? `${singular(resource)}Id` : wire
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The type of what lies in a free-form value. */
export const anything: FieldType = { kind: 'any' }
