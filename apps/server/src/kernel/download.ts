import type { Caller } from './caller.ts'
import { type Kernel, type QueryContext, query } from './command.ts'
import type { Cells } from './csv.ts'

/**
 * Files that are sent while they are read. Each page is a read of its own, in a transaction of its own: a client that takes
 * an hour for its file keeps no transaction open, and what the server holds of the file at any moment is one page.
 */

export type DownloadContext = {
  readonly caller: Caller
  /** The machine's clock, for the name of the file. */
  readonly realNow: Date
  read<T>(work: (ctx: QueryContext) => Promise<T>): Promise<T>
}

export type Download = {
  /** What the file is called, with its ending: ASCII letters, digits, dots and hyphens. */
  readonly fileName: string
  readonly columns: Cells
  readonly pages: AsyncIterable<readonly Cells[]>
}

export function downloadContext(kernel: Kernel, caller: Caller): DownloadContext {
  return { caller, realNow: new Date(), read: (work) => query(kernel, caller, work) }
}

/** `customers-sandbox-2026-11-24.csv` */
export function fileNameOf(what: string, { caller, realNow }: DownloadContext): string {
  return `${what}-${caller.environment.mode}-${realNow.toISOString().slice(0, 10)}.csv`
}
