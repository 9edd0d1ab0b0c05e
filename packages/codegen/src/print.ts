/** JSON as the formatter of this project leaves it: objects over several lines, short lists on one. */

const lineWidth = 110

export function printJson(value: unknown): string {
  return `${print(value, '', 0)}\n`
}

/** `used` is what stands on the line before the value. */
function print(value: unknown, indent: string, used: number): string {
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    const short = oneLine(value)
    if (short !== undefined && used + short.length < lineWidth) return short
    return `[\n${value.map((item) => inner + print(item, inner, inner.length)).join(',\n')}\n${indent}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return '{}'
  const lines = entries.map(([key, item]) => {
    const head = `${inner}${JSON.stringify(key)}: `
    return head + print(item, inner, head.length)
  })
  return `{\n${lines.join(',\n')}\n${indent}}`
}

/** A list without objects in it, on one line. */
function oneLine(list: readonly unknown[]): string | undefined {
  if (list.some((item) => typeof item === 'object' && item !== null && Object.keys(item).length > 0))
    return undefined
  return `[${list.map((item) => JSON.stringify(item)).join(', ')}]`
}
