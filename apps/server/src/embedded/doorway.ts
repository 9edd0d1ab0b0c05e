// Owns: where the embedded PostgreSQL listens, and the password it asks for there.
// Does not own: who else may open the folder.
// Always: only this machine gets in, and of its users only root and the ones who can read the data folder.

import { randomBytes } from 'node:crypto'
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { type Account, isOpenToAll } from './account.ts'
import { EmbeddedDatabaseError, errorCode } from './embedded-database-error.ts'
import type { Settings } from './settings.ts'

/**
 * A place to listen: what the server is told, what a client is told, and what is to be removed in the end.
 */
export type Doorway = {
  readonly settings: Settings
  readonly host: string
  readonly port: number
  readonly password?: string
  close(): Promise<void>
}

/** Also the number in the socket's name; nothing listens on it. */
const SOCKET_PORT = 5432

/**
 * The kernel's bound on the path of a socket (sun_path with its closing zero: 108 bytes on Linux, 104 on
 * macOS).
 */
const LONGEST_SOCKET_PATH = process.platform === 'linux' ? 107 : 103

/**
 * Opens the doorway of a cluster: a Unix socket, or, where there are none (or on request), a port on
 * loopback.
 */
export async function openDoorway(place: {
  readonly dataFolder: string
  readonly clusterFolder: string
  readonly account: Account
  readonly loopback: boolean
}): Promise<Doorway> {
  if (place.loopback) return loopbackDoorway(place.dataFolder)
  if (fitsSocket(place.clusterFolder)) return socketDoorway('.', place.clusterFolder, async () => {})
  const folder = await privateFolder(place.account)
  return socketDoorway(folder, folder, () => rm(folder, { recursive: true, force: true }))
}

function fitsSocket(folder: string): boolean {
  return Buffer.byteLength(path.join(folder, `.s.PGSQL.${SOCKET_PORT}`)) <= LONGEST_SOCKET_PATH
}

/**
 * `known` is the server's name for the folder: '.' is its data directory, which it may be unable to name in
 * full.
 */
function socketDoorway(known: string, host: string, close: () => Promise<void>): Doorway {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: known,
    unix_socket_permissions: '0700',
    port: String(SOCKET_PORT),
  }
  return { settings, host, port: SOCKET_PORT, close }
}

/** Named at random and made with mode 0700, so that nobody can be waiting in it. */
async function privateFolder(account: Account): Promise<string> {
  const own = os.tmpdir()
  const parent = fitsSocket(path.join(own, 'commet-XXXXXX')) && (await isOpenToAll(own)) ? own : '/tmp'
  const folder = await mkdtemp(path.join(parent, 'commet-'))
  if (account !== undefined) await chown(folder, account.uid, account.gid)
  return folder
}

async function loopbackDoorway(dataFolder: string): Promise<Doorway> {
  const password = await ownerPassword(dataFolder)
  const port = await freePort()
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(port) }
  return { settings, host: '127.0.0.1', port, password, close: async () => {} }
}

/** Makes the cluster's password and keeps it in the data folder, for us alone. */
export async function createPassword(dataFolder: string): Promise<string> {
  const password = randomBytes(24).toString('hex')
  await writeFile(passwordFile(dataFolder), `${password}\n`, { mode: 0o600 })
  return password
}

/** The password of the owner of everything, as it is kept in the data folder. */
export async function ownerPassword(dataFolder: string): Promise<string> {
  try {
    return (await readFile(passwordFile(dataFolder), 'utf8')).trim()
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    throw new EmbeddedDatabaseError(
      'failed',
      `The password of the database, ${passwordFile(dataFolder)}, is missing: put it back from a backup.`,
    )
  }
}

function passwordFile(dataFolder: string): string {
  return path.join(dataFolder, 'postgres.password')
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const probe = createServer().once('error', reject)
  probe.listen(0, '127.0.0.1', () => {
    const address = probe.address()
    probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })
  return promise
}
