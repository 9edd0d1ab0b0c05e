import { namesOf } from '../names.ts'
import type { FieldType } from './call.ts'
import { type Given, type GivenCall, givenOf, isObject, listAlone, modelNamed } from './given.ts'
import { type Code, type Item, type Layout, print } from './layout.ts'
import { hex, numeral, quoted } from './text.ts'

const layout: Layout = { indent: '\t', width: 100, trailing: true, aligned: true }

/** A call as a program that runs with the module `commet-go`. */
export function go(call: GivenCall): string {
  const { resource, action, baseUrl, named, list } = call
  const result = list ? 'page' : 'result'
  const given = ['context.Background()', ...named.map(({ value }) => text(value))]
  const method = `client.${goName(resource)}.${goName(action)}`
  const statements = [
    `client, err := commet.New(os.Getenv("COMMET_API_KEY"), commet.WithBaseURL(${text(baseUrl)}))`,
    stopOnError,
    `${result}, err := ${print(invocation(`${method}(${given.join(', ')}`, call), layout, '\t')}`,
    stopOnError,
    `fmt.Printf("%+v\\n", ${result}.Data)`,
  ]
  const body = statements.map((statement) => `\t${statement}`).join('\n')
  return `package main\n\n${imports(body)}\n\nfunc main() {\n${body}\n}`
}

const stopOnError = 'if err != nil {\n\t\tlog.Fatal(err)\n\t}'

function imports(body: string): string {
  const standard = ['context', 'fmt', 'log', 'os', ...(body.includes('time.Date(') ? ['time'] : [])]
  const lines = [...standard.map((name) => `\t"${name}"`), '', '\t"github.com/commet-labs/commet-go"']
  return `import (\n${lines.join('\n')}\n)`
}

function invocation(start: string, call: GivenCall): Code {
  const { resource, action, body, query, filters, sent } = call
  const items = listAlone(call)
  if (items !== undefined) {
    const list = literal(items.value, items.field.type)
    return typeof list === 'string' ? list : { ...list, open: `${start}, ${list.open}`, close: '}, "")' }
  }
  if (body !== undefined) return params(`${start}, &commet.${goName(body)}Params{`, structItems(sent))
  if (query.length === 0) return `${start})`
  if (filters.length === 0) return `${start}, nil)`
  const name = `${goName(action)}${goName(resource)}Params`
  return params(`${start}, &commet.${name}{`, filters.map(filterItem))
}

function params(open: string, items: readonly Item[]): Code {
  return { open, items, close: '})' }
}

/** The fields of a struct that is sent; those that are null are named in a list of their own. */
function structItems(given: readonly Given[]): readonly Item[] {
  const cleared = given.filter(({ value }) => value === null).map(({ field }) => goName(field.wire))
  const set = given
    .filter(({ value }) => value !== null)
    .map(({ field, value }) => ({
      key: `${goName(field.wire)}:`,
      value: fieldValue(value, field.type, field.required === true),
    }))
  if (cleared.length === 0) return set
  const names = cleared.map((name) => ({ value: text(name) }))
  return [...set, { key: 'NullFields:', value: { open: '[]string{', items: names, close: '}' } }]
}

/** Where 0, false or an object may be left out the library has a pointer. */
function fieldValue(value: unknown, type: FieldType, required: boolean): Code {
  const code = literal(value, type)
  if (required) return code
  if (type.kind === 'model' && typeof code !== 'string') return { ...code, open: `&${code.open}` }
  const pointer = pointers[type.kind]
  return pointer === undefined || typeof code !== 'string' ? code : `commet.${pointer}(${code})`
}

const pointers: Readonly<Record<string, string>> = { integer: 'Int64', number: 'Float64', boolean: 'Bool' }

function filterItem({ field, value }: Given): Item {
  const { type } = field
  const key = `${goName(field.wire)}:`
  if (type.kind === 'map')
    return { key, value: mapOf('map[string]string{', value, (entry) => text(String(entry))) }
  const code = literal(value, type)
  const pointer = type.kind === 'integer' ? undefined : pointers[type.kind]
  return { key, value: pointer === undefined ? code : `commet.${pointer}(${print(code, layout)})` }
}

function literal(value: unknown, type: FieldType): Code {
  if (type.kind === 'string' && type.format === 'date-time') return instant(String(value))
  if (type.kind === 'model' && isObject(value)) return struct(value, type.model)
  if (type.kind === 'list' && Array.isArray(value)) return listOf(value, type.of)
  return free(value)
}

function struct(value: Readonly<Record<string, unknown>>, model: string): Code {
  const { fields } = modelNamed(model)
  return { open: `${typeName(model)}{`, items: structItems(givenOf(fields, value)), close: '}' }
}

/** The type of the items is said once, in front of the list. */
function listOf(values: readonly unknown[], of: FieldType): Code {
  const items = values.map((item) => {
    const code = literal(item, of)
    const isStruct = of.kind === 'model' && typeof code !== 'string'
    return { value: isStruct ? { ...code, open: '{' } : code }
  })
  return { open: `[]${bareType(of)}{`, items, close: '}' }
}

function bareType(type: FieldType): string {
  switch (type.kind) {
    case 'string':
      return type.format === 'date-time' ? 'time.Time' : 'string'
    case 'integer':
      return 'int64'
    case 'number':
      return 'float64'
    case 'boolean':
      return 'bool'
    case 'list':
      return `[]${bareType(type.of)}`
    case 'map':
      return 'map[string]any'
    case 'model':
      return typeName(type.model)
    case 'any':
      return 'any'
  }
}

/** What is only sent is named so; what is answered as well has one type for both. */
function typeName(model: string): string {
  return `commet.${goName(model)}${modelNamed(model).answered ? '' : 'Params'}`
}

function free(value: unknown): Code {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return number(value)
  if (typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) {
    return { open: '[]any{', items: value.map((item) => ({ value: free(item) })), close: '}' }
  }
  return isObject(value) ? mapOf('map[string]any{', value, free) : 'nil'
}

function mapOf(open: string, value: unknown, codeOf: (entry: unknown) => Code): Code {
  const entries = isObject(value) ? Object.entries(value) : []
  return {
    open,
    items: entries.map(([key, entry]) => ({ key: `${text(key)}:`, value: codeOf(entry) })),
    close: '}',
  }
}

/** An int has 32 bits on some machines. */
function number(value: number): string {
  const isLong = Number.isSafeInteger(value) && Math.abs(value) > 0x7fffffff
  return isLong ? `int64(${numeral(value)})` : numeral(value)
}

function instant(value: string): string {
  const at = new Date(value)
  const parts = [
    at.getUTCFullYear(),
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
    at.getUTCMilliseconds() * 1_000_000,
    'time.UTC',
  ]
  return `time.Date(${parts.join(', ')})`
}

function goName(wire: string): string {
  return namesOf(wire).go
}

function text(value: string): string {
  return quoted(value.toWellFormed(), {
    quote: '"',
    numbered: (codePoint) => {
      if (codePoint < 0x80) return `\\x${hex(codePoint, 2)}`
      return codePoint < 0x10000 ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`
    },
  })
}
