import { lowerCustomerSchemas, lowerCustomers } from './customer-shapes.ts'
import type { JsonObject, Version } from './version.ts'

/** Customers lost their isActive flag; there is nothing left to archive. */
export const version20260512: Version = {
  date: '2026-05-12',
  notes: ['Customers no longer carry isActive.'],
  down: (operationId, body) => lowerCustomers(operationId, body, withActiveFlag),
  downSchema: (operationId, schema) =>
    lowerCustomerSchemas(operationId, schema, (properties) => ({
      ...properties,
      isActive: { type: 'boolean' },
    })),
}

function withActiveFlag(customer: JsonObject): JsonObject {
  return { ...customer, isActive: true }
}
