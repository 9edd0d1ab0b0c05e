import { z } from 'zod'
import type { Operation } from '../operation.ts'
import { pageQuery } from '../paging.ts'
import { instant, text } from '../text.ts'

/** API keys: secrets that act for one environment. The secret is answered once, at creation. */

const fields = {
  id: z.string().meta({ examples: ['key_01k0a2b3c4d5e6f7g8h9jkmnpq'] }),
  name: z.string().meta({ examples: ['Production backend'] }),
  prefix: z
    .string()
    .meta({ description: 'The first characters of the secret.', examples: ['ck_sandbox_a1b2'] }),
  createdAt: instant,
  object: z.literal('api_key'),
  livemode: z.boolean(),
}

const apiKey = z
  .strictObject({
    ...fields,
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable().meta({ description: 'Written at most once a minute.' }),
  })
  .meta({ id: 'ApiKey', description: 'An API key, without its secret.' })

const createdApiKey = z
  .strictObject({
    ...fields,
    expiresAt: instant,
    apiKey: z.string().meta({ description: 'The secret. Shown once.', examples: ['ck_sandbox_a1b2…'] }),
  })
  .meta({ id: 'CreatedApiKey', description: 'A new API key with its secret.' })

const deletedApiKey = z
  .strictObject({
    id: z.string(),
    deleted: z.literal(true),
    object: z.literal('api_key'),
    livemode: z.boolean(),
  })
  .meta({ id: 'DeletedApiKey', description: 'Says that the key is revoked.' })

export const apiKeyOperations = [
  {
    id: 'apiKeys.list',
    method: 'GET',
    path: '/api-keys',
    summary: 'List API keys',
    description: 'Keys of this environment that are not revoked, newest first. Secrets are never listed.',
    scope: 'api_keys:read',
    query: z.strictObject(pageQuery),
    data: apiKey,
    list: true,
    answers: { 200: 'A page of keys.' },
    errors: [],
  },
  {
    id: 'apiKeys.create',
    method: 'POST',
    path: '/api-keys',
    summary: 'Create an API key',
    description: 'Creates a key for the environment of the key that asks. The secret is in this answer only.',
    scope: 'api_keys:write',
    body: z
      .strictObject({
        name: text(200).meta({ description: 'What the key is for.' }),
        expiresInDays: z
          .int('must be a whole number of days, at least 1')
          .min(1, 'must be a whole number of days, at least 1')
          .max(36500, 'must be at most 36500 days')
          .default(365)
          .meta({ description: 'Days until the key stops working.', examples: [365] }),
      })
      .meta({ id: 'CreateApiKey', description: 'The key to create.' }),
    data: createdApiKey,
    secretAnswer: true,
    answers: { 201: 'The key with its secret.' },
    errors: [],
    exampleBody: { name: 'Production backend', expiresInDays: 90 },
  },
  {
    id: 'apiKeys.delete',
    method: 'DELETE',
    path: '/api-keys/{id}',
    summary: 'Revoke an API key',
    description: 'Revokes the key at once and for good.',
    scope: 'api_keys:write',
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    data: deletedApiKey,
    answers: { 200: 'The key no longer works.' },
    errors: ['api_key_not_found'],
  },
] as const satisfies readonly Operation[]

export type ApiKey = z.output<typeof apiKey>
export type CreatedApiKey = z.output<typeof createdApiKey>
export type DeletedApiKey = z.output<typeof deletedApiKey>
