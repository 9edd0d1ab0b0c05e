import type { Customer, CustomerDeletion } from '@commet/contract'
import type { Environment } from '../../kernel/caller.ts'
import { documentTypeOf } from './document-type.ts'
import type { CustomerRow, DeletionRow } from './store.ts'

/** A customer as the newest version shows it. */
export function presentCustomer(row: CustomerRow, environment: Environment): Customer {
  return {
    id: row.id,
    externalId: row.external_id,
    fullName: row.full_name,
    email: row.email,
    taxDocument: row.tax_document,
    documentType: row.tax_document === null ? null : documentTypeOf(row.address?.country),
    timezone: row.timezone,
    address: row.address,
    metadata: row.metadata,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    object: 'customer',
    livemode: environment.mode === 'live',
  }
}

/** A deletion that is not carried out yet, as the newest version shows it. */
export function presentDeletion(row: DeletionRow, environment: Environment): CustomerDeletion {
  return {
    id: row.id,
    customerIds: [...row.customer_ids],
    createdAt: row.created_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    object: 'customer_deletion',
    livemode: environment.mode === 'live',
  }
}
