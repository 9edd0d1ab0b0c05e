/** Plain HTTP calls, as curl would make them. */

export type Json = Readonly<Record<string, unknown>>

export type Reply = {
  readonly status: number
  readonly headers: Headers
  /** The body as it came. */
  readonly text: string
  /** The body as JSON; empty where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly json: any
}

export type CallOptions = {
  /** Sent as JSON, or as it stands when it is text or bytes. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** `path` starts at the host, such as `/api/v1/customers`. */
export type Caller = (method: string, path: string, options?: CallOptions) => Promise<Reply>

export function callerWith(address: string, apiKey: string | undefined): Caller {
  return async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(address + path, {
      method,
      headers: {
        ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: asBody(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: parse(text) }
  }
}

function asBody(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return new Uint8Array(body)
  return JSON.stringify(body)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
