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
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}

function tooLarge(): Refusal {
  return refuseFields([{ field: 'body', message: 'must be at most 1 MB; send less at a time' }], 413)
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
    return longDigits.test(text) ? JSON.parse(text, refuseInexact) : JSON.parse(text)
  } catch (error) {
    if (error instanceof Refusal) throw error
    const where =
      error instanceof SyntaxError ? /at position \d+( \(line \d+ column \d+\))?/.exec(error.message) : null
    throw new Refusal('invalid_json', `The body is not JSON: reading stopped ${where?.[0] ?? 'at its end'}.`)
  }
}

/** A whole number that would be stored as another one is refused rather than changed. */
function refuseInexact(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined || !/^-?\d+$/.test(source)) return value
  if (BigInt(source) === BigInt(Number.isFinite(value) ? value : 0) && Number.isSafeInteger(value))
    return value
  throw refuseFields([
    { field: key, message: 'is a whole number too large to keep exactly; send it as a string' },
  ])
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
