import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type Fault, type Installation, installEmbedded } from './scenarios.ts'
import type { Ledger } from './stream.ts'

/** A small disk in memory that fills up and is freed again. */

export type SmallDisk = { readonly folder: string; unmount(): void }

/**
 * Only root mounts, and not in every container: undefined where it cannot be. It has room for the database and the gigabyte
 * that PostgreSQL may keep of its log, more after every crash, or making room would not be the end of it.
 */
export function mountSmallDisk(): SmallDisk | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'commet-disk-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1500m,mode=755', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    remove()
    return undefined
  }
  return {
    folder,
    unmount: () => {
      execFileSync('umount', ['-l', folder])
      remove()
    },
  }
}

export type DiskInstallation = Installation & { readonly disk: SmallDisk }

export async function installOnDisk(disk: SmallDisk): Promise<DiskInstallation> {
  const installation = await installEmbedded({ dataFolder: path.join(disk.folder, 'data') })
  return {
    ...installation,
    disk,
    get server() {
      return installation.server
    },
  }
}

const fullDisk = [/^the disk of the database is full/, /^the database writes again/]

export const diskFaults = {
  'a full disk': {
    strike: async (installation, _, ledger) => {
      const free = await fill(installation.disk.folder)
      await untilRefused(installation, ledger)
      await free()
    },
    says: fullDisk,
    complaints: fullDisk.length,
  },
  'a full disk, on which PostgreSQL ends': {
    strike: async (installation, _, ledger) => {
      const said = told(installation)
      const free = await fill(installation.disk.folder)
      await untilRefused(installation, ledger)
      await untilTold(installation, said)
      await free()
    },
    says: [/ended by itself/, /is full: make room/, /PostgreSQL runs again/],
    // The full disk and the outage, each of which begins and ends.
    complaints: 4,
  },
} as const satisfies Readonly<Record<string, Fault<DiskInstallation>>>

const told = ({ server }: Installation) =>
  server.logLines.filter(({ message }) => /is full: make room/.test(message)).length

/** Fills the disk to the last byte; answers how to free it. */
async function fill(folder: string): Promise<() => Promise<void>> {
  const ballast = path.join(folder, 'ballast')
  const file = await open(ballast, 'a')
  const block = Buffer.alloc(4 * 1024 * 1024)
  while ((await statfs(folder)).bavail > 0) {
    const written = await file.write(block).catch(() => undefined)
    if (written === undefined) break
  }
  await file.close()
  return () => rm(ballast)
}

/** PostgreSQL ends where its log finds no room, which takes as many segments as it has kept for later. */
async function untilTold(installation: Installation, before: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (told(installation) > before) return
    if (attempt % 10 === 0) await endLogSegments(installation)
    await delay(100)
  }
  throw new Error('The disk is full, and the log does not say so')
}

async function untilRefused(installation: Installation, ledger: Ledger): Promise<void> {
  const before = ledger.refusals
  for (let attempt = 0; attempt < 3_000; attempt++) {
    if (ledger.refusals > before + 20) return
    if (installation.server.process.exitCode !== null) throw new Error('The server ended on a full disk')
    await delay(10)
  }
  throw new Error('The disk is full and nothing is refused')
}

/** Uses up the segments that PostgreSQL has for its log, until it needs a new one, finds no room, and crashes. */
async function endLogSegments({ owner }: Installation): Promise<void> {
  const client = new pg.Client(owner)
  client.on('error', () => undefined)
  await client.connect().catch(() => undefined)
  for (let segment = 0; segment < 200; segment++) {
    const ended = await client
      .query(`select pg_switch_wal(), txid_current(), pg_logical_emit_message(true, '', repeat('x', 1000))`)
      .catch(() => undefined)
    if (ended === undefined) break
  }
  await client.end().catch(() => undefined)
}
