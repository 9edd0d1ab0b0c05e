/** What one dated API version changed, as functions between neighbouring shapes. */

/** The parts of a request that a version may lift to the next shape. */
export type RawRequest = {
  readonly query: Readonly<Record<string, unknown>>
  readonly body: Readonly<Record<string, unknown>> | undefined
}

/** What an old shape may need to know that the new one no longer carries. */
export type LoweringContext = { readonly organizationId: string }

export type JsonObject = Readonly<Record<string, unknown>>

/**
 * A version names what it changed. `up` lifts a request written for the version before; `down` lowers an answer to the
 * version before, `downSchema` lowers the JSON Schema of that answer alike, and `downError` the error body.
 * `downBodySchema` and `downQuerySchema` describe what `up` takes: the JSON Schema of a request as the version before sends it.
 */
export type Version = {
  readonly date: string
  readonly notes: readonly string[]
  readonly up?: (operationId: string, request: RawRequest) => RawRequest
  readonly down?: (operationId: string, body: JsonObject, context: LoweringContext) => JsonObject
  readonly downSchema?: (operationId: string, schema: JsonObject) => JsonObject
  readonly downBodySchema?: (operationId: string, schema: JsonObject) => JsonObject
  readonly downQuerySchema?: (operationId: string, schema: JsonObject) => JsonObject
  readonly downError?: (body: JsonObject) => JsonObject
  readonly downErrorSchema?: (schema: JsonObject) => JsonObject
}
