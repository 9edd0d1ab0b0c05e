import { readFileSync } from 'node:fs'
import path from 'node:path'

/** The statements of floor.sql by the name of their part. */
export function floorParts(): Readonly<Record<string, string>> {
  const text = readFileSync(path.join(import.meta.dirname, 'floor.sql'), 'utf8')
  const parts = text.split(/^-- part: (\w+)\n/m).slice(1)
  const pairs = parts.flatMap((name, index) =>
    index % 2 === 0 ? [[name, (parts[index + 1] ?? '').trim()] as const] : [],
  )
  return Object.fromEntries(pairs)
}

/** The LIKE pattern of a search term, as the server makes it: the start of a word below three characters. */
export function patternOf(term: string): string {
  return term.length < 3 ? `%\n${term}%` : `%${term.replaceAll(/[\\%_]/g, '\\$&')}%`
}
