import type { Customer, ListCustomers } from '@commet/contract'
import type { QueryContext } from '../../kernel/command.ts'
import { type Page, pageOf, readCursor } from '../../kernel/paging.ts'
import { customerNotFound } from './not-found.ts'
import { presentCustomer } from './present.ts'
import * as store from './store.ts'

/** One customer, by `cus_` ID or user ID. */
export async function getCustomer(ctx: QueryContext, name: string): Promise<Customer> {
  const { environment } = ctx.caller
  const row = await store.get(ctx.tx, environment.id, store.referenceOf(name))
  if (row === undefined) throw customerNotFound(name)
  return presentCustomer(row, environment)
}

/** Of these user IDs, those that a customer has. */
export async function findTaken(ctx: QueryContext, userIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await store.getByUserIds(ctx.tx, ctx.caller.environment.id, userIds)
  return new Set(rows.flatMap(({ external_id }) => external_id ?? []))
}

/** A page of customers that pass every filter given. */
export async function listCustomers(ctx: QueryContext, input: ListCustomers): Promise<Page<Customer>> {
  const { environment } = ctx.caller
  const rows = await store.list(ctx.tx, environment.id, {
    ...filterOf(input),
    after: input.cursor === undefined ? undefined : readCursor(input.cursor, input.order),
    limit: input.limit + 1,
  })
  return pageOf(rows, input.limit, input.order, (row) => presentCustomer(row, environment))
}

/** What a request says of the customers that it wants, all but which page of them. */
export function filterOf(
  input: Omit<ListCustomers, 'limit' | 'cursor'>,
): Omit<store.CustomerFilter, 'after' | 'limit'> {
  return {
    externalId: input.externalId,
    email: input.email,
    search: input.search,
    metadata: input.metadata,
    createdAfter: input.createdAfter === undefined ? undefined : new Date(input.createdAfter),
    createdBefore: input.createdBefore === undefined ? undefined : new Date(input.createdBefore),
    order: input.order,
  }
}
