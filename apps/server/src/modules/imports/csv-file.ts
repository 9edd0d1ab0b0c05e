import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { CsvError, type Options, parse } from 'csv-parse'
import { parse as parseAtOnce } from 'csv-parse/sync'
import { type Cells, withoutGuard } from '../../kernel/csv.ts'
import { type Refusal, refuseFields } from '../../kernel/refusal.ts'

/** Reads a CSV file that somebody made somewhere: says what is wrong with it, and where, instead of guessing. */

/** A row by the number that a spreadsheet shows beside it: the head is row 1. */
export type FileRow = { readonly row: number; readonly cells: Cells }

const maxRows = 100_000
const maxColumns = 200
const maxRowBytes = 1_000_000
const headBytes = 64 * 1024
const sliceBytes = 64 * 1024
const delimiters = [',', ';', '\t']

/** The names of the columns, then the rows that hold anything. Throws a refusal where the file cannot be taken. */
export async function* readCsvFile(bytes: Uint8Array): AsyncGenerator<FileRow> {
  assertText(bytes)
  const delimiter = delimiterOf(bytes)
  const parser = Readable.from(slicesOf(bytes)).pipe(parse(optionsWith(delimiter)))
  let row = 0
  let filled = 0
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row++
      if (row === 1) yield { row, cells: headOf(cells, delimiter) }
      else if (cells.some((cell) => cell !== '')) {
        filled++
        if (filled > maxRows)
          throw refuseFile('holds more than 100,000 rows; split it into several files', 413)
        yield { row, cells: cells.map(withoutGuard) }
      }
    }
  } catch (error) {
    throw error instanceof CsvError ? refuseFile(meaningOf(error)) : error
  }
  if (row === 0) throw refuseFile('is empty; its first row must name the columns')
  if (filled === 0) throw refuseFile('holds the names of columns and no rows')
}

function optionsWith(delimiter: string): Options {
  return {
    delimiter,
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: maxRowBytes,
  }
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.subarray(at, at + sliceBytes)
}

function assertText(bytes: Uint8Array): void {
  if (isUtf8(bytes) && !bytes.includes(0)) return
  const line = lineOfProblem(bytes)
  throw refuseFile(
    `is not text in UTF-8: see line ${line}. Save it as "CSV UTF-8", which spreadsheets offer beside plain CSV`,
  )
}

/** The first line with bytes that are no text. */
function lineOfProblem(bytes: Uint8Array): number {
  for (let line = 1, start = 0; ; line++) {
    const newline = bytes.indexOf(0x0a, start)
    const end = newline === -1 ? bytes.length : newline
    const text = bytes.subarray(start, end)
    if (newline === -1 || !isUtf8(text) || text.includes(0)) return line
    start = newline + 1
  }
}

/** What stands between the cells: whatever makes the most columns of the first row, and a comma where nothing does. */
function delimiterOf(bytes: Uint8Array): string {
  const head = bytes.subarray(0, headBytes)
  const [best] = delimiters
    .map((delimiter) => ({ delimiter, columns: columnsOf(head, delimiter) }))
    .toSorted((a, b) => b.columns - a.columns)
  return best?.delimiter ?? ','
}

function columnsOf(head: Uint8Array, delimiter: string): number {
  try {
    const [first = []] = parseAtOnce(head, { ...optionsWith(delimiter), to: 1 }) as string[][]
    return first.length
  } catch {
    return 0
  }
}

/** The names of the columns. One without a name is called by its place; two of one name could not be told apart. */
function headOf(cells: Cells, delimiter: string): Cells {
  const names = cells.map((cell, place) => withoutGuard(cell).trim() || `Column ${place + 1}`)
  if (names.length > maxColumns) throw refuseFile(`has ${names.length} columns; ${maxColumns} is the most`)
  const [only = ''] = names
  if (names.length === 1 && only.includes('|') && delimiter === ',')
    throw refuseFile('must have commas, semicolons or tabs between its cells')
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined)
    throw refuseFile(`has two columns named ${JSON.stringify(twice)}; rename or remove one of them`)
  return names
}

function meaningOf(error: CsvError): string {
  const line = Number(error.lines ?? 0)
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return `has a quotation mark that is opened and never closed, on line ${line} or before`
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return `has a quotation mark in the middle of a cell on line ${line}; write it twice, in a cell that is in quotation marks as a whole`
    case 'CSV_MAX_RECORD_SIZE':
      return `has a row longer than 1 MB near line ${line}; a quotation mark may not be closed`
    default:
      return `is not CSV: reading stopped on line ${line}`
  }
}

function refuseFile(message: string, status?: number): Refusal {
  return refuseFields([{ field: 'file', message }], status)
}
