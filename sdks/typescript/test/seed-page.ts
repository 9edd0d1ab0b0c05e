// Owns one walk through every customer call the documentation page shows, in its order and with its call shapes.
// Does not assert anything: whoever runs it, against a stub or a started server, checks what it returns.
// Always: written as a user would write it; if this stops compiling, the page has stopped being true.

import type { Commet } from '../src/index.ts'

/** `suffix` keeps the user IDs of one run apart from those of another on a shared server. */
export async function walkSeedPage(commet: Commet, suffix: string) {
  const userId = `walk_${suffix}`

  const { data: created } = await commet.customers.create({ email: 'accounts@north.example', id: userId })
  const { data: repeated } = await commet.customers.create({ email: 'accounts@north.example', id: userId })

  const { data: batch } = await commet.customers.createBatch({
    customers: [
      { email: 'ann@north.example', id: `${userId}_1` },
      { email: 'ben@north.example', id: `${userId}_2` },
      { email: 'cleo@north.example', id: `${userId}_3` },
    ],
  })

  const { data: fetched } = await commet.customers.get({ id: created.id })

  const { data: updated } = await commet.customers.update({
    customerId: created.id,
    email: 'invoices@north.example',
    address: { line1: '9 Quay Street', city: 'Portland', postalCode: '97201', country: 'US' },
  })

  const { data, hasMore, nextCursor } = await commet.customers.list({ limit: 2 })
  const nextPage = await commet.customers.list({ limit: 2, cursor: nextCursor })

  return { created, repeated, batch, fetched, updated, firstPage: { data, hasMore, nextCursor }, nextPage }
}
