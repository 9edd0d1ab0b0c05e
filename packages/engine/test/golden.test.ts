/*
 * Every golden invoice in spec/golden/invoices, decided anew and compared line by line.
 * A second reading checks the arithmetic of the text itself, without the engine.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type GoldenCase, invoiceText, paidText } from './golden.ts'
import { pencilErrors } from './pencil.ts'

const folder = new URL('../../../spec/golden/invoices/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
const cases = files.map((name): [string, GoldenCase] => [
  name,
  JSON.parse(readFileSync(new URL(name, folder), 'utf8')),
])

describe('golden invoices', () => {
  it('are at least thirty', () => {
    expect(files.length).toBeGreaterThanOrEqual(30)
  })

  it.each(cases)('%s is what the engine decides', (_, golden) => {
    expect(invoiceText(golden)).toEqual(golden.invoice)
    expect(paidText(golden)).toBe(golden.pays)
  })

  it.each(cases)('%s adds up by hand', (_, golden) => {
    expect(pencilErrors(golden.invoice)).toEqual([])
  })

  it('the pencil finds a wrong sum', () => {
    expect(pencilErrors(['Pro: 1 × 99.00 = 99.01'])).toHaveLength(1)
    expect(pencilErrors(['books, invoice_issued: receivable +1.00, revenue -0.99'])).toHaveLength(1)
  })
})
