import { z } from 'zod'
import { customerId } from '../ids.ts'
import type { Operation } from '../operation.ts'
import { pageQuery } from '../paging.ts'
import { instant } from '../text.ts'

/** Deletions that can be taken back for a while: what the dashboard does where the API deletes at once. */

const maxCustomers = 1_000

const customerDeletion = z
  .strictObject({
    id: z.string().meta({ examples: ['cdel_01k0a2b3c4d5e6f7g8h9jkmnpq'] }),
    customerIds: z
      .array(customerId)
      .meta({ description: 'Those that will be deleted: one that is written meanwhile leaves the list.' }),
    createdAt: instant,
    dueAt: instant.meta({ description: 'Until then it can be taken back.' }),
    object: z.literal('customer_deletion'),
    livemode: z.boolean(),
  })
  .meta({ id: 'CustomerDeletion', description: 'A deletion that is asked for and not yet carried out.' })

const withdrawnDeletion = z
  .strictObject({
    id: z.string(),
    deleted: z.literal(true),
    object: z.literal('customer_deletion'),
    livemode: z.boolean(),
  })
  .meta({ id: 'DeletedCustomerDeletion', description: 'Says that nothing will be deleted.' })

const createCustomerDeletion = z
  .strictObject({
    customerIds: z
      .array(
        z.string().startsWith('cus_', 'must be an ID that starts with cus_').max(100),
        `must be a list of 1 to ${maxCustomers} cus_ IDs`,
      )
      .min(1, 'must hold at least one ID')
      .max(maxCustomers, `must hold at most ${maxCustomers} IDs`),
  })
  .meta({ id: 'CreateCustomerDeletion', description: 'The customers to delete.' })

export const customerDeletionOperations = [
  {
    id: 'customerDeletions.list',
    method: 'GET',
    path: '/customer-deletions',
    summary: 'List deletions under way',
    description: 'Deletions that can still be taken back, newest first.',
    scope: 'customers:read',
    internal: true,
    query: z.strictObject(pageQuery),
    data: customerDeletion,
    list: true,
    answers: { 200: 'A page of deletions.' },
    errors: [],
  },
  {
    id: 'customerDeletions.create',
    method: 'POST',
    path: '/customer-deletions',
    summary: 'Delete customers, unless it is taken back',
    description:
      'Deletes up to 1,000 customers after ten seconds. Customers that do not exist are left out. Until then they are as they were; one that is created again or changed meanwhile stays.',
    scope: 'customers:write',
    internal: true,
    body: createCustomerDeletion,
    data: customerDeletion,
    answers: { 201: 'The deletion, with the customers that it will delete.' },
    errors: [],
    exampleBody: { customerIds: ['cus_01k0a2b3c4d5e6f7g8h9jkmnpq'] },
  },
  {
    id: 'customerDeletions.delete',
    method: 'DELETE',
    path: '/customer-deletions/{id}',
    summary: 'Take a deletion back',
    description: 'All of its customers stay. Refused once it has been carried out.',
    scope: 'customers:write',
    internal: true,
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    data: withdrawnDeletion,
    answers: { 200: 'Nothing will be deleted.' },
    errors: ['not_found'],
  },
] as const satisfies readonly Operation[]

export type CustomerDeletion = z.output<typeof customerDeletion>
export type DeletedCustomerDeletion = z.output<typeof withdrawnDeletion>
