import { randomBytes } from 'node:crypto'
import { access, chmod, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { StartRefused } from './start-refused.ts'

/**
 * The small files beside the database: the secret, the first key, and where the running database listens. All of them
 * are readable by their owner only.
 */

export type DataFolder = {
  readonly path: string
  readonly firstKeyFile: string
}

export async function openDataFolder(folder: string): Promise<DataFolder> {
  try {
    await mkdir(folder, { recursive: true })
    const probe = path.join(folder, `.writable-${process.pid}`)
    await writeFile(probe, '')
    await rm(probe)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new StartRefused(
      `The data folder ${folder} cannot be written (${reason}); make it writable, or set COMMET_DATA_DIR to a folder that is.`,
    )
  }
  if (await isUnfinished(folder)) {
    throw new StartRefused(
      `The data folder ${folder} was not filled to its end: run "npm run restore" again, or use another folder.`,
    )
  }
  return { path: folder, firstKeyFile: path.join(folder, 'sandbox.key') }
}

/** Where a backup is put together before it is moved to its place in a folder. */
export function unfinishedPlace(folder: string): string {
  return path.join(folder, '.commet-unfinished')
}

/** Whether a copy into this folder was killed on its way. */
export async function isUnfinished(folder: string): Promise<boolean> {
  return access(unfinishedPlace(folder)).then(
    () => true,
    () => false,
  )
}

/** The secret that everything derived comes from: COMMET_SECRET, or one generated at the first start. */
export async function installationSecret(folder: DataFolder, given: string | undefined): Promise<string> {
  if (given !== undefined) return given
  return keepOnce(path.join(folder.path, 'secret'), () => randomBytes(32).toString('hex'))
}

/** Writes a private file unless it is there, and answers what it holds. Two at once agree on one content. */
async function keepOnce(file: string, make: () => string): Promise<string> {
  try {
    const handle = await open(file, 'wx', 0o600)
    const content = make()
    await handle.writeFile(`${content}\n`)
    await handle.sync()
    await handle.close()
    return content
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    const content = (await readFile(file, 'utf8')).trim()
    if (content === '')
      throw new StartRefused(
        `The file ${file} is empty; restore it from a backup, or remove it to make a new one.`,
      )
    return content
  }
}

export async function writeFirstKey(folder: DataFolder, secret: string): Promise<void> {
  await writeFile(folder.firstKeyFile, `${secret}\n`, { mode: 0o600 })
  await chmod(folder.firstKeyFile, 0o600)
}

export async function readFirstKey(folder: DataFolder): Promise<string | undefined> {
  const content = await readFile(folder.firstKeyFile, 'utf8').catch(() => undefined)
  return content === undefined || content.trim() === '' ? undefined : content.trim()
}

/** Where the embedded database of a running server listens. */
export type RunningDatabase = { readonly host: string; readonly port: number; readonly database: string }

function runningFile(folder: DataFolder): string {
  return path.join(folder.path, 'running.json')
}

export async function noteRunningDatabase(folder: DataFolder, running: RunningDatabase): Promise<void> {
  await writeFile(runningFile(folder), JSON.stringify(running), { mode: 0o600 })
}

export async function forgetRunningDatabase(folder: DataFolder): Promise<void> {
  await rm(runningFile(folder), { force: true })
}

export async function findRunningDatabase(folder: DataFolder): Promise<RunningDatabase | undefined> {
  const content = await readFile(runningFile(folder), 'utf8').catch(() => undefined)
  return content === undefined ? undefined : (JSON.parse(content) as RunningDatabase)
}
