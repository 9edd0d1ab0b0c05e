// Owns: the file PostgreSQL writes its own lines to.
// Does not own: what PostgreSQL finds worth a line (settings.ts).
// Always: at most two files of about the bound are kept.

import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { errorCode } from './embedded-database-error.ts'

const LARGEST_LOG_BYTES = 5 * 1024 * 1024
const LONGEST_TAIL_BYTES = 8 * 1024

/**
 * The log, opened for one run of the server. `tail` answers what that run has written to it, at most 8 KB.
 */
export type ServerLog = { readonly descriptor: number; tail(): Promise<string>; close(): Promise<void> }

/** Opens `<dataFolder>/postgres.log` for appending; one that has grown over 5 MB is set aside first. */
export async function openServerLog(dataFolder: string): Promise<ServerLog> {
  const file = path.join(dataFolder, 'postgres.log')
  if ((await sizeOf(file)) > LARGEST_LOG_BYTES) await rename(file, `${file}.1`)
  const handle = await open(file, 'a+', 0o600)
  const begin = (await handle.stat()).size
  return { descriptor: handle.fd, tail: () => readTail(handle, begin), close: () => handle.close() }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0
    throw error
  }
}

async function readTail(handle: FileHandle, begin: number): Promise<string> {
  const { size } = await handle.stat()
  const position = Math.max(begin, size - LONGEST_TAIL_BYTES)
  const { buffer, bytesRead } = await handle.read(
    Buffer.alloc(LONGEST_TAIL_BYTES),
    0,
    LONGEST_TAIL_BYTES,
    position,
  )
  return buffer.toString('utf8', 0, bytesRead)
}
