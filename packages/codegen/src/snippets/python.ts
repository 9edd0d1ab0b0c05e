import { namesOf } from '../names.ts'
import type { FieldType } from './call.ts'
import { anything, type GivenCall, givenOf, isObject, listAlone, modelNamed, referenceName } from './given.ts'
import { type Code, type Item, type Layout, print } from './layout.ts'
import { hex, numeral, quoted } from './text.ts'

const layout: Layout = { indent: '    ', width: 88, trailing: true }

/** A call as a script that runs with the package `commet-sdk`. */
export function python(call: GivenCall): string {
  const { resource, action, baseUrl, named, list } = call
  const result = list ? 'page' : 'response'
  const given = [
    ...named.map(({ wire, value }) => ({
      value: `${namesOf(referenceName(resource, wire)).python}=${text(value)}`,
    })),
    ...argumentsOf(call),
  ]
  const method = `${namesOf(resource).python}.${namesOf(action).python}`
  return [
    'import os',
    '',
    'from commet import Commet',
    '',
    print(
      {
        open: 'commet = Commet(',
        items: [{ value: 'api_key=os.environ["COMMET_API_KEY"]' }, { value: `base_url=${text(baseUrl)}` }],
        close: ')',
      },
      layout,
    ),
    '',
    print({ open: `${result} = commet.${method}(`, items: given, close: ')' }, layout),
    `print(${result}.data)`,
  ].join('\n')
}

function argumentsOf(call: GivenCall): readonly Item[] {
  const items = listAlone(call)
  if (items !== undefined) return [{ value: literal(items.value, items.field.type) }]
  return [...call.filters, ...call.sent].map(({ field, value }) => ({
    value: named(`${namesOf(field.wire).python}=`, literal(value, field.type)),
  }))
}

function named(start: string, value: Code): Code {
  return typeof value === 'string' ? start + value : { ...value, open: start + value.open }
}

function literal(value: unknown, type: FieldType): Code {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return numeral(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) {
    const of = type.kind === 'list' ? type.of : anything
    return { open: '[', items: value.map((item) => ({ value: literal(item, of) })), close: ']' }
  }
  if (!isObject(value)) return 'None'
  return { open: '{', items: entries(value, type), close: '}' }
}

/** Objects of the API are dicts with names of the language; below a free-form field the keys are the caller's. */
function entries(value: Readonly<Record<string, unknown>>, type: FieldType): readonly Item[] {
  if (type.kind !== 'model') {
    return Object.entries(value).map(([key, entry]) => ({
      key: `${text(key)}:`,
      value: literal(entry, anything),
    }))
  }
  return givenOf(modelNamed(type.model).fields, value).map(({ field, value: entry }) => ({
    key: `"${namesOf(field.wire).python}":`,
    value: literal(entry, field.type),
  }))
}

function text(value: string): string {
  return quoted(value, {
    quote: '"',
    numbered: (codePoint) => {
      if (codePoint < 0x100) return `\\x${hex(codePoint, 2)}`
      return codePoint < 0x10000 ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`
    },
  })
}
