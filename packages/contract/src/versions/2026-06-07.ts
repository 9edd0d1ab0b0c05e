import { lowerCustomerSchemas, lowerCustomers } from './customer-shapes.ts'
import type { JsonObject, LoweringContext, Version } from './version.ts'

/** The billing address of a customer is named email; before, it was billingEmail and named its organization. */
export const version20260607: Version = {
  date: '2026-06-07',
  notes: ['billingEmail is named email.', 'Customers no longer carry organizationId.'],
  down: (operationId, body, context) =>
    lowerCustomers(operationId, lowerFailed(operationId, body), (customer) =>
      withBillingEmail(customer, context),
    ),
  downError: nameBillingEmail,
  downSchema: (operationId, schema) =>
    lowerCustomerSchemas(operationId, schema, ({ email, ...rest }) => ({
      ...rest,
      billingEmail: email,
      organizationId: { type: 'string' },
    })),
}

function withBillingEmail({ email, ...rest }: JsonObject, { organizationId }: LoweringContext): JsonObject {
  return { ...rest, billingEmail: email, organizationId }
}

/** Items of a batch that failed are answered as they were sent: with billingEmail. */
function lowerFailed(operationId: string, body: JsonObject): JsonObject {
  if (operationId !== 'customers.createBatch') return body
  const batch = body.data as JsonObject
  const failed = (batch.failed as readonly JsonObject[]).map((item) => ({
    ...item,
    data: asSent(item.data as JsonObject),
  }))
  return { ...body, data: { ...batch, failed } }
}

function asSent(item: JsonObject): JsonObject {
  if (!('email' in item) || 'billingEmail' in item) return item
  const { email, ...rest } = item
  return { ...rest, billingEmail: email }
}

/** Older clients sent billingEmail; what is wrong with it is told under that name. */
function nameBillingEmail(body: JsonObject): JsonObject {
  const error = body.error as JsonObject
  const { param, message, details } = error
  const lowered = {
    ...error,
    ...(param === 'email'
      ? { param: 'billingEmail', message: String(message).replace(/^email\b/, 'billingEmail') }
      : {}),
    ...(Array.isArray(details) ? { details: details.map(nameInDetail) } : {}),
  }
  return { ...body, error: lowered }
}

function nameInDetail(detail: unknown): unknown {
  const { field } = detail as JsonObject
  return field === 'email' ? { ...(detail as JsonObject), field: 'billingEmail' } : detail
}
