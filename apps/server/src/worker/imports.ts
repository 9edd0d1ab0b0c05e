import { carryOutImport, leaseSeconds } from '../flows/import-customers.ts'
import type { Environment } from '../kernel/caller.ts'
import { isToldOnce, isUnreachable } from '../kernel/database-errors.ts'
import type { Database, Statement } from '../kernel/db.ts'
import { describeError } from '../kernel/describe-error.ts'
import type { DueServices } from './due.ts'

/** Imports that people wait for: taken with a lease, one at a time in each process, each in turns of a few seconds. */

const turnMs = 3_000
const purgedAtOnce = 10

const take: Statement = { name: 'worker.take_import', text: 'select * from take_import($1, $2)' }
const purge: Statement = { name: 'worker.purge_imports', text: 'select purge_imports($1) as purged' }

type TakenRow = {
  readonly import_id: string
  readonly environment_id: string
  readonly organization_id: string
  readonly mode: Environment['mode']
  readonly simulated_time: Date | null
}

/** Carries out what there is, until there is no more or the worker stops. */
export async function carryOutImports(services: DueServices, stopping: () => boolean): Promise<void> {
  while (!stopping()) {
    const lease = crypto.randomUUID()
    const [row] = await services.db.call<TakenRow>(take, [lease, leaseSeconds])
    if (row === undefined) return
    await carryOut(services, row, lease, stopping)
  }
}

async function carryOut(
  { kernel, log }: DueServices,
  row: TakenRow,
  lease: string,
  stopping: () => boolean,
): Promise<void> {
  const environment: Environment = {
    id: row.environment_id,
    organizationId: row.organization_id,
    mode: row.mode,
    simulatedTime: row.simulated_time,
  }
  const until = performance.now() + turnMs
  const enough = () => stopping() || performance.now() > until
  await carryOutImport(kernel, { importId: row.import_id, lease, environment }, enough).catch(
    (error: unknown) => {
      if (isUnreachable(error)) throw error
      if (isToldOnce(error)) return
      log.error({ ...describeError(error), import: row.import_id }, 'import interrupted; it is tried again')
    },
  )
}

/** Forgets imports that are past their time. */
export async function purgeImports(db: Database): Promise<number> {
  const [row] = await db.call<{ purged: number }>(purge, [purgedAtOnce])
  return row?.purged ?? 0
}
