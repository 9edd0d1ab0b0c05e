// Owns the check that a webhook delivery really comes from the Commet server, by either of its two signatures.
// Does not register endpoints and does not remember deliveries: de-duplicate on the event's id.
// Always: a delivery that does not verify is false or null, never an exception.

import { hmacSha256Matches } from '#hmac'

/** The raw body of the delivery, exactly as received: before any JSON parsing. */
export type WebhookPayload = string | Uint8Array

/** The `X-Commet-Signature` header, as frameworks hand it over. Of a list the first counts. */
export type WebhookSignature = string | readonly string[] | null | undefined

/** The headers of the delivery, as frameworks hand them over; names in any case. Of a list the first counts. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** A delivery with the Standard Webhooks headers (`webhook-id`, `webhook-timestamp`, `webhook-signature`). */
export interface StandardDelivery {
  readonly payload: WebhookPayload
  readonly headers: WebhookHeaders
  /** The endpoint's secret: `whsec_` and base64, or the base64 alone. */
  readonly secret: string
  /** How far the timestamp may lie from now, before or after. Default: 300. */
  readonly toleranceSeconds?: number | undefined
  /** Seconds since 1970. Default: the clock's. */
  readonly now?: number | undefined
}

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
    const { payload, secret } = delivery
    const signature = firstOf(delivery.signature)
    if (typeof secret !== 'string' || secret === '' || !isPayload(payload)) return false
    if (signature === undefined || !/^[0-9a-f]{64}$/i.test(signature)) return false
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
    return eventOf<Data>(rawBody)
  }

  /**
   * Whether one of the `v1` signatures in `webhook-signature` is the base64 HMAC-SHA256 of
   * `<webhook-id>.<webhook-timestamp>.<raw body>` under the decoded secret, and the timestamp lies within the tolerance.
   * Several signatures are normal while a secret is rotated. False, never an exception, when anything is malformed.
   */
  verifyStandard(delivery: StandardDelivery): boolean {
    const { payload, headers, secret, toleranceSeconds = 300, now = Date.now() / 1000 } = delivery
    const key = typeof secret === 'string' ? bytesOfBase64(secret.replace(/^whsec_/, '')) : undefined
    const [id, timestamp, signatures] = standardHeaders.map((name) => headerOf(headers, name))
    if (key === undefined || !isPayload(payload) || !id || !timestamp || !signatures) return false
    if (!/^[0-9]{1,15}$/.test(timestamp)) return false
    // Written so that NaN, a tolerance or a time that is no number, refuses.
    if (!(Math.abs(now - Number(timestamp)) <= toleranceSeconds)) return false
    const signed = concat(`${id}.${timestamp}.`, payload)
    return signatures.split(' ').some((signature) => {
      const bytes = signature.startsWith('v1,') ? bytesOfBase64(signature.slice(3)) : undefined
      return bytes !== undefined && hmacSha256Matches(key, signed, bytes)
    })
  }

  /** The event of a delivery that `verifyStandard` accepts; null when not, or when its body is not a JSON object. */
  verifyAndParseStandard<Data = Record<string, unknown>>(
    delivery: StandardDelivery,
  ): WebhookEvent<Data> | null {
    return this.verifyStandard(delivery) ? eventOf<Data>(delivery.payload) : null
  }
}

const standardHeaders = ['webhook-id', 'webhook-timestamp', 'webhook-signature']

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const value = isHeaderStore(headers)
    ? headers.get(name)
    : Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1]
  return firstOf(value)
}

function firstOf(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : undefined
}

function isHeaderStore(headers: WebhookHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function'
}

/** Undefined for what is not base64, or nothing. */
function bytesOfBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) || text === '')
    return undefined
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function concat(head: string, body: WebhookPayload): Uint8Array {
  const encoder = new TextEncoder()
  const [first, second] = [encoder.encode(head), typeof body === 'string' ? encoder.encode(body) : body]
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

/** Signed by the server, so its word is taken for the shape. */
function eventOf<Data>(rawBody: WebhookPayload): WebhookEvent<Data> | null {
  const event = parse(rawBody)
  return typeof event === 'object' && !Array.isArray(event) ? (event as WebhookEvent<Data> | null) : null
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
