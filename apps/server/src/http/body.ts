import type { IncomingMessage } from 'node:http'
import { Refusal, refuseFields } from '../kernel/refusal.ts'

/** Reads a request body into JSON that can be stored as it stands, or says what is wrong with it. */

export const maxBodyBytes = 1024 * 1024
const maxDepth = 32
/** A run of digits this long may be a whole number that JavaScript cannot hold exactly. */
const longDigits = /\d{16}/

/** The body as a JSON object, or undefined where there is none. */
export async function readBody(
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const bytes = await readBytes(request)
  if (bytes.length === 0) return undefined
  assertJsonType(request.headers['content-type'])
  const body = parseJson(decode(bytes))
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refuseFields([
      { field: 'body', message: 'must be a JSON object, such as {"email": "billing@example.com"}' },
    ])
  }
  assertStorable(body)
  return body as Record<string, unknown>
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBodyBytes) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof Refusal || request.complete ? error : cutOff()
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

function tooLarge(): Refusal {
  return refuseFields([{ field: 'body', message: 'must be at most 1 MB; send less at a time' }], 413)
}

/** Nobody is left to read this answer; it keeps the log from calling it our failure. */
function cutOff(): Refusal {
  return new Refusal('invalid_json', 'The connection ended before the body did.')
}

function assertJsonType(contentType: string | undefined): void {
  const [type, ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset)
  if (type === 'application/json' && isUtf8) return
  throw refuseFields([{ field: 'content-type', message: 'must be application/json in UTF-8' }], 415)
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
    return longDigits.test(text) ? JSON.parse(text, markInexact) : JSON.parse(text)
  } catch (error) {
    throw new Refusal('invalid_json', `The body is not JSON: reading stopped ${whereItStopped(text, error)}.`)
  }
}

/** Stands in for a whole number that would be stored as another one; it is refused where it is found. */
const inexact = Symbol('inexact')

function markInexact(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined || !/^-?\d+$/.test(source)) return value
  return Number.isSafeInteger(value) ? value : inexact
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

/** PostgreSQL keeps neither NUL nor half a surrogate pair, and objects lose keys named __proto__. */
function assertStorable(body: object): void {
  const problem = findUnstorable(body, [])
  if (problem !== undefined) throw refuseFields([problem])
}

type Problem = { readonly field: string; readonly message: string }

function findUnstorable(value: unknown, path: readonly string[]): Problem | undefined {
  if (typeof value === 'string') return problemOfText(value, path)
  if (typeof value === 'number' && !Number.isFinite(value))
    return { field: path.join('.'), message: 'is too large a number' }
  if (value === inexact) {
    return {
      field: path.join('.'),
      message: 'is a whole number too large to keep exactly; send it as a string',
    }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (path.length >= maxDepth)
    return { field: path.slice(0, 3).join('.'), message: `is nested deeper than ${maxDepth} levels` }
  for (const [key, inner] of Object.entries(value)) {
    const place = [...path, key]
    const problem = problemOfKey(key, path) ?? findUnstorable(inner, place)
    if (problem !== undefined) return problem
  }
  return undefined
}

function problemOfKey(key: string, path: readonly string[]): Problem | undefined {
  if (key === '__proto__')
    return { field: path.join('.') || 'body', message: 'must not have a key named "__proto__"' }
  return problemOfText(key, path)
}

function problemOfText(text: string, path: readonly string[]): Problem | undefined {
  const field = path.map((part) => part.toWellFormed().replaceAll('\0', '')).join('.') || 'body'
  if (text.includes('\0')) return { field, message: 'must not contain the NUL character (\\u0000)' }
  if (!text.isWellFormed())
    return { field, message: 'must be well-formed Unicode: it holds half a surrogate pair' }
  return undefined
}
