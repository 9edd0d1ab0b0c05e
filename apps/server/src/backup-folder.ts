import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { isUnfinished, unfinishedPlace } from './data-folder.ts'
import { readEverything, startBackupMode } from './db/backup-mode.ts'
import {
  copyFolder,
  copyRunningCluster,
  copySegments,
  isEmptyPlace,
  syncFolder,
  writeDurably,
} from './embedded/copy-cluster.ts'
import { type EmbeddedConnection, startEmbeddedDatabase } from './embedded/embedded-database.ts'
import { errorCode } from './embedded/embedded-database-error.ts'
import { StartRefused } from './start-refused.ts'

/**
 * Backups of a data folder: a physical copy of the running database, and the small files without which it is of no use. A
 * backup is a data folder itself; restoring it is copying it back.
 */

/** Beside the database: what passwords and encryption derive from, the database's password, the first key. */
const smallFiles = ['secret', 'postgres.password', 'sandbox.key']
/** In the order in which they come to their place: where a database is already, nothing else is replaced. */
const parts = ['postgres', ...smallFiles]

export type Backup = { readonly customers: number }

/** Copies the data folder of a running database, and checks the copy by starting a database on a copy of it. */
export async function backUp(
  dataFolder: string,
  connection: EmbeddedConnection,
  target: string,
): Promise<Backup> {
  await assertEmpty(target, 'The folder for the backup', dataFolder)
  return fill(target, async (place) => {
    const source = path.join(dataFolder, 'postgres')
    const copy = path.join(place, 'postgres')
    const mode = await startBackupMode(connection)
    try {
      await copyRunningCluster(source, copy)
      const { lastSegment, label } = await mode.stop()
      await copySegments({ source, target: copy }, mode.firstSegment, lastSegment)
      await writeDurably(path.join(copy, 'backup_label'), label)
    } finally {
      await mode.close()
    }
    await copySmallFiles(dataFolder, place)
    return verify(place)
  })
}

/** Puts a backup into an empty data folder, and checks that it starts. */
export async function restore(backup: string, dataFolder: string): Promise<Backup> {
  if ((await isEmptyPlace(path.join(backup, 'postgres'))) || (await isUnfinished(backup))) {
    throw new StartRefused(`${backup} holds no backup; give the folder that "npm run backup" wrote.`)
  }
  await assertEmpty(dataFolder, 'The data folder', backup)
  return fill(dataFolder, async (place) => {
    await copyFolder(path.join(backup, 'postgres'), path.join(place, 'postgres'))
    await copySmallFiles(backup, place)
    return readAll(place)
  })
}

/**
 * Has a folder filled in a place within it, and moves everything to where it belongs as the last step. Whatever kills it
 * leaves that place behind: then the folder is neither a backup nor a data folder, and may be filled anew.
 */
async function fill<T>(folder: string, work: (place: string) => Promise<T>): Promise<T> {
  const place = unfinishedPlace(folder)
  const clear = async (names: readonly string[]) => {
    for (const name of names) await rm(path.join(folder, name), { recursive: true, force: true })
    await rm(place, { recursive: true, force: true })
  }
  if (await isUnfinished(folder)) await clear(parts)
  await mkdir(place, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const moved: string[] = []
  try {
    const result = await work(place)
    const filled = await readdir(place)
    for (const name of parts.filter((part) => filled.includes(part))) {
      await rename(path.join(place, name), path.join(folder, name))
      moved.push(name)
    }
    await syncFolder(folder)
    await rm(place, { recursive: true })
    await syncFolder(folder)
    return result
  } catch (error) {
    await clear(moved)
    throw error
  }
}

async function assertEmpty(folder: string, what: string, other: string): Promise<void> {
  const inside = (one: string, outer: string) => !path.relative(outer, one).startsWith('..')
  if (inside(folder, other) || inside(other, folder))
    throw new StartRefused(`${what} ${folder} and ${other} lie within each other; use one apart from it.`)
  if ((await isEmptyPlace(folder)) || (await isUnfinished(folder))) return
  throw new StartRefused(
    `${what} ${folder} is not empty; nothing is overwritten: use an empty or a new folder.`,
  )
}

async function copySmallFiles(source: string, target: string): Promise<void> {
  for (const name of smallFiles) {
    const content = await readFile(path.join(source, name)).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error
    })
    if (content !== undefined) await writeDurably(path.join(target, name), content)
  }
}

/** Starts a database on a copy of the backup, so that the backup stays as it was taken. */
async function verify(backup: string): Promise<Backup> {
  const trial = await mkdtemp(path.join(backup, 'trial-'))
  try {
    await copyFolder(path.join(backup, 'postgres'), path.join(trial, 'postgres'))
    await copySmallFiles(backup, trial)
    return await readAll(trial)
  } finally {
    await rm(trial, { recursive: true, force: true })
  }
}

async function readAll(dataFolder: string): Promise<Backup> {
  const database = await startEmbeddedDatabase({ dataFolder })
  try {
    return { customers: await readEverything(database.connection) }
  } finally {
    await database.stop()
  }
}
