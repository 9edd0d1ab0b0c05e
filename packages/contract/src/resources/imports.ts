import { z } from 'zod'
import type { Operation } from '../operation.ts'
import { pageQuery } from '../paging.ts'
import { instant } from '../text.ts'

/** Imports of customers from CSV files: uploaded, mapped, checked, and carried out by the worker. */

const fixedFields = [
  ...['email', 'externalId', 'fullName', 'taxDocument', 'timezone', 'metadata'],
  ...['address.line1', 'address.line2', 'address.city', 'address.state'],
  ...['address.postalCode', 'address.country', 'address.region'],
]

const field = z
  .string()
  .max(209)
  .refine(
    (name) => fixedFields.includes(name) || /^metadata\..+$/.test(name),
    `must be one of ${fixedFields.join(', ')}, or metadata. and a key of your own`,
  )
  .nullable()
  .meta({ description: 'The field of a customer that the column fills; null for none.', examples: ['email'] })

const statuses = ['uploaded', 'checking', 'checked', 'running', 'done', 'canceled'] as const

const count = z.int().min(0)

const fields = {
  id: z.string().meta({ examples: ['imp_01k0a2b3c4d5e6f7g8h9jkmnpq'] }),
  fileName: z.string(),
  status: z.enum(statuses).meta({
    description:
      'uploaded; checking and checked (the dry run); running and done; canceled. What is checking or running waits for a worker until startedAt says when one began.',
  }),
  columns: z.array(z.strictObject({ name: z.string(), field: z.string().nullable() })),
  rows: count.meta({ description: 'Rows of the file, without its head.' }),
  processed: count.meta({ description: 'Rows that the step under way, or the last one, has gone through.' }),
  created: count.meta({ description: 'Of those: new customers, or what would be new ones in a dry run.' }),
  existed: count.meta({
    description: 'Of those: user IDs that a customer had already, or an earlier row of the file.',
  }),
  failed: count.meta({ description: 'Of those: rows that break a rule.' }),
  stalled: z.boolean().meta({
    description: 'The server fails at it again and again; it keeps trying, and its log says why.',
  }),
  createdAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  object: z.literal('import'),
  livemode: z.boolean(),
}

const importInList = z
  .strictObject(fields)
  .meta({ id: 'Import', description: 'A file of customers and what became of it.' })

const importInDetail = z
  .strictObject({
    ...fields,
    sample: z.array(z.array(z.string())).meta({ description: 'The first rows, long cells cut.' }),
    failures: z
      .array(
        z.strictObject({
          row: count.meta({ description: 'As a spreadsheet counts: the head is row 1.' }),
          errors: z.array(z.strictObject({ field: z.string(), message: z.string() })),
        }),
      )
      .meta({ description: 'The first hundred; the file of failures has all.' }),
  })
  .meta({ id: 'ImportDetail', description: 'An import with its first rows and its first failures.' })

const one = z.strictObject({ id: z.string().min(1).max(100) })

const internal = { internal: true, params: one, data: importInDetail } as const

export const importOperations = [
  {
    id: 'imports.list',
    method: 'GET',
    path: '/imports',
    summary: 'List imports',
    description: 'Imports of the last thirty days, newest first.',
    scope: 'customers:read',
    internal: true,
    query: z.strictObject(pageQuery),
    data: importInList,
    list: true,
    answers: { 200: 'A page of imports.' },
    errors: [],
  },
  {
    id: 'imports.create',
    method: 'POST',
    path: '/imports',
    summary: 'Upload a file of customers',
    description:
      'Takes a CSV file in UTF-8, with commas, semicolons or tabs between the cells: at most 20 MB and 100,000 rows, the names of the columns in the first. Nothing is created yet.',
    scope: 'customers:write',
    internal: true,
    query: z.strictObject({ fileName: z.string().min(1, 'must not be empty').max(200) }),
    upload: 'csv',
    data: importInDetail,
    answers: { 201: 'The import, with fields suggested for its columns.' },
    errors: [],
    exampleQuery: { fileName: 'customers.csv' },
    exampleUpload: 'email,User ID,Name\r\nada@example.com,user_1,Ada Lovelace\r\n',
  },
  {
    ...internal,
    id: 'imports.get',
    method: 'GET',
    path: '/imports/{id}',
    summary: 'Get an import',
    description: 'How far it is, and what became of it.',
    scope: 'customers:read',
    answers: { 200: 'The import.' },
    errors: ['not_found'],
  },
  {
    ...internal,
    id: 'imports.update',
    method: 'PATCH',
    path: '/imports/{id}',
    summary: 'Map the columns of an import',
    description: 'Says which field of a customer each column fills, in the order of the columns.',
    scope: 'customers:write',
    body: z
      .strictObject({
        columns: z.array(field, 'must be a list with a field or null for each column').max(200),
      })
      .meta({ id: 'UpdateImport', description: 'A field, or null, for each column.' }),
    answers: { 200: 'The import, to be checked again.' },
    errors: ['not_found', 'invalid_import_status'],
    exampleBody: { columns: ['email', 'externalId', 'fullName'] },
  },
  {
    ...internal,
    id: 'imports.check',
    method: 'POST',
    path: '/imports/{id}/check',
    summary: 'Check an import',
    description:
      'A dry run: the worker goes through every row as if it were created, and says what would become of it.',
    scope: 'customers:write',
    answers: { 200: 'The import, being checked.' },
    errors: ['not_found', 'invalid_import_status'],
  },
  {
    ...internal,
    id: 'imports.run',
    method: 'POST',
    path: '/imports/{id}/run',
    summary: 'Run an import',
    description:
      'The worker creates the customers. Rows that break a rule are reported and do not stop the others; a user ID that exists is left as it is.',
    scope: 'customers:write',
    answers: { 200: 'The import, running.' },
    errors: ['not_found', 'invalid_import_status'],
  },
  {
    ...internal,
    id: 'imports.cancel',
    method: 'POST',
    path: '/imports/{id}/cancel',
    summary: 'Cancel an import',
    description: 'Ends it where it is. Customers that it has created stay.',
    scope: 'customers:write',
    answers: { 200: 'The import, canceled.' },
    errors: ['not_found', 'invalid_import_status'],
  },
  {
    id: 'imports.failures',
    method: 'GET',
    path: '/imports/{id}/failures.csv',
    summary: 'Get the rows that failed',
    description:
      'The rows of the file that break a rule, with what is wrong in two columns more. Corrected, the file can be imported as it is.',
    scope: 'customers:read',
    internal: true,
    params: one,
    data: z.record(z.string(), z.string()),
    download: 'csv',
    answers: { 200: 'The rows.' },
    errors: ['not_found'],
  },
] as const satisfies readonly Operation[]

export type Import = z.output<typeof importInList>
export type ImportDetail = z.output<typeof importInDetail>
export type ImportStatus = (typeof statuses)[number]
