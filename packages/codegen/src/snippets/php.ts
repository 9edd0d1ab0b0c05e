import { namesOf } from '../names.ts'
import type { FieldType } from './call.ts'
import { anything, type GivenCall, givenOf, isObject, listAlone, modelNamed, referenceName } from './given.ts'
import { type Code, type Item, type Layout, print } from './layout.ts'
import { hasUnseen, hex, numeral, quoted } from './text.ts'

const layout: Layout = { indent: '    ', width: 80, trailing: true }

/** A call as a script that runs with the package `commet/commet-php`. */
export function php(call: GivenCall): string {
  const { resource, action, baseUrl, named, list } = call
  const result = list ? '$page' : '$result'
  const given = [
    ...named.map(({ wire, value }) => ({ key: `${referenceName(resource, wire)}:`, value: text(value) })),
    ...argumentsOf(call),
  ]
  const options = [
    { key: 'apiKey:', value: "getenv('COMMET_API_KEY') ?: null" },
    { key: 'baseUrl:', value: text(baseUrl) },
  ]
  return [
    '<?php',
    '',
    'declare(strict_types=1);',
    '',
    "require 'vendor/autoload.php';",
    '',
    'use Commet\\Commet;',
    '',
    `${print({ open: '$commet = new Commet(', items: options, close: ')' }, layout)};`,
    '',
    `${print({ open: `${result} = $commet->${resource}->${action}(`, items: given, close: ')' }, layout)};`,
    `print_r(${result}->data);`,
  ].join('\n')
}

function argumentsOf(call: GivenCall): readonly Item[] {
  const items = listAlone(call)
  if (items !== undefined) return [{ value: literal(items.value, items.field.type) }]
  return [...call.filters, ...call.sent].map(({ field, value }) => ({
    key: `${namesOf(field.wire).php}:`,
    value: literal(value, field.type),
  }))
}

function literal(value: unknown, type: FieldType): Code {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return numeral(value)
  if (typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) {
    const of = type.kind === 'list' ? type.of : anything
    return { open: '[', items: value.map((item) => ({ value: literal(item, of) })), close: ']' }
  }
  if (!isObject(value)) return 'null'
  return { open: opening(value, type), items: entries(value, type), close: ']' }
}

/** An array with the keys 0, 1, 2 would be sent as a list, unless the library knows the field to be an object. */
function opening(value: Readonly<Record<string, unknown>>, { kind }: FieldType): string {
  const looksLikeList = Object.keys(value).every((key, index) => key === String(index))
  return kind === 'any' && looksLikeList ? '(object) [' : '['
}

function entries(value: Readonly<Record<string, unknown>>, type: FieldType): readonly Item[] {
  if (type.kind !== 'model') {
    return Object.entries(value).map(([key, entry]) => ({
      key: `${text(key)} =>`,
      value: literal(entry, anything),
    }))
  }
  return givenOf(modelNamed(type.model).fields, value).map(({ field, value: entry }) => ({
    key: `'${field.wire}' =>`,
    value: literal(entry, field.type),
  }))
}

/** In single quotes nothing but the quote and the backslash means anything. */
function text(value: string): string {
  if (!hasUnseen(value)) return `'${value.replaceAll(/[\\']/g, (mark) => `\\${mark}`)}'`
  return quoted(value.toWellFormed(), {
    quote: '"',
    special: '$',
    numbered: (codePoint) => `\\u{${hex(codePoint, 4)}}`,
  })
}
