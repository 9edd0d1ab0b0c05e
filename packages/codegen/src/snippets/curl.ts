import { calls } from './calls.ts'
import type { GivenCall } from './given.ts'
import { utf16Escape } from './text.ts'

/** A call as a curl of a POSIX shell. */
export function curl(call: GivenCall): string {
  const { method, sent, body } = call
  const json = Object.fromEntries(sent.map(({ field, value }) => [field.wire, value]))
  return [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${shellText(addressOf(call))}`,
    '-H "x-api-key: $COMMET_API_KEY"',
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d ${shellText(jsonText(json))}`]),
  ].join(' \\\n  ')
}

function addressOf({ baseUrl, path, named, filters }: GivenCall): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encoded(named.find(({ wire }) => wire === name)?.value ?? ''),
  )
  const query = filters.flatMap(({ field, value }) => pairs(field.wire, value))
  return `${baseUrl}${calls.basePath}${filled}${query.length === 0 ? '' : `?${query.join('&')}`}`
}

function pairs(name: string, value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${encoded(name)}=${encoded(String(value))}`]
  return Object.entries(value).flatMap(([key, entry]) => pairs(`${name}[${key}]`, entry))
}

/** Brackets and braces too, in which curl sees patterns. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /['()*!]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** JSON has line breaks between its parts only, and an escape for what one does not see. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .toWellFormed()
    .replaceAll(/[^\n\P{C}]|[\p{Zl}\p{Zp}]/gu, (mark) => utf16Escape(mark.codePointAt(0) ?? 0))
}

function shellText(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
