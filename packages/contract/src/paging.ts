import { z } from 'zod'

/** Query of every paged list: keyset paging, no offset, no count. */
export const pageQuery = {
  limit: z.coerce
    .number({ error: 'must be a whole number from 1 to 100' })
    .int('must be a whole number from 1 to 100')
    .min(1, 'must be a whole number from 1 to 100')
    .max(100, 'must be a whole number from 1 to 100')
    .default(25)
    .meta({ description: 'Rows per page, 1 to 100.', examples: [25] }),
  cursor: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: 'nextCursor of the page before. Opaque: pass it as it came.' }),
}
