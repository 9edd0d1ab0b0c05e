/**
 * What a snippet must know of the calls of the API: who is named in the path, what may be sent, and of which type. `calls.ts`
 * holds them all; the code generator writes it from the contract.
 */

export type FieldType =
  | { readonly kind: 'string'; readonly format?: string }
  | { readonly kind: 'integer' | 'number' | 'boolean' | 'any' }
  | { readonly kind: 'list'; readonly of: FieldType }
  | { readonly kind: 'model'; readonly model: string }
  /** Keys belong to the caller. */
  | { readonly kind: 'map' }

export type Field = {
  /** On the wire. Each language makes its own name of it. */
  readonly wire: string
  readonly type: FieldType
  readonly required?: true
}

export type Call = {
  readonly method: string
  /** Relative to the base path, with names in braces. */
  readonly path: string
  readonly ids: readonly string[]
  readonly query: readonly Field[]
  /** The model of the body. */
  readonly body?: string
  readonly list?: true
}

export type Model = {
  readonly fields: readonly Field[]
  /** It is answered as well: the libraries then have one type for both. */
  readonly answered?: true
}

export type Calls = {
  readonly basePath: string
  /** By operation, such as `customers.create`. */
  readonly calls: Readonly<Record<string, Call>>
  readonly models: Readonly<Record<string, Model>>
}
