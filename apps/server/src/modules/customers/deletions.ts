import type { CustomerDeletion, DeletedCustomer, DeletedCustomerDeletion } from '@commet/contract'
import type { Actor } from '../../kernel/caller.ts'
import type { CommandContext, QueryContext } from '../../kernel/command.ts'
import { type Page, pageOf, readCursor } from '../../kernel/paging.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { customerNotFound } from './not-found.ts'
import { presentCustomer, presentDeletion } from './present.ts'
import * as store from './store.ts'

/**
 * Owns how customers are deleted: at once, or after a while in which it can be taken back. What is waiting changes nothing
 * about its customers, and whoever writes one of them meanwhile keeps it: a change is stronger than an older wish.
 * Customers are locked before the deletion that names them, by everybody who locks both.
 */

const undoMs = 10_000

/** Deletes a customer at once. Its row stays for the history; its user ID is free with this commit. */
export async function deleteCustomer(ctx: CommandContext, name: string): Promise<DeletedCustomer> {
  const { environment } = ctx.caller
  const row = await store.lock(ctx.tx, environment.id, store.referenceOf(name))
  if (row === undefined) throw customerNotFound(name)
  deleteRows(ctx, [row])
  return { id: row.id, deleted: true, object: 'customer', livemode: environment.mode === 'live' }
}

function deleteRows(ctx: CommandContext, rows: readonly store.CustomerRow[]): void {
  const { environment } = ctx.caller
  const ids = rows.map(({ id }) => id)
  store.sendDelete(ctx.tx, environment.id, ids, ctx.now)
  for (const row of rows) {
    const before = presentCustomer(row, environment)
    ctx.audit({ operation: 'customers.delete', subjectId: row.id, before, after: null })
  }
}

/** Notes a wish to delete those of these customers that exist. Nothing happens to them before it is due. */
export async function requestDeletion(
  ctx: CommandContext,
  ids: readonly string[],
): Promise<CustomerDeletion> {
  const { environment, actor, requestId } = ctx.caller
  const found = await store.lockByIds(ctx.tx, environment.id, ids)
  const row: store.DeletionRow = {
    id: ctx.newId('customerDeletion'),
    customer_ids: found.map(({ id }) => id),
    requested_by: actor,
    request_id: requestId ?? null,
    created_at: ctx.realNow,
    due_at: new Date(ctx.realNow.getTime() + undoMs),
  }
  store.sendDeletion(ctx.tx, environment.id, row)
  return presentDeletion(row, environment)
}

/** Takes a wish back, as long as it is not carried out. */
export async function withdrawDeletion(ctx: CommandContext, id: string): Promise<DeletedCustomerDeletion> {
  const { environment } = ctx.caller
  if ((await store.takeDeletion(ctx.tx, environment.id, id)) === undefined) {
    throw new Refusal(
      'not_found',
      `There is no deletion ${JSON.stringify(id)} to take back: it was carried out, or was taken back already.`,
      { param: 'id' },
    )
  }
  return { id, deleted: true, object: 'customer_deletion', livemode: environment.mode === 'live' }
}

/** Deletions that can be taken back, newest first. */
export async function listDeletions(
  ctx: QueryContext,
  input: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<CustomerDeletion>> {
  const { environment } = ctx.caller
  const after = input.cursor === undefined ? undefined : readCursor(input.cursor, 'desc')
  const rows = await store.listDeletions(ctx.tx, environment.id, input.limit + 1, after)
  return pageOf(rows, input.limit, 'desc', (row) => presentDeletion(row, environment))
}

/** A deletion as whoever carries it out has to know it. */
export type WaitingDeletion = {
  readonly id: string
  readonly customerIds: readonly string[]
  readonly requestedBy: Actor
  readonly requestId: string | undefined
}

export async function findWaitingDeletion(
  ctx: QueryContext,
  id: string,
): Promise<WaitingDeletion | undefined> {
  const row = await store.findDeletion(ctx.tx, ctx.caller.environment.id, id)
  if (row === undefined) return undefined
  const { customer_ids: customerIds, requested_by: requestedBy, request_id } = row
  return { id, customerIds, requestedBy, requestId: request_id ?? undefined }
}

/**
 * Carries a deletion out and answers how many customers went; none where another worker was first, or somebody took it
 * back. `caller` is who asked for it, whom the audit names.
 */
export async function carryOutDeletion(ctx: CommandContext, waiting: WaitingDeletion): Promise<number> {
  const { environment } = ctx.caller
  const rows = await store.lockByIds(ctx.tx, environment.id, waiting.customerIds)
  const wanted = new Set(await store.takeDeletion(ctx.tx, environment.id, waiting.id))
  const doomed = rows.filter(({ id }) => wanted.has(id))
  if (doomed.length > 0) deleteRows(ctx, doomed)
  return doomed.length
}
