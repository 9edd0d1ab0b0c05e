import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that keeps what it is sent, and answers as if it had done it. */

export type Recorded = {
  readonly method: string
  /** Decoded, and parted at its slashes before. */
  readonly path: readonly string[]
  readonly query: readonly (readonly [string, string])[]
  readonly apiKey: string | undefined
  readonly body: unknown
}

export type Recorder = {
  readonly address: string
  readonly requests: Recorded[]
  stop(): Promise<void>
}

const customer = {
  id: 'cus_01k0a2b3c4d5e6f7g8h9jkmnpq',
  externalId: null,
  fullName: null,
  email: 'ada@example.com',
  taxDocument: null,
  documentType: null,
  timezone: null,
  address: null,
  metadata: {},
  createdAt: '2026-07-11T09:30:00.000Z',
  updatedAt: '2026-07-11T09:30:00.000Z',
  object: 'customer',
  livemode: false,
}

export async function startRecorder(): Promise<Recorder> {
  const requests: Recorded[] = []
  const server = createServer(async (request, response) => {
    const recorded = await record(request)
    requests.push(recorded)
    const list = recorded.method === 'GET' && recorded.path.length === 3
    const answer = list
      ? { success: true, data: [], hasMore: false }
      : { success: true, data: { ...customer, successful: [], failed: [] } }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function record(request: IncomingMessage): Promise<Recorded> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  const url = new URL(request.url ?? '', 'http://recorder')
  const key = request.headers['x-api-key']
  const bearer = request.headers.authorization?.replace(/^Bearer /, '')
  return {
    method: request.method ?? '',
    path: url.pathname.split('/').slice(1).map(decodeURIComponent),
    query: [...url.searchParams].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    apiKey: typeof key === 'string' ? key : bearer,
    body: text === '' ? undefined : JSON.parse(text),
  }
}
