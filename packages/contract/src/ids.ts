import { z } from 'zod'

/** Prefix of every kind of ID. IDs are opaque: only the server makes them and nobody parses beyond the prefix. */
export const idPrefixes = {
  apiKey: 'key_',
  auditEntry: 'aud_',
  customer: 'cus_',
  customerDeletion: 'cdel_',
  environment: 'env_',
  event: 'whev_',
  import: 'imp_',
  invitation: 'inv_',
  member: 'mem_',
  organization: 'org_',
  request: 'req_',
  user: 'usr_',
} as const

export type IdKind = keyof typeof idPrefixes

const customerIdExample = 'cus_01k0a2b3c4d5e6f7g8h9jkmnpq'

export const customerId = z
  .string()
  .meta({ description: 'ID of the customer, starting with cus_.', examples: [customerIdExample] })

/** A customer named in a path or a body: by `cus_` ID or by the caller's own user ID. */
export const customerReference = z
  .string()
  .min(1)
  .max(100, 'must be at most 100 characters')
  .meta({
    description: 'The customer: its cus_ ID, or your own user ID (percent-encoded in a path).',
    examples: [customerIdExample],
    'x-reference': 'customer',
  })

const controlCharacters = /\p{Cc}/u

/**
 * A user ID chosen by the caller: 1 to 100 characters, compared byte for byte. `.` and `..` cannot travel in a path,
 * control characters cannot be typed, and a leading `cus_` would be taken for one of our IDs.
 */
export const userId = z
  .string()
  .min(1, 'must not be empty')
  .max(100, 'must be at most 100 characters')
  .refine((value) => value !== '.' && value !== '..', 'must not be "." or "..", which no URL can carry')
  .refine((value) => !controlCharacters.test(value), 'must not contain control characters')
  .refine(
    (value) => !value.startsWith('cus_'),
    'must not start with "cus_", which marks IDs made by this server',
  )
  .meta({
    description: 'Your own ID of the customer, unique in the environment.',
    examples: ['user_123'],
    // The rules above, for readers of the JSON Schema.
    pattern: '^(?!cus_)(?!\\.{1,2}$)[^\\u0000-\\u001f\\u007f-\\u009f]+$',
  })
