import { z } from 'zod'
import { customerId, customerReference, userId } from '../ids.ts'
import type { Operation } from '../operation.ts'
import { pageQuery } from '../paging.ts'
import { email, instant, text } from '../text.ts'

/** Customers: the people and businesses that are billed. One row per customer and environment. */

const maxMetadataBytes = 16 * 1024
const maxMetadataKeys = 200
const maxMetadataKeyLength = 200
const timeZones = new Set(Intl.supportedValuesOf('timeZone'))

export const address = z
  .strictObject({
    line1: text(200),
    line2: text(200).optional(),
    city: text(200),
    state: text(200).optional(),
    postalCode: text(50),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a two-letter country code of ISO 3166-1, such as "US"')
      .meta({ description: 'Two-letter country code of ISO 3166-1.', examples: ['US'] }),
    region: text(200).optional(),
  })
  .meta({
    id: 'Address',
    description: 'A postal address. Replaced whole, never merged.',
    examples: [{ line1: '500 Congress Ave', city: 'Austin', postalCode: '78701', country: 'US' }],
  })

export const timezone = z
  .string()
  .max(100)
  .refine(isTimeZone, 'must be an IANA time zone, such as "UTC" or "America/New_York"')
  .meta({ description: 'IANA time zone, for display; billing runs in UTC.', examples: ['America/New_York'] })

const metadata = z
  .custom<Readonly<Record<string, unknown>>>(isPlainObject, 'must be an object of your own keys and values')
  .refine(fitsMetadata, 'must be at most 16 KB as JSON')
  .refine(hasFewKeys, 'must have at most 200 keys, nested ones included')
  .refine(hasShortKeys, 'must have keys of at most 200 characters')
  .meta({
    type: 'object',
    additionalProperties: true,
    description:
      'Your own keys and values: at most 16 KB as JSON and 200 keys of up to 200 characters, nested ones included. Kept as sent; never changes billing.',
    examples: [{ plan: 'team', seats: 12 }],
  })

export const customer = z
  .strictObject({
    id: customerId,
    externalId: z
      .string()
      .nullable()
      .meta({ description: 'Your own user ID, if one was given.', examples: ['user_123'] }),
    fullName: z
      .string()
      .nullable()
      .meta({ description: 'Name of the person or business.', examples: ['Ada Lovelace'] }),
    email: z.string().meta({ description: 'Where bills go.', examples: ['billing@example.com'] }),
    taxDocument: z
      .string()
      .nullable()
      .meta({ description: 'Tax ID as it was sent.', examples: ['30-71234567-8'] }),
    documentType: z
      .string()
      .nullable()
      .meta({
        description: 'Kind of the tax ID, derived from the country of the address.',
        examples: ['CUIT'],
      }),
    timezone: z
      .string()
      .nullable()
      .meta({ description: 'IANA time zone, for display.', examples: ['UTC'] }),
    address: address.nullable(),
    metadata: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'Your own keys and values, as they were sent.', examples: [{ plan: 'team' }] }),
    createdAt: instant,
    updatedAt: instant,
    object: z.literal('customer'),
    livemode: z.boolean().meta({ description: 'false in the sandbox.' }),
  })
  .meta({ id: 'Customer', description: 'Someone you bill.' })

const ignored = z
  .unknown()
  .optional()
  .meta({ deprecated: true, description: 'Ignored; older clients send it.' })

/** Fields that older clients still send. They are accepted and ignored. */
const legacyFields = {
  domain: ignored,
  website: ignored,
  language: ignored,
  industry: ignored,
  isActive: ignored,
  addressId: ignored,
}

const createFields = {
  email,
  id: userId.optional(),
  externalId: userId.optional().meta({ description: 'The same as id.' }),
  fullName: text(200).nullable().optional(),
  taxDocument: text(100).nullable().optional(),
  address: address.nullable().optional(),
  timezone: timezone.optional(),
  metadata: metadata.nullable().optional(),
  ...legacyFields,
}

function sameUserId(value: {
  readonly id?: string | undefined
  readonly externalId?: string | undefined
}): boolean {
  return value.id === undefined || value.externalId === undefined || value.id === value.externalId
}

export const createCustomer = z
  .strictObject(createFields)
  .refine(sameUserId, { path: ['externalId'], message: 'must equal id when both are sent; send one of them' })
  .meta({ id: 'CreateCustomer', description: 'The customer to create.' })

const updateCustomer = z
  .strictObject({
    email: email.optional(),
    externalId: userId.nullable().optional().meta({ description: 'The new user ID; `null` removes it.' }),
    fullName: text(200).nullable().optional(),
    taxDocument: text(100).nullable().optional(),
    address: address.nullable().optional(),
    timezone: timezone.optional(),
    metadata: metadata.nullable().optional(),
    id: z.string().optional().meta({ description: 'Ignored when it names the customer of the path.' }),
    customerId: z
      .string()
      .optional()
      .meta({ description: 'Ignored when it names the customer of the path.' }),
  })
  .meta({ id: 'UpdateCustomer', description: 'Fields that are absent stay as they are.' })

const batchItem = z
  .custom<Readonly<Record<string, unknown>>>(
    isPlainObject,
    'must be an object with the fields of one customer',
  )
  .meta({ type: 'object', $ref: '#/components/schemas/CreateCustomer' })

const createBatch = z
  .strictObject({
    customers: z
      .array(batchItem, 'must be a list of 1 to 100 customers')
      .min(1, 'must hold at least one customer')
      .max(100, 'must hold at most 100 customers')
      .meta({
        description: 'Each item follows the rules of a single create and fails or succeeds on its own.',
      }),
  })
  .meta({ id: 'CreateCustomerBatch', description: 'The customers to create.' })

const customerBatch = z
  .strictObject({
    successful: z.array(customer),
    failed: z.array(
      z
        .strictObject({
          index: z.int().min(0).meta({ description: 'Position in the request, from 0.' }),
          error: z.string().meta({
            description: 'What was wrong, in words.',
            examples: ['email: Invalid email format'],
          }),
          data: z.record(z.string(), z.unknown()).meta({ description: 'The item as it was sent.' }),
        })
        .meta({ id: 'FailedCustomer', description: 'An item of a batch that broke a rule.' }),
    ),
    object: z.literal('customer_batch'),
    livemode: z.boolean(),
  })
  .meta({ id: 'CustomerBatch', description: 'What became of every item of a batch.' })

const deletedCustomer = z
  .strictObject({
    id: customerId,
    deleted: z.literal(true),
    object: z.literal('customer'),
    livemode: z.boolean(),
  })
  .meta({ id: 'DeletedCustomer', description: 'Says that the customer is gone.' })

const listFilter = {
  externalId: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'Exactly this user ID.', examples: ['user_123'] }),
  email: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Exactly this e-mail address, in any case.', examples: ['billing@example.com'] }),
  search: z
    .string()
    .max(200)
    .optional()
    .meta({
      description:
        'Part of name, e-mail, user ID or cus_ ID, in any case: anywhere from three characters on, the start of a word below.',
      examples: ['ada'],
    }),
  createdAfter: instant.optional().meta({ description: 'Created later than this instant.' }),
  createdBefore: instant.optional().meta({ description: 'Created earlier than this instant.' }),
  metadata: z.record(z.string().max(200), z.string().max(500)).optional().meta({
    description:
      'metadata[key]=value, several allowed: all must match. Numbers and booleans match their text.',
  }),
  order: z
    .enum(['asc', 'desc'], 'must be "asc" or "desc"')
    .default('desc')
    .meta({ description: 'By creation: desc is newest first.' }),
}

const listQuery = z.strictObject({ ...pageQuery, ...listFilter })

const exportQuery = z
  .strictObject({
    ...listFilter,
    ids: z
      .string()
      .max(10_000, 'must name at most 300 customers')
      .regex(/^cus_[0-9a-z]+(,cus_[0-9a-z]+)*$/, 'must be cus_ IDs with commas between them')
      .optional()
      .meta({ description: 'These customers, instead of those that pass the filter.' }),
  })
  .refine(({ ids, order: _, ...filter }) => ids === undefined || Object.keys(filter).length === 0, {
    path: ['ids'],
    message: 'stands alone: leave out the filters, or leave out ids',
  })

const cell = z.string()

/** A customer as a row of a CSV file. What is not there is an empty cell. */
const customerCells = z.strictObject({
  id: cell,
  externalId: cell,
  email: cell,
  fullName: cell,
  taxDocument: cell,
  documentType: cell,
  timezone: cell,
  'address.line1': cell,
  'address.line2': cell,
  'address.city': cell,
  'address.state': cell,
  'address.postalCode': cell,
  'address.country': cell,
  'address.region': cell,
  metadata: cell,
  createdAt: cell,
  updatedAt: cell,
})

export const oneCustomer = z.strictObject({ id: customerReference })

function isTimeZone(name: string): boolean {
  if (timeZones.has(name)) return true
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fitsMetadata(value: Readonly<Record<string, unknown>>): boolean {
  return new TextEncoder().encode(JSON.stringify(value)).length <= maxMetadataBytes
}

function hasFewKeys(value: Readonly<Record<string, unknown>>): boolean {
  return keysWithin(value).length <= maxMetadataKeys
}

function hasShortKeys(value: Readonly<Record<string, unknown>>): boolean {
  return keysWithin(value).every((key) => key.length <= maxMetadataKeyLength)
}

/** The keys of a value and of all that lies in it. */
function keysWithin(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(keysWithin)
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysWithin(inner)])
}

const example = { email: 'billing@example.com', id: 'user_123', fullName: 'Ada Lovelace' }

export const customerOperations = [
  {
    id: 'customers.create',
    method: 'POST',
    path: '/customers',
    summary: 'Create a customer',
    description:
      'Creates a customer. With a user ID (`id`) the call is idempotent: if a customer with that user ID exists, it is answered unchanged. E-mail addresses need not be unique.',
    scope: 'customers:write',
    body: createCustomer,
    data: customer,
    answers: {
      201: 'The customer was created.',
      200: 'A customer with this user ID existed and is unchanged.',
    },
    errors: [],
    exampleBody: example,
  },
  {
    id: 'customers.get',
    method: 'GET',
    path: '/customers/{id}',
    summary: 'Get a customer',
    description: 'Answers one customer, found by its `cus_` ID or by your own user ID.',
    scope: 'customers:read',
    params: oneCustomer,
    data: customer,
    answers: { 200: 'The customer.' },
    errors: ['customer_not_found'],
  },
  {
    id: 'customers.update',
    method: 'PATCH',
    aliases: ['PUT'],
    path: '/customers/{id}',
    summary: 'Update a customer',
    description:
      'Changes the fields that are sent and leaves the others. Address and metadata are replaced whole. `null` clears `fullName`, `taxDocument`, `address` and `externalId`, and empties `metadata`.',
    scope: 'customers:write',
    params: oneCustomer,
    body: updateCustomer,
    data: customer,
    answers: { 200: 'The customer after the change.' },
    errors: ['customer_not_found', 'duplicate'],
    exampleBody: { email: 'new@example.com' },
  },
  {
    id: 'customers.list',
    method: 'GET',
    path: '/customers',
    summary: 'List customers',
    description:
      'A page of customers, newest first. Pass `nextCursor` to get the next page with the same filters; rows that exist throughout are seen exactly once, whatever is inserted or deleted meanwhile.',
    scope: 'customers:read',
    query: listQuery,
    data: customer,
    list: true,
    answers: { 200: 'A page of customers.' },
    errors: [],
  },
  {
    id: 'customers.createBatch',
    method: 'POST',
    path: '/customers/batch',
    summary: 'Create up to 100 customers',
    description:
      'Creates 1 to 100 customers in one request. Items that break a rule are reported in `failed` with their index and do not stop the others. An item whose user ID exists resolves to the existing customer.',
    scope: 'customers:write',
    body: createBatch,
    data: customerBatch,
    answers: { 200: 'What became of every item.' },
    errors: [],
    exampleBody: {
      customers: [
        { email: 'ada@example.com', id: 'user_1' },
        { email: 'alan@example.com', id: 'user_2' },
      ],
    },
  },
  {
    id: 'customers.delete',
    method: 'DELETE',
    path: '/customers/{id}',
    summary: 'Delete a customer',
    description:
      'Deletes the customer at once. Its user ID is free again; what happened stays in the history.',
    scope: 'customers:write',
    params: oneCustomer,
    data: deletedCustomer,
    answers: { 200: 'The customer is gone.' },
    errors: ['customer_not_found'],
  },
  {
    id: 'customers.export',
    method: 'GET',
    path: '/customers.csv',
    summary: 'Export customers',
    description:
      'All customers that pass the filter, as CSV in UTF-8: times in UTC, metadata as JSON. An import takes the file as it is.',
    scope: 'customers:read',
    internal: true,
    query: exportQuery,
    data: customerCells,
    download: 'csv',
    answers: { 200: 'The customers.' },
    errors: [],
  },
] as const satisfies readonly Operation[]

export type Customer = z.output<typeof customer>
export type Address = z.output<typeof address>
export type CustomerCells = z.output<typeof customerCells>
export type CreateCustomer = z.output<typeof createCustomer>
export type CustomerBatch = z.output<typeof customerBatch>
export type DeletedCustomer = z.output<typeof deletedCustomer>
export type ExportCustomers = z.output<typeof exportQuery>
export type ListCustomers = z.output<typeof listQuery>
export type UpdateCustomer = z.output<typeof updateCustomer>
