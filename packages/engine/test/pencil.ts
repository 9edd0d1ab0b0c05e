/*
 * Checks the arithmetic of a golden invoice the way a person would: line by line, from the text alone.
 * Knows nothing of the engine, so that the two can disagree.
 */

/** A fraction of whole numbers; exact. */
type Exact = { readonly over: bigint; readonly under: bigint }

/** What is wrong with the sums of an invoice; empty where every line is right. */
export function pencilErrors(lines: readonly string[]): readonly string[] {
  const base = lines.find((line) => line.includes(' × '))
  return lines
    .filter((line) => line.includes(' = ') && !isRight(line, amountAfter(base ?? '')))
    .concat(lines.filter((line) => line.startsWith('books, ') && !isBalanced(line)))
    .concat(isSummed(lines) ? [] : ['the lines do not add up to what is taxed'])
}

function isRight(line: string, base: string): boolean {
  const expression = line.slice(line.indexOf(': ') + 2, line.lastIndexOf(' = '))
  const shown = amountAfter(line)
  return rounded(evaluate(expression, base), placesOf(shown)) === digitsOf(shown)
}

function amountAfter(line: string): string {
  return line.slice(line.lastIndexOf(' = ') + 3)
}

function evaluate(expression: string, base: string): Exact {
  const percentOff = expression.match(/^(.+) % off the base$/)
  if (percentOff?.[1] !== undefined) return negative(percent(percentOff[1], base))
  const off = expression.match(/^(.+) off the base$/)
  if (off?.[1] !== undefined) return negative(lesser(number(off[1]), number(base)))
  const instead = expression.match(/^the base for (.+)$/)
  if (instead?.[1] !== undefined) return plus(number(instead[1]), negative(number(base)))
  const share = expression.match(/^(.+) % of (.+)$/)
  if (share?.[1] !== undefined && share[2] !== undefined) return percent(share[1], share[2])
  return sumOf(expression)
}

function sumOf(expression: string): Exact {
  const words = expression.replaceAll(' - ', ' + minus ').split(' + ')
  return words
    .map((word) => (word.startsWith('minus ') ? negative(product(word.slice(6))) : product(word)))
    .reduce(plus)
}

function product(expression: string): Exact {
  const [first = '0', ...rest] = expression.split(' ')
  let value = number(first)
  for (let index = 0; index < rest.length; index += 2) {
    const next = number(rest[index + 1] ?? '1')
    value = rest[index] === '/' ? times(value, { over: next.under, under: next.over }) : times(value, next)
  }
  return value
}

function isBalanced(line: string): boolean {
  const amounts = line
    .slice(line.indexOf(': ') + 2)
    .split(', ')
    .map((posting) => posting.split(' ')[1] ?? '0')
  return amounts.map((amount) => number(amount.replace('+', ''))).reduce(plus).over === 0n
}

/** Whether the lines before the totals add up to subtotal less discount. */
function isSummed(lines: readonly string[]): boolean {
  const end = lines.findIndex((line) => line.startsWith('taxable: '))
  if (end < 0) return true
  const ofLines = lines
    .slice(0, end)
    .filter((line) => line.includes(' = '))
    .map((line) => number(amountAfter(line)))
  const [subtotal = '0', discount = '0'] = (lines[end] ?? '').slice('taxable: '.length).split(' - ')
  const expected = plus(number(subtotal), negative(number(discount)))
  return plus(ofLines.reduce(plus), negative(expected)).over === 0n
}

function percent(part: string, whole: string): Exact {
  return times(times(number(part), number(whole)), { over: 1n, under: 100n })
}

function number(text: string): Exact {
  return { over: digitsOf(text), under: 10n ** BigInt(placesOf(text)) }
}

function placesOf(text: string): number {
  return text.split('.')[1]?.length ?? 0
}

function digitsOf(text: string): bigint {
  return BigInt(text.replace('.', ''))
}

function plus(left: Exact, right: Exact): Exact {
  return { over: left.over * right.under + right.over * left.under, under: left.under * right.under }
}

function times(left: Exact, right: Exact): Exact {
  return { over: left.over * right.over, under: left.under * right.under }
}

function negative(value: Exact): Exact {
  return { over: -value.over, under: value.under }
}

function lesser(left: Exact, right: Exact): Exact {
  return left.over * right.under < right.over * left.under ? left : right
}

/** To a number of places, a half away from zero. */
function rounded(value: Exact, places: number): bigint {
  const over = value.over * 10n ** BigInt(places)
  const size = over < 0n ? -over : over
  const whole = size / value.under + (2n * (size % value.under) >= value.under ? 1n : 0n)
  return over < 0n ? -whole : whole
}
