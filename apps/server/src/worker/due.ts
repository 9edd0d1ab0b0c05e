import type { Environment } from '../kernel/caller.ts'
import { command, type Kernel, query } from '../kernel/command.ts'
import { isToldOnce, isUnreachable } from '../kernel/database-errors.ts'
import type { Database, Statement } from '../kernel/db.ts'
import { describeError } from '../kernel/describe-error.ts'
import type { Log } from '../kernel/log.ts'
import { carryOutDeletion, findWaitingDeletion } from '../modules/customers/deletions.ts'

/**
 * What time makes true. Looks that name IDs and due times alone find it; a command in its environment locks it, looks again
 * and does it, so two workers cost a wasted look.
 */

export type DueServices = { readonly db: Database; readonly kernel: Kernel; readonly log: Log }

const dueDeletions: Statement = {
  name: 'worker.due_customer_deletions',
  text: 'select * from due_customer_deletions($1, $2)',
}

type DueDeletion = {
  readonly deletion_id: string
  readonly environment_id: string
  readonly organization_id: string
  readonly mode: Environment['mode']
  readonly simulated_time: Date | null
}

const atMost = 100

/** Carries out the deletions whose time to be taken back is over. Answers how many customers went. */
export async function carryOutDueDeletions(
  services: DueServices,
  now: Date,
  stopping: () => boolean = () => false,
): Promise<number> {
  let deleted = 0
  for (const row of await services.db.call<DueDeletion>(dueDeletions, [now, atMost])) {
    if (stopping()) break
    deleted += await carryOut(services.kernel, row).catch((error: unknown) => {
      if (isUnreachable(error)) throw error
      if (isToldOnce(error)) return 0
      services.log.error({ ...describeError(error), deletion: row.deletion_id }, 'customers not deleted')
      return 0
    })
  }
  return deleted
}

async function carryOut(kernel: Kernel, row: DueDeletion): Promise<number> {
  const environment: Environment = {
    id: row.environment_id,
    organizationId: row.organization_id,
    mode: row.mode,
    simulatedTime: row.simulated_time,
  }
  const system = { environment, actor: { kind: 'system' }, requestId: undefined } as const
  const waiting = await query(kernel, system, (ctx) => findWaitingDeletion(ctx, row.deletion_id))
  if (waiting === undefined) return 0
  const { requestedBy: actor, requestId } = waiting
  return command(kernel, { environment, actor, requestId }, (ctx) => carryOutDeletion(ctx, waiting))
}
