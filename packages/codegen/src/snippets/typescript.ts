import type { Given, GivenCall } from './given.ts'
import { type Code, type Item, type Layout, print } from './layout.ts'
import { hex, numeral, quoted } from './text.ts'

const layout: Layout = { indent: '  ', width: 80, trailing: true }

/** A call as a module that runs on Node with `@commet/node`. */
export function typescript(call: GivenCall): string {
  const { resource, action, baseUrl, named, filters, sent, list } = call
  const given = [
    ...named.map(({ wire, value }) => ({ key: `${wire}:`, value: text(value) })),
    ...[...filters, ...sent].map(property),
  ]
  const [open, close] = given.length === 0 ? ['(', ')'] : ['({', '})']
  const options = [
    { key: 'apiKey:', value: 'process.env.COMMET_API_KEY' },
    { key: 'baseUrl:', value: text(baseUrl) },
  ]
  return [
    "import { Commet } from '@commet/node'",
    '',
    print(objectOf(options, 'const commet = new Commet({', '})'), layout),
    '',
    print(
      objectOf(
        given,
        `const { data${list ? ', hasMore' : ''} } = await commet.${resource}.${action}${open}`,
        close,
      ),
      layout,
    ),
    `console.log(data${list ? ', hasMore' : ''})`,
  ].join('\n')
}

function property({ field, value }: Given): Item {
  return { key: `${field.wire}:`, value: literal(value) }
}

function literal(value: unknown): Code {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return numeral(value)
  if (Array.isArray(value)) {
    return { open: '[', items: value.map((item) => ({ value: literal(item) })), close: ']' }
  }
  if (typeof value !== 'object' || value === null) return String(value)
  return objectOf(
    Object.entries(value).map(([key, entry]) => ({ key: keyOf(key), value: literal(entry) })),
    '{',
    '}',
  )
}

function objectOf(items: readonly Item[], open: string, close: string): Code {
  return { open, items, close, pad: ' ' }
}

/** A plain `__proto__` would be the prototype instead of a key. */
function keyOf(key: string): string {
  if (key === '__proto__') return `['__proto__']:`
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${key}:` : `${text(key)}:`
}

function text(value: string): string {
  return quoted(value, {
    quote: "'",
    numbered: (codePoint) => (codePoint < 0x100 ? `\\x${hex(codePoint, 2)}` : `\\u{${hex(codePoint, 4)}}`),
  })
}
