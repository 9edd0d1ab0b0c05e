import {
  commonErrors,
  defaultVersion,
  errors,
  folds,
  isPublic,
  isWrite,
  type OperationShape,
  operations,
  versions,
  writeErrors,
} from '@commet/contract'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { openApiDocument } from '../src/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests look into the document wherever they like.
type Any = any

const dates = versions.map(({ date }) => date)
const all = (operations as readonly OperationShape[]).filter(isPublic)

function operationIn(document: Any, operation: OperationShape): Any {
  return document.paths[`/api/v1${operation.path}`][operation.method.toLowerCase()]
}

/** A reference followed to what it names. */
function at(document: Any, value: Any): Any {
  if (value?.$ref === undefined) return value
  return value.$ref
    .slice(2)
    .split('/')
    .reduce((inner: Any, name: string) => inner[name], document)
}

describe.each(dates)('the document of %s', (version) => {
  const document: Any = openApiDocument({ version, serverUrl: 'https://billing.example.com' })

  test('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document))
    expect(result).toMatchObject({ valid: true })
    expect(document.openapi).toBe('3.1.0')
  })

  test('every reference leads somewhere and nothing internal is left', () => {
    const text = JSON.stringify(document)
    for (const [, name] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
      expect(at(document, { $ref: name }), name).toBeDefined()
    }
    expect(text).not.toContain('#/$defs/')
    expect(text).not.toContain('"x-component"')
  })

  test('every operation is in it, under its own method and its aliases', () => {
    for (const operation of all) {
      const described = operationIn(document, operation)
      expect(described.operationId).toBe(operation.id)
      expect(Object.keys(described.responses)).toEqual(expect.arrayContaining(Object.keys(operation.answers)))
      for (const alias of operation.aliases ?? []) {
        const path = document.paths[`/api/v1${operation.path}`]
        expect(path[alias.toLowerCase()]['x-alias-of']).toBe(operation.id)
      }
    }
    expect(Object.keys(document.paths).every((path) => path.startsWith('/api/v1/'))).toBe(true)
  })

  test('every operation declares each error it can answer with, with an example', () => {
    for (const operation of all) {
      const { responses } = operationIn(document, operation)
      const possible = [...commonErrors, ...(isWrite(operation) ? writeErrors : []), ...operation.errors]
      for (const code of new Set(possible)) {
        if (code === 'invalid_json' && operation.body === undefined) continue
        const answer = at(document, responses[errors[code].status])
        expect(answer.content['application/json'].examples[code], `${operation.id} ${code}`).toBeDefined()
      }
    }
    expect(Object.keys(document['x-errors'])).toEqual(Object.keys(errors))
  })

  test('answers allow no field that is not declared', () => {
    for (const operation of all) {
      for (const status of Object.keys(operation.answers)) {
        const { schema } = operationIn(document, operation).responses[status].content['application/json']
        expect(at(document, schema).additionalProperties).toBe(false)
      }
    }
  })

  test('its requests name its version and no other', () => {
    for (const operation of all) {
      const { parameters } = operationIn(document, operation)
      const named = parameters.find(({ name }: Any) => name === 'commet-version')
      expect(named).toMatchObject({ required: version !== defaultVersion, schema: { const: version } })
    }
  })
})

const example = {
  id: 'cus_1',
  externalId: null,
  fullName: null,
  email: 'billing@example.com',
  taxDocument: null,
  documentType: null,
  timezone: 'UTC',
  address: null,
  metadata: {},
  createdAt: '2026-07-11T09:30:00.000Z',
  updatedAt: '2026-07-11T09:30:00.000Z',
  object: 'customer',
  livemode: false,
}

test.each(dates)(
  'a customer lowered to %s has just the fields that the document of it declares',
  (version) => {
    const document: Any = openApiDocument({ version })
    const lowered = folds.get(version)?.down('customers.get', example, { organizationId: 'org_1' }) as Any
    const { schema } =
      document.paths['/api/v1/customers/{id}'].get.responses['200'].content['application/json']
    const wrapped = version < '2026-07-24'
    const customer = at(document, wrapped ? schema.properties.data : schema)
    expect(Object.keys(customer.properties).sort()).toEqual(
      Object.keys(wrapped ? lowered.data : lowered).sort(),
    )
  },
)

test('up to the default version the e-mail address may be sent as billingEmail, later it may not', () => {
  const body = (version: string): Any =>
    (openApiDocument({ version }) as Any).components.schemas.CreateCustomer
  expect(body('2026-07-11').oneOf).toEqual([{ required: ['email'] }, { required: ['billingEmail'] }])
  expect(body('2026-07-24').properties).not.toHaveProperty('billingEmail')
  expect(body('2026-07-24').required).toEqual(['email'])
})

test('a version that does not exist has no document', () => {
  expect(() => openApiDocument({ version: '2020-01-01' })).toThrow('2020-01-01 is not a version of the API')
})
