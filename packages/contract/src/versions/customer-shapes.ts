import type { JsonObject } from './version.ts'

/** Where customers stand in the answers of each operation, in the wrapped shape of 2026-07-11 and before. */

type Change = (customer: JsonObject) => JsonObject

/** Applies a change to every customer in a wrapped answer. */
export function lowerCustomers(operationId: string, body: JsonObject, change: Change): JsonObject {
  switch (operationId) {
    case 'customers.create':
    case 'customers.get':
    case 'customers.update':
      return { ...body, data: change(body.data as JsonObject) }
    case 'customers.list':
      return { ...body, data: (body.data as readonly JsonObject[]).map(change) }
    case 'customers.createBatch': {
      const batch = body.data as JsonObject
      return {
        ...body,
        data: { ...batch, successful: (batch.successful as readonly JsonObject[]).map(change) },
      }
    }
    default:
      return body
  }
}

/** Applies a change to the properties of every customer schema in the schema of a wrapped answer. */
export function lowerCustomerSchemas(operationId: string, schema: JsonObject, change: Change): JsonObject {
  const data = () => (schema.properties as JsonObject).data as JsonObject
  const withData = (lowered: JsonObject) => ({
    ...schema,
    properties: { ...(schema.properties as JsonObject), data: lowered },
  })
  switch (operationId) {
    case 'customers.create':
    case 'customers.get':
    case 'customers.update':
      return withData(lowerProperties(data(), change))
    case 'customers.list':
      return withData(lowerItems(data(), change))
    case 'customers.createBatch': {
      const properties = data().properties as JsonObject
      const successful = lowerItems(properties.successful as JsonObject, change)
      return withData({ ...data(), properties: { ...properties, successful } })
    }
    default:
      return schema
  }
}

function lowerItems(list: JsonObject, change: Change): JsonObject {
  return { ...list, items: lowerProperties(list.items as JsonObject, change) }
}

function lowerProperties(object: JsonObject, change: Change): JsonObject {
  const properties = change(object.properties as JsonObject)
  return { ...object, properties, required: Object.keys(properties) }
}
