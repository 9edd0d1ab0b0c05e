import { expect, test } from 'vitest'
import { namesOf, singular, titleOf } from '../src/names.ts'
import { variableName } from '../src/targets/go.ts'

test('a wire name is written as each language writes names', () => {
  expect(namesOf('externalId')).toEqual({
    typescript: 'externalId',
    python: 'external_id',
    go: 'ExternalID',
    java: 'externalId',
    php: 'externalId',
  })
})

test('initialisms stay capital in Go and in titles', () => {
  expect(namesOf('apiKeys').go).toBe('APIKeys')
  expect(namesOf('invoiceIds').go).toBe('InvoiceIDs')
  expect(namesOf('pdfUrl').go).toBe('PDFURL')
  expect(namesOf('status').go).toBe('Status')
  expect(titleOf('apiKeys')).toBe('API keys')
})

test('a parameter of Go begins with a small word, be it an initialism or not', () => {
  const inGo = (wire: string) => variableName({ wire, names: namesOf(wire) })
  expect(['apiKeyId', 'pdfUrl', 'planIds', 'ids'].map(inGo)).toEqual(['apiKeyID', 'pdfURL', 'planIDs', 'ids'])
})

test('a word that Python keeps for itself is not used bare', () => {
  expect(namesOf('from').python).toBe('from_')
})

test('a list names its items', () => {
  expect(['customers', 'entries', 'address'].map(singular)).toEqual(['customer', 'entry', 'address'])
})
