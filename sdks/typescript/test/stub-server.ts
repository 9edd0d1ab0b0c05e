// Owns the outside world of these tests: a loopback HTTP server that misbehaves on command.
// Does not know the API; each test says what is answered.
// Always: requests are kept byte for byte, in order of arrival.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Commet, type CommetOptions } from '../src/index.ts'

interface RecordedRequest {
  readonly method: string
  /** As on the wire: path and query, undecoded. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type Reply = (response: ServerResponse, request: RecordedRequest) => void

export interface Stub {
  readonly url: string
  readonly requests: RecordedRequest[]
  /** Replies in order; the last one is repeated. */
  answer(...replies: Reply[]): void
  close(): Promise<void>
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_stub', ...headers })
    response.end(JSON.stringify(body))
  }

export const text =
  (status: number, body: string, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, headers)
    response.end(body)
  }

export const ok = (data: unknown): Reply => json(200, { success: true, data })

export const failure = (
  status: number,
  error: Record<string, unknown>,
  headers: Record<string, string> = {},
): Reply => json(status, { success: false, error }, headers)

/** Accepts the request and never answers. */
export const silence: Reply = () => {}

/** Sends the head and a first piece of the body, then nothing. */
export const stall: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.write('{"success":true,')
}

/** Closes the connection instead of answering. */
export const reset: Reply = (response) => {
  response.destroy()
}

/** Closes the connection in the middle of the body. */
export const truncated: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('{"success":true,"data":{"id":"cus_')
  setImmediate(() => response.destroy())
}

export async function startStub(): Promise<Stub> {
  const requests: RecordedRequest[] = []
  let replies: Reply[] = [ok({})]
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const { method = '', url = '', headers } = incoming
    const request = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') }
    requests.push(request)
    const reply = replies.length > 1 ? replies.shift() : replies[0]
    reply?.(response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (...next) => {
      replies = next
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

export const testKey = 'ck_sandbox_0123456789abcdef'

/** A client of the stub whose waits are recorded instead of waited. */
export function clientOf(stub: Pick<Stub, 'url'>, options: Partial<CommetOptions> = {}) {
  const waits: number[] = []
  const timing = {
    random: () => 0,
    wait: async (delayMs: number) => {
      waits.push(delayMs)
    },
  }
  const all = { apiKey: testKey, baseUrl: stub.url, ...options } as CommetOptions
  return { commet: new Commet(all, timing), waits }
}
