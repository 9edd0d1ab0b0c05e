// Owns the check that a webhook delivery really comes from the Commet server.
// Does not register endpoints and does not remember deliveries: de-duplicate on the event's id.
// Always: a delivery that does not verify is false or null, never an exception.

import { hmacSha256Matches } from '#hmac'

/** The raw body of the delivery, exactly as received: before any JSON parsing. */
export type WebhookPayload = string | Uint8Array

/** The `X-Commet-Signature` header, as frameworks hand it over. */
export type WebhookSignature = string | readonly string[] | null | undefined

/** One delivered event. Order is not guaranteed: `timestamp` orders, `id` tells repeats. */
export interface WebhookEvent<Data = Record<string, unknown>> {
  /** `whev_…`, the same on every repeat of a delivery; older servers leave it out. */
  readonly id?: string
  /** Such as `customer.created`. New names may appear: ignore those you do not know. */
  readonly event: string
  /** ISO 8601, when the event happened. */
  readonly timestamp: string
  readonly organizationId: string
  readonly mode?: 'live' | 'sandbox' | (string & {})
  /** The API version `data` is shaped by. */
  readonly apiVersion?: string
  readonly data: Data
}

/** Verifies webhook deliveries. Needs no API key, so it can be used without a client. */
export class Webhooks {
  /**
   * Whether `signature` is the lower-case hex HMAC-SHA256 of the raw body under the endpoint's secret (`whsec_…`,
   * prefix included). Compares in constant time. False, never an exception, when anything is empty or malformed.
   */
  verify(delivery: {
    readonly payload: WebhookPayload
    readonly signature: WebhookSignature
    readonly secret: string
  }): boolean {
    const { payload, signature, secret } = delivery
    if (typeof secret !== 'string' || secret === '' || !isPayload(payload)) return false
    if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return false
    return hmacSha256Matches(secret, payload, bytesOfHex(signature))
  }

  /** The event of a delivery that verifies; null when it does not, or when its body is not a JSON object. */
  verifyAndParse<Data = Record<string, unknown>>(delivery: {
    readonly rawBody: WebhookPayload
    readonly signature: WebhookSignature
    readonly secret: string
  }): WebhookEvent<Data> | null {
    const { rawBody, signature, secret } = delivery
    if (!this.verify({ payload: rawBody, signature, secret })) return null
    const event = parse(rawBody)
    // Signed by the server, so its word is taken for the shape.
    return typeof event === 'object' && !Array.isArray(event) ? (event as WebhookEvent<Data> | null) : null
  }
}

function isPayload(payload: unknown): payload is WebhookPayload {
  return (typeof payload === 'string' || payload instanceof Uint8Array) && payload.length > 0
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  )
}

function parse(rawBody: WebhookPayload): unknown {
  try {
    return JSON.parse(typeof rawBody === 'string' ? rawBody : new TextDecoder().decode(rawBody))
  } catch {
    return null
  }
}
