import { lowerCustomerSchemas, lowerCustomers } from './customer-shapes.ts'
import type { JsonObject, LoweringContext, Version } from './version.ts'

/** The billing address of a customer is named email; before, it was billingEmail and named its organization. */
export const version20260607: Version = {
  date: '2026-06-07',
  notes: ['billingEmail is named email.', 'Customers no longer carry organizationId.'],
  down: (operationId, body, context) =>
    lowerCustomers(operationId, body, (customer) => withBillingEmail(customer, context)),
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
