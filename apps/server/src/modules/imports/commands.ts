import type { ImportDetail, ImportStatus } from '@commet/contract'
import type { CommandContext } from '../../kernel/command.ts'
import { invariant } from '../../kernel/invariant.ts'
import { Refusal, refuseFields } from '../../kernel/refusal.ts'
import { type FileRow, readCsvFile } from './csv-file.ts'
import { type Column, suggestFields } from './fields.ts'
import { importNotFound } from './not-found.ts'
import { presentDetail } from './present.ts'
import * as store from './store.ts'

/**
 * Owns imports: the uploaded file, how its columns are read, and which step is under way. Does not know customers.
 * A file is there whole or not at all; the steps themselves are carried out by the workers, see `steps.ts`.
 */

const chunkRows = 100
/** Chunks that are written as one statement. */
const chunksAtOnce = 20
const sampleRows = 5
const sampleCellLength = 200

/** Keeps a file, and suggests what its columns mean. */
export async function createImport(
  ctx: CommandContext,
  fileName: string,
  file: Uint8Array,
): Promise<ImportDetail> {
  const { environment, actor, requestId } = ctx.caller
  const id = ctx.newId('import')
  const row = {
    ...{ id, file_name: fileName, requested_by: actor },
    ...{ request_id: requestId ?? null, created_at: ctx.realNow },
  }
  store.sendImport(ctx.tx, environment.id, row)
  const { head, sample, rowCount, chunkCount } = await keepRows(ctx, id, readCsvFile(file))
  const stored = await store.completeUpload(ctx.tx, environment.id, {
    id,
    columns: suggestFields(head, sample[0] ?? []),
    sample: sample.map((cells) => cells.map((cell) => cell.slice(0, sampleCellLength).toWellFormed())),
    row_count: rowCount,
    chunk_count: chunkCount,
  })
  invariant(stored !== undefined, 'an import is there after it was inserted')
  ctx.audit({ operation: 'imports.create', subjectId: id, before: null, after: { fileName, rows: rowCount } })
  return presentDetail(stored, [], environment)
}

/** Writes the rows in chunks while they are read, so that the file is never in memory a second time. */
async function keepRows(ctx: CommandContext, id: string, rows: AsyncIterable<FileRow>) {
  const { environment } = ctx.caller
  let head: readonly string[] | undefined
  const sample: (readonly string[])[] = []
  let [rowCount, chunkCount] = [0, 0]
  let chunks: { number: number; rows: FileRow[] }[] = []
  for await (const row of rows) {
    if (head === undefined) {
      head = row.cells
      continue
    }
    if (rowCount < sampleRows) sample.push(row.cells)
    if (rowCount % chunkRows === 0) {
      if (chunks.length === chunksAtOnce) {
        await store.insertManyChunks(ctx.tx, environment.id, id, chunks)
        chunks = []
      }
      chunks.push({ number: chunkCount++, rows: [] })
    }
    chunks.at(-1)?.rows.push(row)
    rowCount++
  }
  await store.insertManyChunks(ctx.tx, environment.id, id, chunks)
  return { head: head ?? [], sample, rowCount, chunkCount }
}

/** Says which field each column fills. */
export async function updateImport(
  ctx: CommandContext,
  id: string,
  fields: readonly (string | null)[],
): Promise<ImportDetail> {
  const { environment } = ctx.caller
  const before = await lockAt(ctx, id, ['uploaded', 'checked'])
  const columns = before.columns.map(({ name }, place) => ({ name, field: fields[place] ?? null }))
  if (fields.length !== columns.length) {
    throw refuseFields([
      { field: 'columns', message: `must have ${columns.length} entries, one for each column of the file` },
    ])
  }
  refuseTwice(fields)
  store.sendForgetFindings(ctx.tx, environment.id, id)
  const row = await store.saveColumns(ctx.tx, environment.id, id, columns, ctx.realNow)
  invariant(row !== undefined, 'a locked import is there')
  return presentDetail(row, [], environment)
}

function refuseTwice(fields: readonly (string | null)[]): void {
  const wrong = fields.flatMap((field, place) =>
    field === null || fields.indexOf(field) === place
      ? []
      : [{ field: `columns.${place}`, message: `fills ${field}, which an earlier column fills` }],
  )
  if (wrong.length > 0) throw refuseFields(wrong)
}

/** Asks the workers for a dry run. */
export function checkImport(ctx: CommandContext, id: string): Promise<ImportDetail> {
  return begin(ctx, id, 'checking')
}

/** Asks the workers to create the customers. */
export async function runImport(ctx: CommandContext, id: string): Promise<ImportDetail> {
  const detail = await begin(ctx, id, 'running')
  const { rows, columns } = detail
  ctx.audit({ operation: 'imports.run', subjectId: id, before: null, after: { rows, columns } })
  return detail
}

async function begin(ctx: CommandContext, id: string, status: 'checking' | 'running'): Promise<ImportDetail> {
  const { environment, actor: requestedBy, requestId } = ctx.caller
  const { columns } = await lockAt(ctx, id, ['uploaded', 'checked'])
  assertHasEmail(columns)
  store.sendForgetFindings(ctx.tx, environment.id, id)
  const step = { status, requestedBy, requestId, at: ctx.realNow }
  const row = await store.begin(ctx.tx, environment.id, id, step)
  invariant(row !== undefined, 'a locked import is there')
  return presentDetail(row, [], environment)
}

function assertHasEmail(columns: readonly Column[]): void {
  if (columns.some(({ field }) => field === 'email')) return
  throw refuseFields([
    { field: 'columns', message: 'must have one that fills email: every customer has one' },
  ])
}

/** Ends an import where it is. What it has created stays; the rest of the file is forgotten. */
export async function cancelImport(ctx: CommandContext, id: string): Promise<ImportDetail> {
  const { environment } = ctx.caller
  const before = await lockAt(ctx, id, ['uploaded', 'checking', 'checked', 'running'])
  store.sendForgetRows(ctx.tx, environment.id, id)
  const row = await store.cancel(ctx.tx, environment.id, id, ctx.realNow)
  invariant(row !== undefined, 'a locked import is there')
  ctx.audit({
    operation: 'imports.cancel',
    subjectId: id,
    before: { status: before.status },
    after: { status: row.status, processed: row.processed },
  })
  const page = { after: 0, limit: 100 }
  return presentDetail(row, await store.listFailures(ctx.tx, environment.id, id, page), environment)
}

async function lockAt(
  ctx: CommandContext,
  id: string,
  allowed: readonly ImportStatus[],
): Promise<store.ImportRow> {
  const row = await store.lock(ctx.tx, ctx.caller.environment.id, id)
  if (row === undefined) throw importNotFound(id)
  if (allowed.includes(row.status)) return row
  throw new Refusal('invalid_import_status', `This import is ${row.status}. ${nextFor(row.status)}`)
}

function nextFor(status: ImportStatus): string {
  return status === 'checking' || status === 'running'
    ? 'Wait until that is over, or cancel it.'
    : 'Upload the file again to import it again.'
}
