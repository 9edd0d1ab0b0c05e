// Owns: as which user of the machine PostgreSQL runs, and how that user gets at its folder.
// Does not own: which folders there are, nor what lies in them.
// Always: PostgreSQL never runs as root, and never gets more of the data folder than its own part.

import { existsSync } from 'node:fs'
import { chmod, lchown, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { EmbeddedDatabaseError, errorCode } from './embedded-database-error.ts'

/** The user and group that PostgreSQL's programs are started as; `undefined` stands for our own. */
export type Account = { readonly uid: number; readonly gid: number } | undefined

/**
 * How a program is told about a folder: the directory it is started in, and the name it knows the folder by.
 */
export type Standpoint = { readonly cwd: string; readonly name: string }

/** `nobody`: the one unprivileged id that small containers with few mapped ids have too. */
const NOBODY = { uid: 65_534, gid: 65_534 } as const

/**
 * Decides who runs PostgreSQL on `clusterFolder` (which need not exist yet): ourselves, or, when we are root
 * (whom PostgreSQL refuses), the user the cluster already belongs to, or else `nobody`. Throws `wrong_owner`
 * where the cluster belongs to somebody else and we are not root.
 */
export async function chooseAccount(clusterFolder: string): Promise<Account> {
  const ownId = process.getuid?.()
  if (ownId === undefined) return undefined
  const owner = await ownerOf(clusterFolder)
  if (ownId === 0) return owner === undefined || owner.uid === 0 ? NOBODY : owner
  if (owner === undefined || owner.uid === ownId) return undefined
  throw new EmbeddedDatabaseError(
    'wrong_owner',
    `The database in ${clusterFolder} belongs to user ${owner.uid} and this server runs as user ${ownId}: ` +
      `start it as that user or as root, or give it the data folder (chown -R ${ownId} ${path.dirname(clusterFolder)}).`,
  )
}

async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const { uid, gid } = await stat(folder)
    return { uid, gid }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Gives a folder and all in it to `account`, the folder itself last, so that an interrupted run is done
 * again.
 */
export async function handOver(folder: string, account: Account): Promise<void> {
  if (account === undefined || (await stat(folder)).uid === account.uid) return
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await lchown(path.join(entry.parentPath, entry.name), account.uid, account.gid)
  }
  await lchown(folder, account.uid, account.gid)
}

/**
 * How `account` gets at `folder`.
 *
 * Another user cannot walk to a folder below a closed one: a project in /root, or our own data folder (0700).
 * But a child process enters its working directory before it gives up root, and stays there; and on Linux
 * /proc/self/cwd leads to that directory without asking the folders above it. So PostgreSQL is started inside
 * its folder and knows it by that name, and nothing around it has to be opened. Tried with initdb,
 * single-user mode, the server, its backends, extensions, crash recovery and reload. (PostgreSQL makes a
 * relative `-D .` absolute, and then fails.)
 */
export async function standIn(folder: string, account: Account): Promise<Standpoint> {
  if (account === undefined) return { cwd: folder, name: folder }
  if (existsSync('/proc/self/cwd')) return { cwd: folder, name: '/proc/self/cwd' }
  await openWay(folder)
  return { cwd: folder, name: folder }
}

/**
 * Where there is no /proc (macOS): our own folder is opened for passing through, others must be open already.
 */
async function openWay(folder: string): Promise<void> {
  const dataFolder = path.dirname(folder)
  await chmod(dataFolder, (await stat(dataFolder)).mode | 0o011)
  if (await isOpenToAll(dataFolder)) return
  throw new EmbeddedDatabaseError(
    'unwritable',
    `PostgreSQL does not run as root, and no other user can get to ${dataFolder}: ` +
      'set COMMET_DATA_DIR to a folder outside closed ones, or start the server as an ordinary user.',
  )
}

/**
 * Whether any user may walk down to `target` and, if it is a file, read it (and run it, if it is a program).
 */
export async function isOpenToAll(target: string): Promise<boolean> {
  const own = await stat(target)
  if (own.isFile() && (own.mode & 0o004) === 0) return false
  for (let folder = own.isFile() ? path.dirname(target) : target; ; folder = path.dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false
    if (folder === path.dirname(folder)) return true
  }
}
