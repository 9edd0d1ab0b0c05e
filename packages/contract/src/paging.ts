import { z } from 'zod'

const limitRule = 'must be a whole number from 1 to 100'

/** Query of every paged list: keyset paging, no offset, no count. */
export const pageQuery = {
  limit: z
    .number(limitRule)
    .int(limitRule)
    .min(1, limitRule)
    .max(100, limitRule)
    .default(25)
    .meta({ description: 'Rows per page, 1 to 100.', examples: [25] }),
  cursor: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: 'nextCursor of the page before. Opaque: pass it as it came.' }),
}
