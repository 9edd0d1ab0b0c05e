import type { Import, ImportDetail } from '@commet/contract'
import type { QueryContext } from '../../kernel/command.ts'
import type { Cells } from '../../kernel/csv.ts'
import { type Download, type DownloadContext, fileNameOf } from '../../kernel/download.ts'
import { type Page, pageOf, readCursor } from '../../kernel/paging.ts'
import { importNotFound } from './not-found.ts'
import { presentDetail, presentImport } from './present.ts'
import * as store from './store.ts'

const shownFailures = 100
const pageFailures = 500

/** Imports, newest first. */
export async function listImports(
  ctx: QueryContext,
  input: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<Import>> {
  const { environment } = ctx.caller
  const after = input.cursor === undefined ? undefined : readCursor(input.cursor, 'desc')
  const rows = await store.list(ctx.tx, environment.id, input.limit + 1, after)
  return pageOf(rows, input.limit, 'desc', (row) => presentImport(row, environment))
}

export async function getImport(ctx: QueryContext, id: string): Promise<ImportDetail> {
  const { environment } = ctx.caller
  const [row, failures] = await Promise.all([
    store.get(ctx.tx, environment.id, id),
    store.listFailures(ctx.tx, environment.id, id, { after: 0, limit: shownFailures }),
  ])
  if (row === undefined) throw importNotFound(id)
  return presentDetail(row, failures, environment)
}

/** Two columns that say what is wrong with a row, beside the columns of the file itself. */
const reportColumns = ['import row', 'import error']

/** The rows that failed, as they were in the file. A report of an earlier import in it makes room for the new one. */
export async function exportFailures(ctx: DownloadContext, id: string): Promise<Download> {
  const { environment } = ctx.caller
  const row = await ctx.read(({ tx }) => store.get(tx, environment.id, id))
  if (row === undefined) throw importNotFound(id)
  const names = row.columns.map(({ name }) => name)
  const isOwn = (place: number) => !reportColumns.includes(names[place] ?? '')
  const width = names.length
  return {
    fileName: fileNameOf('import-failures', ctx),
    columns: [...names.filter((_, place) => isOwn(place)), ...reportColumns],
    pages: failurePages(ctx, id, (cells) =>
      Array.from({ length: width }, (_, place) => cells[place] ?? '').filter((_, place) => isOwn(place)),
    ),
  }
}

async function* failurePages(
  ctx: DownloadContext,
  id: string,
  ownCells: (cells: Cells) => Cells,
): AsyncGenerator<readonly Cells[]> {
  for (let after = 0; ; ) {
    const page = { after, limit: pageFailures }
    const failures = await ctx.read(({ tx, caller }) =>
      store.listFailures(tx, caller.environment.id, id, page),
    )
    yield failures.map(({ row, cells, errors }) => [...ownCells(cells), String(row), inWords(errors)])
    if (failures.length < pageFailures) return
    after = failures.at(-1)?.row ?? after
  }
}

function inWords(errors: store.Failure['errors']): string {
  return errors.map(({ field, message }) => `${field} ${message}`).join('; ')
}
