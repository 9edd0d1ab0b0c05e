import type { FieldError } from '@commet/contract'
import type { Actor } from '../../kernel/caller.ts'
import type { CommandContext, QueryContext } from '../../kernel/command.ts'
import type { FileRow } from './csv-file.ts'
import { type ReadRow, readRow } from './fields.ts'
import * as store from './store.ts'

/**
 * A step of an import (a dry run, or the run) as workers carry it out: a chunk in a commit. The import is locked while a
 * chunk is worked on, and moves to the next one in the commit that keeps what became of it; so every row is carried out
 * once, however many workers there are and whenever one is killed. The lease only keeps them from trying.
 */

/** How long a worker that says nothing is believed to be at work. */
export const leaseSeconds = 5

/** Who asked for the step. */
export type Request = { readonly requestedBy: Actor; readonly requestId: string | undefined }

export async function findRequest(ctx: QueryContext, importId: string): Promise<Request | undefined> {
  const row = await store.get(ctx.tx, ctx.caller.environment.id, importId)
  if (row === undefined) return undefined
  return { requestedBy: row.requested_by, requestId: row.request_id ?? undefined }
}

export type Lease = { readonly importId: string; readonly lease: string }

export type OpenChunk = {
  readonly importId: string
  readonly isDryRun: boolean
  readonly isLast: boolean
  readonly rows: readonly (FileRow & ReadRow)[]
}

/** The next rows to carry out; undefined where the step is over or another worker's. */
export async function openChunk(
  ctx: CommandContext,
  { importId, lease }: Lease,
): Promise<OpenChunk | undefined> {
  const { environment } = ctx.caller
  const row = await store.lockWithLease(ctx.tx, environment.id, importId, lease)
  if (row === undefined) return undefined
  const rows = await store.readChunk(ctx.tx, environment.id, row)
  return {
    importId,
    isDryRun: row.status === 'checking',
    isLast: row.next_chunk + 1 >= row.chunk_count,
    rows: rows.map((one) => ({ ...one, ...readRow(row.columns, one.cells) })),
  }
}

/** What became of a row. */
export type RowOutcome =
  | { readonly kind: 'created' | 'existed' }
  | { readonly kind: 'failed'; readonly errors: readonly FieldError[] }

/** Keeps what became of every row, in their order, and moves on. `giveBack` ends the lease. */
export function closeChunk(
  ctx: CommandContext,
  { importId, isDryRun, isLast, rows }: OpenChunk,
  outcomes: readonly RowOutcome[],
  giveBack: boolean,
): void {
  const { environment } = ctx.caller
  const failures = rows.flatMap(({ row, cells }, place) => {
    const outcome = outcomes[place]
    return outcome?.kind === 'failed' ? [{ row, cells, errors: outcome.errors }] : []
  })
  const many = (kind: RowOutcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length
  store.sendFailures(ctx.tx, environment.id, importId, failures)
  store.sendProgress(ctx.tx, environment.id, importId, {
    processed: rows.length,
    created: many('created'),
    existed: many('existed'),
    failed: failures.length,
    status: statusAfter(isDryRun, isLast),
    at: ctx.realNow,
    finishedAt: isLast ? ctx.realNow : null,
    giveBack: giveBack || isLast,
    leaseSeconds,
  })
}

function statusAfter(isDryRun: boolean, isLast: boolean) {
  if (isLast) return isDryRun ? 'checked' : 'done'
  return isDryRun ? 'checking' : 'running'
}

/** Of these user IDs, those that no earlier row of the file has; for dry runs. */
export function claimUserIds(
  ctx: CommandContext,
  importId: string,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  return store.claimUserIds(ctx.tx, ctx.caller.environment.id, importId, userIds)
}
