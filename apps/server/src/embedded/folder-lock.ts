// Owns: which one server process a data folder belongs to.
// Does not own: PostgreSQL's own lock (postmaster.pid), which an orphan may still hold after ours is free.
// Always: of any number of starts at once exactly one holds the lock, and a killed holder frees it at once.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { EmbeddedDatabaseError } from './embedded-database-error.ts'

/** A held data folder. `release` may be called more than once. */
export type FolderLock = { release(): void }

/**
 * Takes the data folder for this process or throws `occupied`.
 *
 * Node has no file locks of its own, but SQLite, which it carries, does: an exclusive transaction on an empty
 * file holds an advisory lock of the operating system until it ends or the process does. Unlike a file with a
 * process id in it, it cannot be fooled by a reused id, by two starts at once or by a container that sees
 * other ids. Nothing else in this process may open `server.lock`: closing any descriptor of a file frees its
 * POSIX locks.
 */
export function lockFolder(dataFolder: string): FolderLock {
  const holderFile = path.join(dataFolder, 'server.pid')
  const lock = openExclusively(dataFolder, holderFile)
  writeFileSync(holderFile, `${process.pid}\n`, { mode: 0o600 })
  return { release: () => releaseLock(lock, holderFile) }
}

function openExclusively(dataFolder: string, holderFile: string): DatabaseSync {
  const lock = new DatabaseSync(path.join(dataFolder, 'server.lock'), { timeout: 0 })
  try {
    // With its journal in memory nothing is ever written: the file stays empty, the lock is all there is.
    lock.exec('pragma journal_mode = memory; begin exclusive')
    return lock
  } catch (error) {
    lock.close()
    throw isBusy(error) ? occupied(dataFolder, holderFile) : lockless(dataFolder, error)
  }
}

const SQLITE_BUSY = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

function occupied(dataFolder: string, holderFile: string): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'occupied',
    `Another Commet server${holder(holderFile)} is running on the data folder ${dataFolder}: ` +
      'stop it first, or set COMMET_DATA_DIR to another folder.',
  )
}

function holder(holderFile: string): string {
  try {
    return ` (process ${Number.parseInt(readFileSync(holderFile, 'utf8'), 10)})`.replace(' (process NaN)', '')
  } catch {
    return '' // The name of the holder is a courtesy; the lock has already answered.
  }
}

function lockless(dataFolder: string, cause: unknown): EmbeddedDatabaseError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new EmbeddedDatabaseError(
    'unwritable',
    `The data folder ${dataFolder} cannot be locked (${why}): ` +
      'set COMMET_DATA_DIR to a folder on a local disk that this user can write to.',
    { cause },
  )
}

function releaseLock(lock: DatabaseSync, holderFile: string): void {
  if (!lock.isOpen) return
  rmSync(holderFile, { force: true })
  lock.close()
}
