/**
 * Texts as literals. What one does not see is written as an escape in every language: control characters, marks of direction,
 * joiners, lone surrogates. So code that is read is the code that runs.
 */

const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu

/** `escapes` are written as a backslash and their letter; `numbered` writes the others. */
export function quoted(
  text: string,
  {
    quote,
    special = '',
    numbered,
  }: { readonly quote: string; readonly special?: string; readonly numbered: (codePoint: number) => string },
): string {
  const marks = new RegExp(`[\\\\${quote}${special}]`, 'g')
  const inner = text
    .replaceAll(marks, (mark) => `\\${mark}`)
    .replaceAll(unseen, (mark) => named[mark] ?? numbered(mark.codePointAt(0) ?? 0))
  return quote + inner + quote
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

export function hasUnseen(text: string): boolean {
  return text.search(unseen) !== -1
}

export function hex(codePoint: number, digits: number): string {
  return codePoint.toString(16).padStart(digits, '0')
}

/** `\u1234`, and two of them beyond the first plane. */
export function utf16Escape(codePoint: number): string {
  return String.fromCodePoint(codePoint)
    .split('')
    .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
    .join('')
}

/** Whole numbers that every language keeps exactly; others are written with an exponent, which no language takes for one. */
export function numeral(value: number): string {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return value.toExponential()
  return JSON.stringify(value)
}
