import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { byteOrderMark, csvLine } from '../kernel/csv.ts'
import type { Download } from '../kernel/download.ts'

/**
 * Sends a CSV file while it is read, no faster than the client takes it. A file that cannot be finished is broken off: the
 * connection is reset, so that neither a browser nor a proxy takes what came for the whole.
 */

export function csvHeaders({ fileName }: Download): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
}

/** The text of a file: the names of the columns with the first page, then a page at a time. */
export async function* csvParts({ columns, pages }: Download): AsyncGenerator<string> {
  let head = byteOrderMark + csvLine(columns)
  for await (const page of pages) {
    yield head + page.map(csvLine).join('')
    head = ''
  }
  if (head !== '') yield head
}

/** Reads the first part, so that what fails at once is answered as an error and not as a broken file. */
export async function begun(parts: AsyncGenerator<string>): Promise<AsyncIterable<string>> {
  const first = await parts.next()
  return (async function* () {
    try {
      if (first.done !== true) yield first.value
      yield* parts
    } finally {
      await parts.return(undefined)
    }
  })()
}

/** Resolves when the file was sent or the client has left; rejects when it could not be read to its end. */
export async function sendParts(response: ServerResponse, parts: AsyncIterable<string>): Promise<void> {
  try {
    for await (const part of parts) {
      if (response.destroyed) return
      if (!response.write(part)) await drained(response)
    }
    response.end()
  } catch (error) {
    response.socket?.resetAndDestroy()
    throw error
  }
}

/** Waits until the client has taken what was written, or has left. */
async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController()
  const either = ['drain', 'close'].map((event) => once(response, event, { signal: over.signal }))
  await Promise.race(either).finally(() => over.abort())
  await Promise.allSettled(either)
}
