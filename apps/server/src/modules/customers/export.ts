import type { Customer, CustomerCells, ExportCustomers } from '@commet/contract'
import type { Cells } from '../../kernel/csv.ts'
import { type Download, type DownloadContext, fileNameOf } from '../../kernel/download.ts'
import type { Place } from '../../kernel/paging.ts'
import { presentCustomer } from './present.ts'
import { filterOf } from './queries.ts'
import * as store from './store.ts'

/** Customers as rows of a CSV file, which an import takes back. */

const pageRows = 500

/** All customers that pass the filter, or those that are named. */
export async function exportCustomers(ctx: DownloadContext, input: ExportCustomers): Promise<Download> {
  const { ids } = input
  return {
    fileName: fileNameOf('customers', ctx),
    columns: Object.keys(cells),
    pages: ids === undefined ? filteredPages(ctx, input) : namedPages(ctx, ids.split(','), input.order),
  }
}

async function* filteredPages(
  ctx: DownloadContext,
  input: ExportCustomers,
): AsyncGenerator<readonly Cells[]> {
  let after: Place | undefined
  for (;;) {
    const filter = { ...filterOf(input), after, limit: pageRows }
    const rows = await ctx.read(({ tx, caller }) => store.list(tx, caller.environment.id, filter))
    yield rowsOf(ctx, rows)
    const last = rows.at(-1)
    if (rows.length < pageRows || last === undefined) return
    after = { createdAt: last.created_at, id: last.id }
  }
}

async function* namedPages(
  ctx: DownloadContext,
  ids: readonly string[],
  order: 'asc' | 'desc',
): AsyncGenerator<readonly Cells[]> {
  const rows = await ctx.read(({ tx, caller }) => store.getByIds(tx, caller.environment.id, ids))
  yield rowsOf(ctx, order === 'desc' ? rows.toReversed() : rows)
}

function rowsOf({ caller }: DownloadContext, rows: readonly store.CustomerRow[]): readonly Cells[] {
  return rows.map((row) => {
    const customer = presentCustomer(row, caller.environment)
    return Object.values(cells).map((cellOf) => cellOf(customer) ?? '')
  })
}

/** Each column of the file, in its order. */
const cells: Readonly<Record<keyof CustomerCells, (customer: Customer) => string | null | undefined>> = {
  id: ({ id }) => id,
  externalId: ({ externalId }) => externalId,
  email: ({ email }) => email,
  fullName: ({ fullName }) => fullName,
  taxDocument: ({ taxDocument }) => taxDocument,
  documentType: ({ documentType }) => documentType,
  timezone: ({ timezone }) => timezone,
  'address.line1': ({ address }) => address?.line1,
  'address.line2': ({ address }) => address?.line2,
  'address.city': ({ address }) => address?.city,
  'address.state': ({ address }) => address?.state,
  'address.postalCode': ({ address }) => address?.postalCode,
  'address.country': ({ address }) => address?.country,
  'address.region': ({ address }) => address?.region,
  metadata: ({ metadata }) => (isEmpty(metadata) ? '' : JSON.stringify(metadata)),
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
}

function isEmpty(metadata: Customer['metadata']): boolean {
  return metadata === null || Object.keys(metadata).length === 0
}
