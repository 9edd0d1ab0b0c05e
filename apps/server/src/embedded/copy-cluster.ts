// Owns: copying a cluster's files, of a running or a stopped server.
// Does not own: telling a running server that its files are being copied (db/backup-mode.ts).
// Always: what was copied is on disk when the copy is done.

import type { Dirent } from 'node:fs'
import { copyFile, mkdir, open, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { errorCode } from './embedded-database-error.ts'

/** Folders whose content belongs to one run of the server; the folder itself is needed. The log is copied apart. */
const emptyFolders: ReadonlySet<string> = new Set([
  ...['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp'],
  ...['pg_subtrans'],
])
const copiesAtOnce = 8

/** Copies a running cluster's files but for its log. Files that go while they are copied are not needed. */
export async function copyRunningCluster(source: string, target: string): Promise<void> {
  const entries = await listTree(source, (relative) => !emptyFolders.has(relative))
  await copyEntries({ source, target, entries: entries.filter(({ relative }) => isKept(relative)) })
  await mkdir(path.join(target, 'pg_wal/archive_status'), { recursive: true, mode: 0o700 })
}

/** Copies the segments of the log from the first to the last. Their names sort as they were written. */
export async function copySegments(
  places: { readonly source: string; readonly target: string },
  first: string,
  last: string,
): Promise<void> {
  const [source, target] = [path.join(places.source, 'pg_wal'), path.join(places.target, 'pg_wal')]
  const names = (await readdir(source)).filter((name) => isSegment(name) && name >= first && name <= last)
  if (!names.includes(first) || !names.includes(last)) throw new Error('A segment of the log is missing')
  await copyEntries({ source, target, entries: names.map((relative) => ({ relative, isFolder: false })) })
}

/** Copies a folder with all that is in it. */
export async function copyFolder(source: string, target: string): Promise<void> {
  await copyEntries({ source, target, entries: await listTree(source, () => true) })
}

function isSegment(name: string): boolean {
  return /^[0-9A-F]{24}$/.test(name)
}

function isKept(relative: string): boolean {
  const name = path.basename(relative)
  return !/^(postmaster\.(pid|opts)|pgsql_tmp.*|\.s\.PGSQL\..*|pg_internal\.init.*)$/.test(name)
}

type Entry = { readonly relative: string; readonly isFolder: boolean }

/** Everything below a folder, folders before what is in them. */
async function listTree(
  root: string,
  enters: (relative: string) => boolean,
  relative = '',
): Promise<readonly Entry[]> {
  const found: Entry[] = []
  for (const entry of await readFolder(path.join(root, relative))) {
    const place = path.join(relative, entry.name)
    if (entry.isFile()) found.push({ relative: place, isFolder: false })
    if (!entry.isDirectory()) continue
    found.push({ relative: place, isFolder: true })
    if (enters(place)) found.push(...(await listTree(root, enters, place)))
  }
  return found
}

async function readFolder(folder: string): Promise<readonly Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(unlessGone([]))
}

async function copyEntries(copy: {
  readonly source: string
  readonly target: string
  readonly entries: readonly Entry[]
}): Promise<void> {
  const { source, target, entries } = copy
  await mkdir(target, { recursive: true, mode: 0o700 })
  for (const { relative, isFolder } of entries)
    if (isFolder) await mkdir(path.join(target, relative), { recursive: true, mode: 0o700 })
  const files = entries.filter(({ isFolder }) => !isFolder).values()
  const copyInTurn = async () => {
    for (const { relative } of files)
      await copyDurably(path.join(source, relative), path.join(target, relative))
  }
  await Promise.all(Array.from({ length: copiesAtOnce }, copyInTurn))
  for (const { relative, isFolder } of entries) if (isFolder) await syncFolder(path.join(target, relative))
  await syncFolder(target)
}

async function copyDurably(source: string, target: string): Promise<void> {
  const copied = await copyFile(source, target).then(() => true, unlessGone(false))
  if (copied) await sync(target)
}

/** Writes a private file. */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(file, content, { mode: 0o600, flush: true })
}

/** What was made and renamed in a folder is on disk. Windows does it by itself, and opens no folders. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform !== 'win32') await sync(folder)
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r')
  await handle.sync().finally(() => handle.close())
}

function unlessGone<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (errorCode(error) === 'ENOENT') return instead
    throw error
  }
}

/** Whether there is nothing at this path, or an empty folder. */
export async function isEmptyPlace(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(unlessGone(undefined))
  if (found === undefined) return true
  return found.isDirectory() && (await readdir(folder)).length === 0
}
