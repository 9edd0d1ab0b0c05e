import { rememberSent } from './as-sent.ts'
import type { JsonObject, RawRequest, Version } from './version.ts'

/** Answers are the resource itself; before, they were wrapped in success and data. */
export const version20260724: Version = {
  date: '2026-07-24',
  notes: [
    'Resources are answered bare, lists as {object: "list"}.',
    'Updates are PATCH (PUT stays an alias).',
    'billingEmail is no longer accepted in place of email.',
    'A batch answers object customer_batch.',
  ],
  up: (operationId, request) => liftCustomers(operationId, request),
  down: (operationId, body) => wrap(retag(operationId, body)),
  downSchema: (operationId, schema) => wrapSchema(retagSchema(operationId, schema)),
  downBodySchema: (operationId, schema) => lowerBodySchema(operationId, schema),
  downQuerySchema: (operationId, schema) => lowerQuerySchema(operationId, schema),
}

function wrap(body: JsonObject): JsonObject {
  if (body.object !== 'list') return { success: true, data: body }
  const { object: _, ...page } = body
  return { success: true, ...page }
}

function wrapSchema(schema: JsonObject): JsonObject {
  // What may be null has no properties of its own.
  const properties = (schema.properties ?? {}) as JsonObject
  if ((properties.object as JsonObject | undefined)?.const !== 'list') {
    return {
      type: 'object',
      properties: { success: { const: true }, data: schema },
      required: ['success', 'data'],
      additionalProperties: false,
    }
  }
  const { object: _, ...page } = properties
  return {
    ...schema,
    properties: { success: { const: true }, ...page },
    required: ['success', 'data', 'hasMore'],
  }
}

function retag(operationId: string, body: JsonObject): JsonObject {
  return operationId === 'customers.createBatch' ? { ...body, object: 'customer' } : body
}

function retagSchema(operationId: string, schema: JsonObject): JsonObject {
  if (operationId !== 'customers.createBatch') return schema
  const properties = schema.properties as JsonObject
  return { ...schema, properties: { ...properties, object: { const: 'customer' } } }
}

function liftCustomers(operationId: string, request: RawRequest): RawRequest {
  switch (operationId) {
    case 'customers.create':
    case 'customers.update':
      return request.body === undefined ? request : { ...request, body: liftCustomer(request.body) }
    case 'customers.createBatch':
      return request.body === undefined ? request : { ...request, body: liftBatch(request.body) }
    case 'customers.list':
      return { ...request, query: liftQuery(request.query) }
    default:
      return request
  }
}

/** Takes billingEmail for email. */
function liftCustomer(body: JsonObject): JsonObject {
  if (!('billingEmail' in body) || 'email' in body) return body
  const { billingEmail, ...rest } = body
  return { ...rest, email: billingEmail }
}

function liftBatch(body: JsonObject): JsonObject {
  if (!Array.isArray(body.customers)) return body
  return {
    ...body,
    customers: body.customers.map((item) => (isObject(item) ? rememberSent(liftCustomer(item), item) : item)),
  }
}

/** Older clients filtered by customerId, meaning the user ID, and sent an isActive flag that selects nothing today. */
function liftQuery(query: JsonObject): JsonObject {
  const { customerId, isActive: _, ...rest } = query
  return customerId === undefined || rest.externalId !== undefined
    ? rest
    : { ...rest, externalId: customerId }
}

/** The items of a batch are described by the body of a single create. */
function lowerBodySchema(operationId: string, schema: JsonObject): JsonObject {
  switch (operationId) {
    case 'customers.create':
      return {
        ...withBillingEmail(schema),
        required: [],
        oneOf: [{ required: ['email'] }, { required: ['billingEmail'] }],
      }
    case 'customers.update':
      return { ...withBillingEmail(schema), not: { required: ['email', 'billingEmail'] } }
    default:
      return schema
  }
}

function withBillingEmail(schema: JsonObject): JsonObject {
  const { email, ...rest } = schema.properties as { readonly email: JsonObject }
  const description = 'The older name of email. Send one of the two.'
  const billingEmail = { ...email, deprecated: true, description }
  return { ...schema, properties: { email, billingEmail, ...rest } }
}

function lowerQuerySchema(operationId: string, schema: JsonObject): JsonObject {
  if (operationId !== 'customers.list') return schema
  const properties = schema.properties as { readonly externalId: JsonObject }
  const description = 'The older name of externalId, which wins where both are sent.'
  const customerId = { ...properties.externalId, deprecated: true, description }
  const isActive = { type: 'string', deprecated: true, description: 'Ignored: it selects nothing.' }
  return { ...schema, properties: { ...properties, customerId, isActive } }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
