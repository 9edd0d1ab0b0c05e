/**
 * Reads JSON that a person has typed. Unlike the browser's reader, it says in the same words everywhere on which line the
 * mistake is, and refuses what would be lost without a word: a key that comes twice, a number with more digits than are kept.
 */

export type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly line: number; readonly message: string }

export function readJson(text: string): ReadJson {
  const reader: Reader = { text, at: 0 }
  try {
    const value = readValue(reader)
    skipSpace(reader)
    if (reader.at < text.length) throw new Mistake(reader.at, `${shown(reader)} stands after the end`)
    return { ok: true, value }
  } catch (mistake) {
    if (!(mistake instanceof Mistake)) throw mistake
    return { ok: false, line: text.slice(0, mistake.at).split('\n').length, message: mistake.message }
  }
}

type Reader = { readonly text: string; at: number }

class Mistake extends Error {
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

const deepest = 100

function readValue(reader: Reader, depth = 0): unknown {
  skipSpace(reader)
  if (depth > deepest) throw new Mistake(reader.at, `is nested deeper than ${deepest} levels`)
  const mark = reader.text[reader.at]
  if (mark === '{') return readObject(reader, depth)
  if (mark === '[') return readList(reader, depth)
  if (mark === '"') return readText(reader)
  return readPlain(reader)
}

function readObject(reader: Reader, depth: number): unknown {
  const entries = new Map<string, unknown>()
  readItems(reader, '}', () => {
    const start = reader.at
    if (reader.text[reader.at] !== '"')
      throw new Mistake(start, `a key in double quotes belongs before ${shown(reader)}`)
    const key = readText(reader)
    if (entries.has(key)) throw new Mistake(start, `the key ${JSON.stringify(key)} comes twice`)
    skipSpace(reader)
    if (reader.text[reader.at] !== ':')
      throw new Mistake(reader.at, `a colon belongs before ${shown(reader)}`)
    reader.at += 1
    entries.set(key, readValue(reader, depth + 1))
  })
  return Object.fromEntries(entries)
}

function readList(reader: Reader, depth: number): unknown {
  const items: unknown[] = []
  readItems(reader, ']', () => void items.push(readValue(reader, depth + 1)))
  return items
}

/** What stands between brackets, parted by commas. */
function readItems(reader: Reader, end: string, readItem: () => void): void {
  reader.at += 1
  skipSpace(reader)
  if (reader.text[reader.at] === end) {
    reader.at += 1
    return
  }
  for (;;) {
    skipSpace(reader)
    readItem()
    skipSpace(reader)
    const mark = reader.text[reader.at]
    if (mark !== ',' && mark !== end) {
      throw new Mistake(reader.at, `a comma or ${end} belongs before ${shown(reader)}`)
    }
    reader.at += 1
    if (mark === end) return
  }
}

const textToken = /"(?:[^"\\]|\\.)*"/suy

function readText(reader: Reader): string {
  textToken.lastIndex = reader.at
  const [token] = textToken.exec(reader.text) ?? []
  if (token === undefined) throw new Mistake(reader.at, 'the text that begins here has no closing quote')
  try {
    const value: unknown = JSON.parse(token)
    reader.at += token.length
    return String(value)
  } catch {
    throw new Mistake(reader.at, 'the text that begins here holds a line break or an unknown escape')
  }
}

const plainToken = /[^\s,:{}[\]"]+/uy
const numberToken = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/
const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
])

function readPlain(reader: Reader): unknown {
  plainToken.lastIndex = reader.at
  const [token] = plainToken.exec(reader.text) ?? []
  if (token === undefined) throw new Mistake(reader.at, `a value belongs before ${shown(reader)}`)
  if (!words.has(token) && !numberToken.test(token)) {
    throw new Mistake(reader.at, `${token.slice(0, 20)} is no value; texts stand in double quotes`)
  }
  const value = words.has(token) ? words.get(token) : numberOf(token)
  if (value === undefined) throw new Mistake(reader.at, tooLong(token))
  reader.at += token.length
  return value
}

/** The number that was written; undefined where it would be kept as another one. */
export function numberOf(text: string): number | undefined {
  if (!numberToken.test(text)) return undefined
  const value = Number(text)
  if (!Number.isFinite(value)) return undefined
  // What was read before is written as it came; other whole numbers must be kept to the last digit.
  const isKept = !/^-?\d+$/.test(text) || JSON.stringify(value) === text || BigInt(value) === BigInt(text)
  return isKept ? value : undefined
}

function tooLong(text: string): string {
  return `the number ${text.slice(0, 30)} has more digits than are kept; make it a text`
}

function skipSpace(reader: Reader): void {
  while (/[ \t\r\n]/.test(reader.text[reader.at] ?? '')) reader.at += 1
}

function shown({ text, at }: Reader): string {
  const [mark] = text.slice(at, at + 2)
  return mark === undefined ? 'the end' : mark
}
