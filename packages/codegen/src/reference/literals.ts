/** Values as the languages write them that have a form like JSON's. */

export type Notation = {
  readonly object: readonly [open: string, close: string]
  readonly pair: (name: string, value: string) => string
  readonly quote: '"' | "'"
  readonly words: Readonly<Record<'true' | 'false' | 'null', string>>
  /** The name of a field of ours; keys of the caller's own maps stay what they are. */
  readonly name?: (wire: string) => string
  readonly indent: string
}

const widest = 96

/** The value, broken over lines where it would not fit behind `column` characters. */
export function literal(value: unknown, notation: Notation, column: number): string {
  if (Array.isArray(value)) {
    return group(
      value.map((item) => literal(item, notation, column)),
      ['[', ']'],
      { column, indent: notation.indent },
    )
  }
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([name, inner]) =>
      notation.pair((notation.name ?? same)(name), literal(inner, notation, column)),
    )
    return group(pairs, notation.object, { column, indent: notation.indent })
  }
  if (typeof value === 'string') return quoted(value, notation.quote)
  return value === true || value === false || value === null
    ? notation.words[`${value}`]
    : JSON.stringify(value)
}

export function quoted(text: string, quote: '"' | "'" = '"'): string {
  if (quote === '"') return JSON.stringify(text)
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** On one line where it fits, else one part a line, each with a comma behind it. */
export function group(
  parts: readonly string[],
  [open, close]: readonly [open: string, close: string],
  { column, indent }: { readonly column: number; readonly indent: string },
): string {
  const padded = open.endsWith(' ') || parts.length === 0 ? open.trimEnd() : open
  const inner = parts.join(', ')
  const single = parts.length === 0 ? padded + close.trimStart() : `${open}${inner}${close}`
  if (!single.includes('\n') && single.length + column <= widest) return single
  return [open.trimEnd(), ...parts.map((part) => `${indented(part, indent)},`), close.trimStart()].join('\n')
}

export function indented(text: string, by = '    '): string {
  return text
    .split('\n')
    .map((line) => by + line)
    .join('\n')
}

function same(name: string): string {
  return name
}
