import { connect } from 'node:net'
import type { Reply } from './caller.ts'

/** Requests written byte by byte: for what no well-behaved client sends. */

const quietMs = 10_000

/**
 * Sends a request as it stands and reads the answer until the server closes. `head` is the request line and the headers,
 * with CRLF between them and none at the end; latin1 text, so that every byte can be written.
 */
export async function rawRequest(
  address: string,
  head: string,
  body: string | Uint8Array = '',
): Promise<Reply> {
  const bytes = Buffer.from(body)
  const request = Buffer.concat([Buffer.from(`${head}\r\nconnection: close\r\n\r\n`, 'latin1'), bytes])
  return parseReply(await exchange(address, request))
}

/** Sends any bytes and answers what came back before the connection ended. */
export function exchange(address: string, request: Uint8Array): Promise<Buffer> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname, () => socket.write(request))
    socket.setTimeout(quietMs, () => socket.destroy(new Error('The server neither answered nor closed')))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('end', () => socket.end())
    socket.on('error', (error) => (chunks.length > 0 ? undefined : reject(error)))
    socket.on('close', () => resolve(Buffer.concat(chunks)))
  })
}

function parseReply(answer: Buffer): Reply {
  const end = answer.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = answer.subarray(0, end).toString('latin1').split('\r\n')
  const headers = new Headers(lines.map((line) => splitHeader(line)))
  const rest = answer.subarray(end + 4)
  const text = (headers.get('transfer-encoding') === 'chunked' ? joinChunks(rest) : rest).toString()
  return { status: Number(statusLine.split(' ')[1]), headers, text, json: asJson(text) }
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trim()]
}

function joinChunks(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const line = bytes.indexOf('\r\n', at)
    const length = Number.parseInt(bytes.subarray(at, line).toString(), 16)
    if (!(length > 0)) return Buffer.concat(parts)
    parts.push(bytes.subarray(line + 2, line + 2 + length))
    at = line + 2 + length + 2
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
