/**
 * Code as brackets with things in them: on one line where it fits, else one thing a line. Knows no language.
 */

export type Code = string | Group

export type Group = {
  readonly open: string
  readonly items: readonly Item[]
  readonly close: string
  /** Stands inside the brackets on one line, such as a space in `{ a: 1 }`. */
  readonly pad?: string
  /** Stands between the items; nothing for a chain of calls. */
  readonly separator?: string
}

/** `key` is what comes before the value, such as `email:`. */
export type Item = { readonly key?: string; readonly value: Code }

export type Layout = {
  readonly indent: string
  readonly width: number
  /** Whether a comma stands behind the last item of a broken group. */
  readonly trailing: boolean
  /** Whether values that follow each other begin in one column, as gofmt has them. */
  readonly aligned?: true
}

export function print(code: Code, layout: Layout, indent = ''): string {
  const single = flat(code)
  const start = typeof code === 'string' || code.items.length === 0
  if (start || (!single.includes('\n') && indent.length + single.length <= layout.width)) return single
  return broken(code, layout, indent)
}

function flat(code: Code): string {
  if (typeof code === 'string') return code
  const { open, items, close, pad = '', separator = ',' } = code
  if (items.length === 0) return open + close
  const between = separator === '' ? '' : `${separator} `
  return open + pad + items.map(({ key, value }) => keyed(key, flat(value))).join(between) + pad + close
}

function keyed(key: string | undefined, value: string): string {
  return key === undefined ? value : `${key} ${value}`
}

function broken({ open, items, close, separator = ',' }: Group, layout: Layout, indent: string): string {
  const inner = indent + layout.indent
  const printed = items.map(({ key, value }) => ({ key, value: print(value, layout, inner) }))
  const widths = layout.aligned ? columnWidths(printed) : []
  const lines = printed.map(({ key, value }, index) => {
    const last = index === printed.length - 1
    const mark = last && !layout.trailing ? '' : separator
    return inner + keyed(key?.padEnd(widths[index] ?? 0), value) + mark
  })
  const end = separator === '' ? close : `\n${indent}${close}`
  return [open, ...lines].join('\n') + end
}

type Printed = { readonly key: string | undefined; readonly value: string }

/**
 * How wide the keys are made. A value of several lines is not aligned and parts those before it from those after it; so does
 * a key that is much longer or shorter than the ones before it.
 */
function columnWidths(items: readonly Printed[]): readonly number[] {
  const sections: { sizes: number[]; width: number }[] = []
  const sectionOf = items.map(({ key = '', value }, index) => {
    const isAlone = value.includes('\n') || items[index - 1]?.value.includes('\n') === true
    const size = new TextEncoder().encode(key).length - 1
    const current = sections.at(-1)
    const section = current === undefined || isAlone || differs(size, current.sizes) ? undefined : current
    const own = section ?? { sizes: [], width: 0 }
    if (section === undefined) sections.push(own)
    own.sizes.push(size)
    own.width = Math.max(own.width, [...key].length)
    return own
  })
  return items.map(({ value }, index) => (value.includes('\n') ? 0 : (sectionOf[index]?.width ?? 0)))
}

const shortKey = 40
const differsBy = 2.5

/** The rule of gofmt. */
function differs(size: number, before: readonly number[]): boolean {
  if (Math.max(size, before.at(-1) ?? 0) <= shortKey) return false
  const mean = Math.exp(before.reduce((sum, one) => sum + Math.log(one), 0) / before.length)
  return size >= differsBy * mean || mean >= differsBy * size
}
