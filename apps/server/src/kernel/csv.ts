/**
 * Cells of CSV files, as RFC 4180 has them, that go through a spreadsheet and come back as they were.
 *
 * A spreadsheet takes a cell that begins with one of a few characters for a formula, and a formula in a customer's name
 * runs on the machine of whoever opens the file. Such a cell gets an apostrophe in front, which spreadsheets take for
 * "this is text"; reading takes it away. A cell that has apostrophes and then such a character gets one more, so that
 * every text comes back exactly.
 */

export type Cells = readonly string[]

/** Says that the file is UTF-8 to the spreadsheets that would not ask. */
export const byteOrderMark = '\uFEFF'

const startsFormula = /^'*[=+\-@\t\r\n＝＋－＠]/
const isGuarded = /^'+[=+\-@\t\r\n＝＋－＠]/
const needsQuotes = /[",;\t\r\n]|^\s|\s$/

/** One line of a file, with its end. */
export function csvLine(cells: Cells): string {
  return `${cells.map(written).join(',')}\r\n`
}

function written(cell: string): string {
  const guarded = startsFormula.test(cell) ? `'${cell}` : cell
  return needsQuotes.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

/** A cell as it was before it was guarded. */
export function withoutGuard(cell: string): string {
  return isGuarded.test(cell) ? cell.slice(1) : cell
}
