import type { IncomingMessage } from 'node:http'
import { findUnstorable, parseExactly } from '../kernel/json.ts'
import { Refusal, refuseFields } from '../kernel/refusal.ts'

/** Reads a request body into JSON that can be stored as it stands, or says what is wrong with it. */

const megabyte = 1024 * 1024
export const maxBodyBytes = megabyte
/** A hundred thousand customers with an address each are about this much. */
const maxUploadBytes = 20 * megabyte

/** The body as a JSON object, or undefined where there is none. */
export async function readBody(
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const bytes = await readBytes(request, maxBodyBytes)
  if (bytes.length === 0) return undefined
  assertType(request.headers['content-type'], 'application/json')
  const body = parseJson(decode(bytes))
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refuseFields([
      { field: 'body', message: 'must be a JSON object, such as {"email": "billing@example.com"}' },
    ])
  }
  assertStorable(body)
  return body as Record<string, unknown>
}

/** A CSV file as the body of a request. Whether it holds one is for its reader to say. */
export async function readUpload(request: IncomingMessage): Promise<Buffer> {
  assertType(request.headers['content-type'], 'text/csv')
  return readBytes(request, maxUploadBytes)
}

async function readBytes(request: IncomingMessage, most: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge(most)
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > most) throw tooLarge(most)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof Refusal || request.complete ? error : cutOff()
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

function tooLarge(most: number): Refusal {
  const message = `must be at most ${most / megabyte} MB; send less at a time`
  return refuseFields([{ field: 'body', message }], 413)
}

/** Nobody is left to read this answer; it keeps the log from calling it our failure. */
function cutOff(): Refusal {
  return new Refusal('invalid_json', 'The connection ended before the body did.')
}

function assertType(contentType: string | undefined, wanted: string): void {
  const [type, ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset)
  if (type === wanted && isUtf8) return
  throw refuseFields([{ field: 'content-type', message: `must be ${wanted} in UTF-8` }], 415)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new Refusal('invalid_json', 'The body is not UTF-8 text. Send JSON in UTF-8.')
  }
}

function parseJson(text: string): unknown {
  try {
    return parseExactly(text)
  } catch (error) {
    throw new Refusal('invalid_json', `The body is not JSON: reading stopped ${whereItStopped(text, error)}.`)
  }
}

function whereItStopped(text: string, error: unknown): string {
  const position = positionIn(text, error)
  if (position >= text.length) return 'at its end'
  const before = text.slice(0, position)
  const line = before.split('\n').length
  return `at position ${position} (line ${line} column ${position - before.lastIndexOf('\n')})`
}

/** Most messages of the parser hold the position. Where one does not, the longest readable beginning is searched for. */
function positionIn(text: string, error: unknown): number {
  if (!(error instanceof SyntaxError) || error.message.startsWith('Unexpected end')) return text.length
  const named = /at position (\d+)/.exec(error.message)
  if (named !== null) return Number(named[1])
  let readable = 0
  let broken = text.length
  while (broken - readable > 1) {
    const middle = (readable + broken) >>> 1
    if (mayGoOn(text.slice(0, middle))) readable = middle
    else broken = middle
  }
  return readable
}

/** Whether some text after this beginning would make it JSON. */
function mayGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning)
    return true
  } catch (error) {
    if (!(error instanceof SyntaxError)) return false
    const named = /at position (\d+)/.exec(error.message)
    return named === null ? error.message.startsWith('Unexpected end') : Number(named[1]) >= beginning.length
  }
}

function assertStorable(body: object): void {
  const problem = findUnstorable(body)
  if (problem !== undefined) throw refuseFields([problem])
}
