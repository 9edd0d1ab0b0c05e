import { isPublic, type OperationShape, operations } from '@commet/contract'
import { expect, test } from 'vitest'
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
