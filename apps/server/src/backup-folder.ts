import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readEverything, startBackupMode } from './db/backup-mode.ts'
import { copyFolder, copyRunningCluster, copySegments, isEmptyPlace } from './embedded/copy-cluster.ts'
import { type EmbeddedConnection, startEmbeddedDatabase } from './embedded/embedded-database.ts'
import { errorCode } from './embedded/embedded-database-error.ts'
import { StartRefused } from './start-refused.ts'

/**
 * Backups of a data folder: a physical copy of the running database, and the small files without which it is of no use. A
 * backup is a data folder itself; restoring it is copying it back.
 */

/** Beside the database: what passwords and encryption derive from, the database's password, the first key. */
const smallFiles = ['secret', 'postgres.password', 'sandbox.key']

export type Backup = { readonly customers: number }

/** Copies the data folder of a running database, and checks the copy by starting a database on a copy of it. */
export async function backUp(
  dataFolder: string,
  connection: EmbeddedConnection,
  target: string,
): Promise<Backup> {
  await assertEmpty(target, 'The folder for the backup', dataFolder)
  try {
    const source = path.join(dataFolder, 'postgres')
    const copy = path.join(target, 'postgres')
    const mode = await startBackupMode(connection)
    try {
      await copyRunningCluster(source, copy)
      const { lastSegment, label } = await mode.stop()
      await copySegments({ source, target: copy }, mode.firstSegment, lastSegment)
      await writeFile(path.join(copy, 'backup_label'), label, { mode: 0o600 })
    } finally {
      await mode.close()
    }
    await copySmallFiles(dataFolder, target)
    return await verify(target)
  } catch (error) {
    await rm(target, { recursive: true, force: true })
    throw error
  }
}

/** Puts a backup into an empty data folder, and checks that it starts. */
export async function restore(backup: string, dataFolder: string): Promise<Backup> {
  if (await isEmptyPlace(path.join(backup, 'postgres'))) {
    throw new StartRefused(`${backup} holds no backup; give the folder that "npm run backup" wrote.`)
  }
  await assertEmpty(dataFolder, 'The data folder', backup)
  try {
    await copyFolder(path.join(backup, 'postgres'), path.join(dataFolder, 'postgres'))
    await copySmallFiles(backup, dataFolder)
    return await readAll(dataFolder)
  } catch (error) {
    await rm(path.join(dataFolder, 'postgres'), { recursive: true, force: true })
    for (const name of smallFiles) await rm(path.join(dataFolder, name), { force: true })
    throw error
  }
}

async function assertEmpty(folder: string, what: string, other: string): Promise<void> {
  const inside = (one: string, outer: string) => !path.relative(outer, one).startsWith('..')
  if (inside(folder, other) || inside(other, folder))
    throw new StartRefused(`${what} ${folder} and ${other} lie within each other; use one apart from it.`)
  if (await isEmptyPlace(folder)) return
  throw new StartRefused(
    `${what} ${folder} is not empty; nothing is overwritten: use an empty or a new folder.`,
  )
}

async function copySmallFiles(source: string, target: string): Promise<void> {
  for (const name of smallFiles) {
    try {
      await copyFile(path.join(source, name), path.join(target, name))
      await chmod(path.join(target, name), 0o600)
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error
    }
  }
}

/** Starts a database on a copy beside the backup, so that the backup stays as it was taken. */
async function verify(backup: string): Promise<Backup> {
  const trial = await mkdtemp(`${backup}.trial-`)
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
