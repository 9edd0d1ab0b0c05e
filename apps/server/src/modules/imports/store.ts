import type { FieldError, ImportStatus } from '@commet/contract'
import type { Actor } from '../../kernel/caller.ts'
import type { Cells } from '../../kernel/csv.ts'
import type { ReadTransaction, Statement, WriteTransaction } from '../../kernel/db.ts'
import type { Place } from '../../kernel/paging.ts'
import type { FileRow } from './csv-file.ts'
import type { Column } from './fields.ts'

/** All SQL of imports. */

export type ImportRow = {
  readonly id: string
  readonly file_name: string
  readonly columns: readonly Column[]
  readonly sample: readonly Cells[]
  readonly row_count: number
  readonly chunk_count: number
  readonly status: ImportStatus
  readonly next_chunk: number
  readonly processed: number
  readonly created: number
  readonly existed: number
  readonly failed: number
  readonly requested_by: Actor
  readonly request_id: string | null
  readonly created_at: Date
  readonly started_at: Date | null
  readonly finished_at: Date | null
  readonly attempts: number
}

const columns = `id, file_name, columns, sample, row_count, chunk_count, status, next_chunk, processed, created, existed,
  failed, requested_by, request_id, created_at, started_at, finished_at, attempts`

const insertImport: Statement = {
  name: 'imports.insert',
  text: `
    insert into imports (environment_id, id, file_name, columns, sample, row_count, chunk_count, status, requested_by,
      request_id, created_at, updated_at)
    values ($1, $2, $3, $4, $5, 0, 0, 'uploaded', $6, $7, $8, $8)`,
}

export function sendImport(
  tx: WriteTransaction,
  environmentId: string,
  row: Pick<ImportRow, 'id' | 'file_name' | 'requested_by' | 'request_id' | 'created_at'>,
): void {
  const { id, file_name, requested_by, request_id, created_at } = row
  const by = JSON.stringify(requested_by)
  tx.send(insertImport, [environmentId, id, file_name, '[]', '[]', by, request_id, created_at])
}

const insertChunks: Statement = {
  name: 'imports.insert_chunks',
  text: `
    insert into import_chunks (environment_id, import_id, number, rows)
    select $1, $2, c.number, c.rows from jsonb_to_recordset($3) as c (number integer, rows jsonb)`,
}

export type Chunk = { readonly number: number; readonly rows: readonly FileRow[] }

export async function insertManyChunks(
  tx: WriteTransaction,
  environmentId: string,
  importId: string,
  chunks: readonly Chunk[],
): Promise<void> {
  await tx.many(insertChunks, [environmentId, importId, JSON.stringify(chunks)])
}

const updateUploaded: Statement = {
  name: 'imports.update_uploaded',
  text: `
    update imports set columns = $3, sample = $4, row_count = $5, chunk_count = $6
    where environment_id = $1 and id = $2 returning ${columns}`,
}

export function completeUpload(
  tx: WriteTransaction,
  environmentId: string,
  row: Pick<ImportRow, 'id' | 'columns' | 'sample' | 'row_count' | 'chunk_count'>,
): Promise<ImportRow | undefined> {
  const [mapped, sample] = [JSON.stringify(row.columns), JSON.stringify(row.sample)]
  return tx.one(updateUploaded, [environmentId, row.id, mapped, sample, row.row_count, row.chunk_count])
}

const getById: Statement = {
  name: 'imports.get',
  text: `select ${columns} from imports where environment_id = $1 and id = $2`,
}

export function get(tx: ReadTransaction, environmentId: string, id: string): Promise<ImportRow | undefined> {
  return tx.one(getById, [environmentId, id])
}

const lockById: Statement = { name: 'imports.lock', text: `${getById.text} for update` }

export function lock(
  tx: WriteTransaction,
  environmentId: string,
  id: string,
): Promise<ImportRow | undefined> {
  return tx.one(lockById, [environmentId, id])
}

const listPage: Statement = {
  name: 'imports.list',
  text: `
    select ${columns} from imports
    where environment_id = $1 and ($3::timestamptz is null or (created_at, id) < ($3, $4))
    order by created_at desc, id desc limit $2`,
}

export function list(
  tx: ReadTransaction,
  environmentId: string,
  limit: number,
  after: Place | undefined,
): Promise<ImportRow[]> {
  return tx.many(listPage, [environmentId, limit, after?.createdAt ?? null, after?.id ?? null])
}

const updateColumns: Statement = {
  name: 'imports.update_columns',
  text: `
    update imports set columns = $3, status = 'uploaded', processed = 0, created = 0, existed = 0, failed = 0,
      started_at = null, finished_at = null, updated_at = $4
    where environment_id = $1 and id = $2 returning ${columns}`,
}

/** Maps the columns anew: what a dry run found no longer holds. */
export function saveColumns(
  tx: WriteTransaction,
  environmentId: string,
  id: string,
  mapped: readonly Column[],
  at: Date,
): Promise<ImportRow | undefined> {
  return tx.one(updateColumns, [environmentId, id, JSON.stringify(mapped), at])
}

const beginStep: Statement = {
  name: 'imports.begin_step',
  text: `
    update imports set status = $3, next_chunk = 0, processed = 0, created = 0, existed = 0, failed = 0,
      requested_by = $4, request_id = $5, updated_at = $6, started_at = null, finished_at = null,
      lease = null, leased_until = null, attempts = 0, worked_at = null
    where environment_id = $1 and id = $2 returning ${columns}`,
}

export type Step = {
  readonly status: 'checking' | 'running'
  readonly requestedBy: Actor
  readonly requestId: string | undefined
  readonly at: Date
}

/** Gives an import to the workers, from its first row. */
export function begin(
  tx: WriteTransaction,
  environmentId: string,
  id: string,
  { status, requestedBy, requestId, at }: Step,
): Promise<ImportRow | undefined> {
  const by = JSON.stringify(requestedBy)
  return tx.one(beginStep, [environmentId, id, status, by, requestId ?? null, at])
}

const markCanceled: Statement = {
  name: 'imports.cancel',
  text: `
    update imports set status = 'canceled', finished_at = $3, updated_at = $3, lease = null
    where environment_id = $1 and id = $2 returning ${columns}`,
}

export function cancel(
  tx: WriteTransaction,
  environmentId: string,
  id: string,
  at: Date,
): Promise<ImportRow | undefined> {
  return tx.one(markCanceled, [environmentId, id, at])
}

const deleteFailures: Statement = {
  name: 'imports.delete_failures',
  text: 'delete from import_failures where environment_id = $1 and import_id = $2',
}
const deleteUserIds: Statement = {
  name: 'imports.delete_user_ids',
  text: 'delete from import_user_ids where environment_id = $1 and import_id = $2',
}
const deleteChunks: Statement = {
  name: 'imports.delete_chunks',
  text: 'delete from import_chunks where environment_id = $1 and import_id = $2',
}

/** Forgets what an earlier step found. */
export function sendForgetFindings(tx: WriteTransaction, environmentId: string, id: string): void {
  tx.send(deleteFailures, [environmentId, id])
  tx.send(deleteUserIds, [environmentId, id])
}

/** Forgets the rows that are left of the file. */
export function sendForgetRows(tx: WriteTransaction, environmentId: string, id: string): void {
  tx.send(deleteChunks, [environmentId, id])
  tx.send(deleteUserIds, [environmentId, id])
}

const lockLeased: Statement = {
  name: 'imports.lock_leased',
  text: `
    select ${columns} from imports
    where environment_id = $1 and id = $2 and lease = $3 and status in ('checking', 'running') for update`,
}

/** The import, kept from others until the commit; undefined where the lease is another's or the step is over. */
export function lockWithLease(
  tx: WriteTransaction,
  environmentId: string,
  id: string,
  lease: string,
): Promise<ImportRow | undefined> {
  return tx.one(lockLeased, [environmentId, id, lease])
}

const getChunk: Statement = {
  name: 'imports.get_chunk',
  text: 'select rows from import_chunks where environment_id = $1 and import_id = $2 and number = $3',
}
const takeChunk: Statement = {
  name: 'imports.take_chunk',
  text: 'delete from import_chunks where environment_id = $1 and import_id = $2 and number = $3 returning rows',
}

/** The rows of a chunk. A run takes them away, in the commit that creates their customers. */
export async function readChunk(
  tx: WriteTransaction,
  environmentId: string,
  { id, next_chunk, status }: ImportRow,
): Promise<readonly FileRow[]> {
  const statement = status === 'running' ? takeChunk : getChunk
  const found = await tx.one<{ rows: readonly FileRow[] }>(statement, [environmentId, id, next_chunk])
  return found?.rows ?? []
}

const claimIds: Statement = {
  name: 'imports.claim_user_ids',
  text: `
    insert into import_user_ids (environment_id, import_id, user_id)
    select $1, $2, unnest($3::text[]) on conflict do nothing returning user_id`,
}

/** Notes user IDs that a dry run meets, and answers those that it has not met before. */
export async function claimUserIds(
  tx: WriteTransaction,
  environmentId: string,
  importId: string,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.many<{ user_id: string }>(claimIds, [environmentId, importId, userIds])
  return new Set(rows.map(({ user_id }) => user_id))
}

const insertFailures: Statement = {
  name: 'imports.insert_failures',
  text: `
    insert into import_failures (environment_id, import_id, row_number, cells, errors)
    select $1, $2, f.row, f.cells, f.errors
    from jsonb_to_recordset($3) as f (row integer, cells jsonb, errors jsonb)`,
}

export type Failure = FileRow & { readonly errors: readonly FieldError[] }

export function sendFailures(
  tx: WriteTransaction,
  environmentId: string,
  importId: string,
  failures: readonly Failure[],
): void {
  if (failures.length === 0) return
  tx.send(insertFailures, [environmentId, importId, JSON.stringify(failures)])
}

const advance: Statement = {
  name: 'imports.advance',
  text: `
    update imports set next_chunk = next_chunk + 1, processed = processed + $3, created = created + $4,
      existed = existed + $5, failed = failed + $6, status = $7, updated_at = $8, finished_at = $9, attempts = 0,
      worked_at = now(), leased_until = case when $10 then null else now() + make_interval(secs => $11) end
    where environment_id = $1 and id = $2`,
}

export type Progress = {
  readonly processed: number
  readonly created: number
  readonly existed: number
  readonly failed: number
  readonly status: ImportStatus
  readonly at: Date
  readonly finishedAt: Date | null
  readonly giveBack: boolean
  readonly leaseSeconds: number
}

export function sendProgress(tx: WriteTransaction, environmentId: string, id: string, done: Progress): void {
  const counts = [done.processed, done.created, done.existed, done.failed]
  const outcome = [done.status, done.at, done.finishedAt, done.giveBack, done.leaseSeconds]
  tx.send(advance, [environmentId, id, ...counts, ...outcome])
}

const listFailuresOf: Statement = {
  name: 'imports.list_failures',
  text: `
    select row_number as row, cells, errors from import_failures
    where environment_id = $1 and import_id = $2 and row_number > $3 order by row_number limit $4`,
}

export function listFailures(
  tx: ReadTransaction,
  environmentId: string,
  importId: string,
  page: { readonly after: number; readonly limit: number },
): Promise<Failure[]> {
  return tx.many(listFailuresOf, [environmentId, importId, page.after, page.limit])
}
