import type { Import, ImportDetail } from '@commet/contract'
import type { Environment } from '../../kernel/caller.ts'
import type { Failure, ImportRow } from './store.ts'

/** Attempts in a row that failed, from which on people are told. */
const manyAttempts = 3

/** An import as a row of the list. */
export function presentImport(row: ImportRow, environment: Environment): Import {
  return {
    id: row.id,
    fileName: row.file_name,
    status: row.status,
    columns: row.columns.map(({ name, field }) => ({ name, field })),
    rows: row.row_count,
    processed: row.processed,
    created: row.created,
    existed: row.existed,
    failed: row.failed,
    stalled: row.attempts > manyAttempts,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    object: 'import',
    livemode: environment.mode === 'live',
  }
}

/** An import with its first rows and failures. */
export function presentDetail(
  row: ImportRow,
  failures: readonly Failure[],
  environment: Environment,
): ImportDetail {
  return {
    ...presentImport(row, environment),
    sample: row.sample.map((cells) => [...cells]),
    failures: failures.map(({ row: number, errors }) => ({ row: number, errors: [...errors] })),
  }
}
