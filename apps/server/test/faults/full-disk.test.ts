import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { open, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { type Installation, installEmbedded } from './scenarios.ts'
import { newLedger, startStream } from './stream.ts'
import { findFaults } from './verify.ts'

/** The disk of the data folder fills up under a stream of writes, and is freed again. It is a disk in memory. */

const disk = mountSmallDisk()
afterAll(() => disk?.unmount())

/** Only root mounts, and not in every container: undefined where it cannot be. */
function mountSmallDisk() {
  const folder = mkdtempSync(path.join(tmpdir(), 'commet-disk-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=755', 'tmpfs', folder], { stdio: 'ignore' })
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

/** Fills the disk to the last byte; answers how to free it. */
async function fill(folder: string): Promise<() => Promise<void>> {
  const ballast = path.join(folder, 'ballast')
  const file = await open(ballast, 'a')
  const block = Buffer.alloc(64 * 1024)
  while ((await statfs(folder)).bavail > 0) {
    const written = await file.write(block).catch(() => undefined)
    if (written === undefined) break
  }
  await file.close()
  return () => rm(ballast)
}

async function untilRefused(installation: Installation, refusals: () => number): Promise<void> {
  const before = refusals()
  for (let attempt = 0; attempt < 3_000; attempt++) {
    if (refusals() > before + 20) return
    if (installation.server.process.exitCode !== null) throw new Error('The server ended on a full disk')
    await delay(10)
  }
  throw new Error('The disk is full and nothing is refused')
}

/** PostgreSQL needs a new segment for its log then, finds no room, and crashes. */
async function endLogSegment({ owner }: Installation): Promise<void> {
  const client = new pg.Client(owner)
  client.on('error', () => undefined)
  await client.connect()
  for (let turn = 0; turn < 20; turn++) {
    const ended = await client
      .query('select pg_switch_wal(), txid_current(), pg_logical_emit_message(true, $1, $2)', [
        '',
        'x'.repeat(1_000),
      ])
      .catch(() => undefined)
    if (ended === undefined) break
  }
  await client.end().catch(() => undefined)
}

async function untilLogged({ server }: Installation, line: RegExp): Promise<void> {
  await expect
    .poll(() => server.logLines.filter(({ message }) => line.test(message)), { timeout: 30_000 })
    .toHaveLength(1)
}

test.skipIf(disk === undefined)(
  'a full disk (needs the right to mount one) refuses writes and loses none; freed, they go on',
  { timeout: 120_000 },
  async () => {
    const folder = disk?.folder ?? ''
    const installation = await installEmbedded({ dataFolder: path.join(folder, 'data') })
    const ledger = newLedger()
    try {
      for (let round = 0; round < 2; round++) {
        const stream = startStream(installation, ledger)
        await stream.more(50)
        const free = await fill(folder)
        await untilRefused(installation, () => ledger.refusals)
        if (round === 1) {
          await endLogSegment(installation)
          await untilLogged(installation, /is full: make room/)
        }
        await free()
        await stream.recovery()
        await stream.more(50)
        await stream.stop()
        expect(await findFaults(installation.owner, ledger, installation)).toEqual([])
      }
      expect(installation.server.process.exitCode).toBe(null)
    } finally {
      await installation.end()
    }
  },
)
