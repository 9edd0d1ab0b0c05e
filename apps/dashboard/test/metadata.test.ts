import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJson } from '../src/pages/customers/json-text.ts'
import {
  jsonOf,
  type MetadataDraft,
  pairsOf,
  readMetadata,
  retyped,
} from '../src/pages/customers/metadata-draft.ts'

/** Metadata while it is edited, without a browser. */

const json = (text: string): MetadataDraft => ({ mode: 'json', text })
const sound = fc.dictionary(
  fc.string().filter((key) => key !== ''),
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value))),
)

test('metadata that goes through pairs and through JSON is what it was', () => {
  fc.assert(
    fc.property(sound, (metadata) => {
      expect(readMetadata(pairsOf(metadata))).toEqual({ ok: true, value: metadata })
      expect(readMetadata(jsonOf(metadata))).toEqual({ ok: true, value: metadata })
    }),
  )
})

test('JSON is read as JSON.parse reads it, and refused where that refuses it', () => {
  const almost = fc.oneof(
    fc.json(),
    fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom(',', '}', ']', '"', ':', ' ', '\n', '1', 'true', '\\'))
      .map(([text, at, extra]) => {
        const place = at % (text.length + 1)
        return text.slice(0, place) + extra + text.slice(place)
      }),
  )
  fc.assert(
    fc.property(almost, (text) => {
      const read = readJson(text)
      const known = parsed(text)
      if (read.ok) expect({ value: read.value }).toEqual(known)
      else if (known !== undefined) expect(read.message).toMatch(/comes twice|more digits/)
    }),
    { numRuns: 500 },
  )
})

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

test.each([
  ['{\n  "a": 1,\n  "b": tru\n}', 'Line 3: tru is no value; texts stand in double quotes.'],
  ['{\n  "a": 1\n  "b": 2\n}', 'Line 3: a comma or } belongs before ".'],
  ['{\n  "a": 1,\n}', 'Line 3: a key in double quotes belongs before }.'],
  ['{\n  "a": 1,\n  "a": 2\n}', 'Line 3: the key "a" comes twice.'],
  ['{ "a": [1, 2 }', 'Line 1: a comma or ] belongs before }.'],
  ['{ "a": "x\ny" }', 'Line 1: the text that begins here holds a line break or an unknown escape.'],
  ['{ "a": "x }', 'Line 1: the text that begins here has no closing quote.'],
  ['{ "a": 1 } }', 'Line 1: } stands after the end.'],
  ['{ "a": ', 'Line 1: a value belongs before the end.'],
  [
    '{ "id": 12345678901234567890 }',
    'Line 1: the number 12345678901234567890 has more digits than are kept; make it a text.',
  ],
  ['[1]', 'Line 1: must be an object of your own keys and values, in { }.'],
  [`${'['.repeat(200)}`, 'Line 1: is nested deeper than 100 levels.'],
])('%j is refused with its line', (text, message) => {
  expect(readMetadata(json(text))).toMatchObject({ ok: false, message })
})

test('a key like __proto__ is a key', () => {
  const read = readMetadata(json('{"__proto__": {"a": 1}, "constructor": 2}'))
  expect(read.ok && Object.entries(read.value)).toEqual([
    ['__proto__', { a: 1 }],
    ['constructor', 2],
  ])
})

test('a value that changes its type reads as what it was, where that can be', () => {
  const text = { row: 0, key: 'seats', type: 'text', value: '12' } as const
  expect(retyped(text, 'number').value).toBe('12')
  expect(retyped(text, 'json').value).toBe('"12"')
  expect(retyped(text, 'boolean').value).toBe('false')
  const hello = { ...text, value: 'hello' }
  expect(retyped(retyped(hello, 'boolean'), 'json').value).toBe('"hello"')
  expect(retyped(retyped(retyped(hello, 'number'), 'json'), 'text').value).toBe('hello')
})

test('what is wrong with a pair is said of the pair', () => {
  const pair = { row: 3, key: 'a', type: 'text', value: '' } as const
  const mistakeIn = (pairs: (MetadataDraft & { readonly mode: 'pairs' })['pairs']) =>
    readMetadata({ mode: 'pairs', pairs })
  expect(mistakeIn([pair, { ...pair, row: 4 }])).toMatchObject({ ok: false, row: 4, part: 'key' })
  expect(mistakeIn([{ ...pair, key: '', value: 'x' }])).toMatchObject({ row: 3, part: 'key' })
  expect(mistakeIn([{ ...pair, type: 'number', value: 'x' }])).toMatchObject({ row: 3, part: 'value' })
  expect(mistakeIn([{ ...pair, type: 'json', value: '{' }])).toMatchObject({ row: 3, part: 'value' })
  expect(mistakeIn([{ ...pair, key: '' }])).toEqual({ ok: true, value: {} })
})
