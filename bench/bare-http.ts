import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OperationName } from './requests.ts'

/** The least HTTP server that can answer the requests of the benchmark: no checks, no logs, no routes beyond these. */

export type BareRequest = {
  readonly operation: OperationName
  /** The path's last segment, or the search term. */
  readonly name: string
  readonly key: string
  readonly body: string
}

export type BareReply = { readonly status: number; readonly body: string }

/** What the process that started this one says first. */
export function settingsFromParent<Settings>(): Promise<Settings> {
  return new Promise((resolve) => process.once('message', (settings) => resolve(settings as Settings)))
}

/** Serves on a free port and tells it to the process that started this one. */
export function serveBare(answer: (request: BareRequest) => Promise<BareReply>): void {
  const server = createServer((request, response) => {
    if (request.method === 'GET') return reply(response, answer(readOf(request.url ?? '')))
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString()
      reply(response, answer(writeOf(request, body)))
    })
  })
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
  process.on('disconnect', () => process.exit(0))
}

function reply(response: ServerResponse, answer: Promise<BareReply>): void {
  answer.then(
    ({ status, body }) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      })
      response.end(body)
    },
    (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
  )
}

function readOf(url: string): BareRequest {
  const empty = { key: '', body: '' }
  const search = url.indexOf('search=')
  if (search !== -1) return { ...empty, operation: 'search', name: decodeURIComponent(url.slice(search + 7)) }
  if (url.includes('?')) return { ...empty, operation: 'list', name: '' }
  return { ...empty, operation: 'get', name: url.slice(url.lastIndexOf('/') + 1) }
}

function writeOf(request: IncomingMessage, body: string): BareRequest {
  const key = String(request.headers['idempotency-key'])
  const operation = operationOf(request.url ?? '', key, body)
  return { operation, name: '', key, body }
}

function operationOf(url: string, key: string, body: string): OperationName {
  if (url.endsWith('/batch')) return 'batch'
  if (key.startsWith('replayed')) return 'replay'
  return body.includes('"id":"user_') ? 'recreate' : 'create'
}
