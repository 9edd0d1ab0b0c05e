import { namesOf, pascal } from '../names.ts'
import type { FieldType } from './call.ts'
import { type Given, type GivenCall, givenOf, isObject, modelNamed } from './given.ts'
import { type Code, type Item, type Layout, print } from './layout.ts'
import { numeral, quoted, utf16Escape } from './text.ts'

const layout: Layout = { indent: '    ', width: 100, trailing: false }
const indent = '    '

/** A call as a program that runs with the library `commet-java`. */
export function java(call: GivenCall): string {
  const writer = newWriter()
  const { resource, action, baseUrl, named, list } = call
  const result = list ? 'page' : 'result'
  const params = paramsOf(call, writer)
  const ids = named.map(({ value }) => text(value))
  const method = `var ${result} = commet.${resource}().${action}(`
  const statements = [
    `${print(client(baseUrl), layout, indent)};`,
    ...writer.statements,
    `${print(invocation(method, ids, params), layout, indent)};`,
    `System.out.println(${result}.getData());`,
  ]
  const body = statements.map((statement) => indent + statement).join('\n')
  return [
    ...imports(body),
    '',
    'public class Example {',
    '  public static void main(String[] args) {',
    body,
    '  }',
    '}',
  ].join('\n')
}

function client(baseUrl: string): Code {
  const items = [
    { value: '.apiKey(System.getenv("COMMET_API_KEY"))' },
    { value: `.baseUrl(${text(baseUrl)})` },
    { value: '.build()' },
  ]
  return { open: 'Commet commet = Commet.builder()', items, close: '', separator: '' }
}

/** What a snippet needs before the call: maps that hold a null, which `Map.of` does not take. */
type Writer = { readonly statements: string[]; maps: number }

function newWriter(): Writer {
  return { statements: [], maps: 0 }
}

function imports(body: string): readonly string[] {
  const code = body.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  const own = [...code.matchAll(/\b([A-Z]\w*)\.builder\(\)/g)].map(([, name]) => `co.commet.${name}`)
  const library = ['Arrays', 'LinkedHashMap', 'List', 'Map']
    .filter((name) => new RegExp(`\\b${name}\\b`).test(code))
    .map((name) => `java.util.${name}`)
  return [...new Set([...own.sort(), ...library])].map((name) => `import ${name};`)
}

function paramsOf(call: GivenCall, writer: Writer): Code | undefined {
  const { resource, action, body, filters, sent } = call
  if (body !== undefined) return chain(`${body}Params`, sent, writer)
  if (filters.length === 0) return undefined
  return chain(`${pascal(action)}${pascal(resource)}Params`, filters, writer)
}

function invocation(start: string, ids: readonly string[], params: Code | undefined): Code {
  if (params === undefined || typeof params === 'string') return `${start}${ids.join(', ')})`
  return { ...params, open: `${start}${[...ids, params.open].join(', ')}`, close: ')' }
}

/** A builder with a call for each field, the last of which builds. */
function chain(type: string, given: readonly Given[], writer: Writer): Code {
  const items = given.map(({ field, value }) => setter(field.wire, field.type, value, writer))
  return { open: `${type}.builder()`, items: [...items, { value: '.build()' }], close: '', separator: '' }
}

function setter(wire: string, type: FieldType, value: unknown, writer: Writer): Item {
  const isPrimitive = type.kind === 'integer' || type.kind === 'number' || type.kind === 'boolean'
  if (value === null && isPrimitive) return { value: `.clear${pascal(wire)}()` }
  const code = literal(value, type, writer)
  const open = `.${member(wire)}(`
  if (typeof code === 'string') return { value: `${open}${code})` }
  return { value: { ...code, open: open + code.open, close: `${code.close})` } }
}

function literal(value: unknown, type: FieldType, writer: Writer): Code {
  if (type.kind === 'model' && isObject(value)) {
    const { fields, answered } = modelNamed(type.model)
    return chain(answered ? type.model : `${type.model}Params`, givenOf(fields, value), writer)
  }
  if (type.kind === 'list' && Array.isArray(value)) {
    return {
      open: 'List.of(',
      items: value.map((item) => ({ value: literal(item, type.of, writer) })),
      close: ')',
    }
  }
  if (type.kind === 'integer' && typeof value === 'number') return whole(value)
  return free(value, writer)
}

function free(value: unknown, writer: Writer): Code {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return whole(value)
  if (typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return listOf(value, writer)
  return isObject(value) ? mapOf(value, writer) : 'null'
}

function listOf(values: readonly unknown[], writer: Writer): Code {
  const items = values.map((item) => ({ value: free(item, writer) }))
  if (!values.includes(null)) return { open: 'List.of(', items, close: ')' }
  // One null alone would be taken for the whole array.
  const safe = values.length === 1 ? [{ value: '(Object) null' }] : items
  return { open: 'Arrays.asList(', items: safe, close: ')' }
}

const mostPairs = 10

function mapOf(value: Readonly<Record<string, unknown>>, writer: Writer): Code {
  const entries = Object.entries(value)
  if (entries.some(([, entry]) => entry === null)) return mapWithNulls(entries, writer)
  if (entries.length <= mostPairs) {
    const items = entries.map(([key, entry]) => ({
      value: joined(`${text(key)}, `, free(entry, writer), ''),
    }))
    return { open: 'Map.of(', items, close: ')' }
  }
  const items = entries.map(([key, entry]) => ({
    value: joined(`Map.entry(${text(key)}, `, free(entry, writer), ')'),
  }))
  return { open: 'Map.ofEntries(', items, close: ')' }
}

function mapWithNulls(entries: readonly (readonly [string, unknown])[], writer: Writer): Code {
  writer.maps += 1
  const name = writer.maps === 1 ? 'map' : `map${writer.maps}`
  // What lies inside is declared before.
  const values = entries.map(([key, entry]) =>
    joined(`${name}.put(${text(key)}, `, free(entry, writer), ');'),
  )
  writer.statements.push(
    `var ${name} = new LinkedHashMap<String, Object>();`,
    ...values.map((code) => print(code, layout, indent)),
  )
  return name
}

function joined(start: string, code: Code, end: string): Code {
  if (typeof code === 'string') return start + code + end
  return { ...code, open: start + code.open, close: code.close + end }
}

function whole(value: number): string {
  const isLong = Number.isSafeInteger(value) && Math.abs(value) > 0x7fffffff
  return isLong ? `${numeral(value)}L` : numeral(value)
}

const keywords: ReadonlySet<string> = new Set(
  'abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for goto if implements import instanceof int interface long native new package private protected public return short static strictfp super switch synchronized this throw throws transient try void volatile while true false null'.split(
    ' ',
  ),
)

function member(wire: string): string {
  const { java: name } = namesOf(wire)
  return keywords.has(name) ? `${name}_` : name
}

/** An escape by number would become a line break or a quote before the text is read; those below a space are octal. */
function text(value: string): string {
  return quoted(value, {
    quote: '"',
    numbered: (codePoint) =>
      codePoint < 0x20 ? `\\${codePoint.toString(8).padStart(3, '0')}` : utf16Escape(codePoint),
  })
}
