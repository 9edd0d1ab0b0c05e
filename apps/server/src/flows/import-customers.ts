import type { CreateCustomer } from '@commet/contract'
import type { Caller, Environment } from '../kernel/caller.ts'
import { type CommandContext, command, type Kernel, query } from '../kernel/command.ts'
import * as customers from '../modules/customers/commands.ts'
import { findTaken } from '../modules/customers/queries.ts'
import * as imports from '../modules/imports/steps.ts'

/** Carries out imports: the rows of a file become customers as if each had been created by whoever asked. */

export const leaseSeconds = imports.leaseSeconds

/** An import that this worker has taken, and where it is to be carried out. */
export type TakenImport = imports.Lease & { readonly environment: Environment }

/**
 * Carries out chunks of an import until it is over or `enough` says so. Answers when the lease is given back or lost; what
 * throws leaves the lease to run out.
 */
export async function carryOutImport(
  kernel: Kernel,
  taken: TakenImport,
  enough: () => boolean,
): Promise<void> {
  const { environment, importId } = taken
  const system: Caller = { environment, actor: { kind: 'system' }, requestId: undefined }
  const request = await query(kernel, system, (ctx) => imports.findRequest(ctx, importId))
  if (request === undefined) return
  const caller = { environment, actor: request.requestedBy, requestId: request.requestId }
  for (let goesOn = true; goesOn; ) {
    const giveBack = enough()
    goesOn = await command(kernel, caller, (ctx) => carryOutChunk(ctx, taken, giveBack))
  }
}

/** Carries out the next chunk; answers whether there is more to do under this lease. */
async function carryOutChunk(ctx: CommandContext, lease: imports.Lease, giveBack: boolean): Promise<boolean> {
  const chunk = await imports.openChunk(ctx, lease)
  if (chunk === undefined) return false
  const read = chunk.rows.map(readCustomer)
  const good = read.flatMap(({ input }) => input ?? [])
  const judged = chunk.isDryRun
    ? await judge(ctx, chunk.importId, good)
    : await customers.createEach(ctx, good)
  const created = judged.values()
  const outcomes = read.map(({ input, errors }): imports.RowOutcome => {
    if (input === undefined) return { kind: 'failed', errors }
    return { kind: created.next().value === true ? 'created' : 'existed' }
  })
  imports.closeChunk(ctx, chunk, outcomes, giveBack)
  return !(giveBack || chunk.isLast)
}

/** The customer that a row asks for, or all that is wrong with it. */
function readCustomer({ item, errors }: imports.OpenChunk['rows'][number]) {
  if (item === undefined) return { input: undefined, errors }
  const { input, problems } = customers.readNewCustomer(item)
  return { input: errors.length > 0 ? undefined : input, errors: [...errors, ...problems] }
}

/** Whether each would be created: no customer has its user ID, and no earlier row. */
async function judge(
  ctx: CommandContext,
  importId: string,
  inputs: readonly CreateCustomer[],
): Promise<readonly boolean[]> {
  const userIds = inputs.map(customers.userIdOf)
  const known = userIds.filter((id) => id !== undefined)
  const taken = await findTaken(ctx, known)
  const free = new Set(await imports.claimUserIds(ctx, importId, known))
  return userIds.map((id) => id === undefined || (free.delete(id) && !taken.has(id)))
}
