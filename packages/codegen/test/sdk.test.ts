import { isPublic, type OperationShape, operations } from '@commet/contract'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type SdkType, sdkDescription } from '../src/index.ts'

const description = sdkDescription()
const calls = description.resources.flatMap((resource) => resource.operations)
const models = new Map(description.models.map((model) => [model.name, model]))

function modelsIn(type: SdkType): readonly string[] {
  if (type.kind === 'model') return [type.model]
  if (type.kind === 'list') return modelsIn(type.of)
  return type.kind === 'map' ? modelsIn(type.values) : []
}

test('every operation that a key may do is a call of a resource, and no other is', () => {
  const published = (operations as readonly OperationShape[]).filter(isPublic)
  expect(calls.map(({ id }) => id).sort()).toEqual(published.map(({ id }) => id).sort())
})

test('every model that is named is described', () => {
  const named = [
    ...calls.flatMap(({ answer, body }) => [
      ...modelsIn(answer.type),
      ...(body === undefined ? [] : [body.model]),
    ]),
    ...description.models.flatMap((model) => model.fields.flatMap((field) => modelsIn(field.type))),
  ]
  for (const name of named) expect(models.has(name), name).toBe(true)
})

test('metadata is free-form wherever it stands: its keys belong to the caller', () => {
  const fields = [
    ...description.models.flatMap(({ fields }) => fields),
    ...calls.flatMap(({ query }) => query),
  ]
  const metadata = fields.filter(({ wire }) => wire === 'metadata')
  expect(metadata.length).toBeGreaterThan(3)
  for (const field of metadata) expect(field.type).toMatchObject({ kind: 'map', freeForm: true })
})

test('names that only older clients send are no part of a client library', () => {
  expect(JSON.stringify(description.models)).not.toMatch(/"(billingEmail|website|addressId)"/)
})

test('an update does not repeat in its body who the path names', () => {
  const wires = models.get('UpdateCustomer')?.fields.map(({ wire }) => wire)
  expect(wires).toEqual(['email', 'externalId', 'fullName', 'taxDocument', 'address', 'timezone', 'metadata'])
  const update = calls.find(({ id }) => id === 'customers.update')
  expect(update?.pathParameters[0]).toMatchObject({ wire: 'id', reference: 'customer' })
})

describe('what the libraries have no form for ends the generation, and names the operation', () => {
  const thing = z.strictObject({ id: z.string(), object: z.literal('thing'), livemode: z.boolean() })
  const operation = {
    id: 'things.act',
    method: 'POST',
    path: '/things',
    summary: 'Acts',
    description: 'Acts.',
    scope: 'customers:write',
    data: thing,
    answers: { 200: 'The thing.' },
    errors: [],
  } as const satisfies OperationShape
  // The contract's type allows objects only, which is no reason to lose what else comes.
  const body = (schema: z.ZodType) => schema as z.ZodObject
  const other = z.strictObject({ code: z.string() })

  test.each<[string, Partial<OperationShape>, string]>([
    ['a row or null', { data: thing.nullable(), list: true }, 'a row that is null beside something else'],
    [
      'bodies whose fields differ in type',
      { body: body(z.union([z.strictObject({ a: z.string() }), z.strictObject({ a: z.int() })])) },
      'a field a that is of another type in another shape of the body',
    ],
    [
      'a body that is an object or a text',
      { body: body(z.union([other, z.string()])) },
      'a body that is made with anyOf',
    ],
    ['a body or null', { body: body(thing.nullable()) }, 'a body that is null beside something else'],
    ['a map', { body: body(z.record(z.string(), z.string())) }, 'a body that is of type object, without'],
  ])('%s', (_, changes, shape) => {
    const message = `things.act: the client libraries have no form yet for ${shape}`
    expect(() => sdkDescription([{ ...operation, ...changes }])).toThrow(message)
  })

  test('a body of several shapes has the fields of all, and needs what all of them need', () => {
    const counted = z.strictObject({ kind: z.literal('counted'), customer: z.string(), value: z.int() })
    const metered = z.strictObject({
      kind: z.literal('metered'),
      customer: z.string(),
      tokens: z.int(),
      model: z.string(),
    })
    const union = body(z.discriminatedUnion('kind', [counted, metered]).meta({ id: 'ActThing' }))
    const { models } = sdkDescription([{ ...operation, body: union }])
    const fields = models.find(({ name }) => name === 'ActThing')?.fields ?? []
    expect(fields.map(({ wire, required }) => [wire, required])).toEqual([
      ['kind', true],
      ['customer', true],
      ['value', false],
      ['tokens', false],
      ['model', false],
    ])
    expect(fields[0]?.type).toEqual({ kind: 'string', values: ['counted', 'metered'] })
  })

  test('an object without fields has one', () => {
    expect(() => sdkDescription([{ ...operation, body: z.strictObject({}) }])).not.toThrow()
  })
})

test('null against absent is told for every field', () => {
  const customer = models.get('Customer')?.fields ?? []
  const facts = Object.fromEntries(
    customer.map(({ wire, required, nullable }) => [wire, { required, nullable }]),
  )
  expect(facts).toMatchObject({
    email: { required: true, nullable: false },
    externalId: { required: true, nullable: true },
    address: { required: true, nullable: true },
  })
})
