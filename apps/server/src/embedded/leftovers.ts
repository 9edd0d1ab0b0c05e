// Owns: clearing away what a killed server or a killed postmaster left behind on our folder.
// Does not own: the data folder's lock, which the caller must hold: without it a leftover may be another
// server's.
// Always: only processes that bear this cluster's name are ended.

import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'
import { EmbeddedDatabaseError } from './embedded-database-error.ts'
import { endPostmaster, readPostmasterFile } from './postmaster.ts'
import { commandLine, isAlive, isZombie, processesTitled, waitForEnd } from './process-table.ts'
import { clusterName } from './settings.ts'

/** Ends an orphaned postmaster and its backends. Answers the orphan's process id, if there was one. */
export async function clearLeftovers(cluster: Cluster): Promise<number | undefined> {
  const orphan = await endOrphan(cluster)
  await endBackends(cluster)
  return orphan
}

async function endOrphan(cluster: Cluster): Promise<number | undefined> {
  const processId = (await readPostmasterFile(cluster.folder))?.processId
  if (processId === undefined || !(processId > 0)) return undefined
  const kind = await kindOf(processId, cluster)
  if (kind === 'stranger') await removeLockFiles(cluster.folder)
  if (kind !== 'orphan') return undefined
  if (!(await endPostmaster(processId, cluster))) throw unending(processId, cluster)
  if (await isZombie(processId)) await removeLockFiles(cluster.folder)
  return processId
}

function unending(processId: number, cluster: Cluster): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'occupied',
    `PostgreSQL process ${processId}, left on ${cluster.folder} by a killed server, does not end: end it by hand ` +
      `(kill -9 ${processId}) and start again.`,
  )
}

/**
 * Ours to stop, none of ours but PostgreSQL (somebody runs it by hand: its own lock will refuse us), or a
 * stranger that was given a dead postmaster's id, as happens in every restarted container: PostgreSQL alone
 * would take it for a running server and refuse to start. So it would for one that nobody collects (a
 * zombie).
 */
async function kindOf(
  processId: number,
  cluster: Cluster,
): Promise<'gone' | 'orphan' | 'other' | 'stranger'> {
  if (!(await isAlive(processId))) return (await isZombie(processId)) ? 'stranger' : 'gone'
  // Command lines are not to be had there, and we hold the folder: whatever PostgreSQL is on it is an orphan.
  if (process.platform === 'win32') return 'orphan'
  const line = await commandLine(processId)
  if (line.includes(`cluster_name=${clusterName(cluster.folder)}`)) return 'orphan'
  return line === '' || /postgres/.test(line) ? 'other' : 'stranger'
}

async function removeLockFiles(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('.s.PGSQL.'))
  for (const name of ['postmaster.pid', ...names]) await rm(path.join(folder, name), { force: true })
}

const BACKENDS_LEAVE_WITHIN_MS = 2_000

/**
 * Backends notice the death of their postmaster when they next wait for something; one in the middle of a
 * long statement goes on for its length, and nothing can start before. Killing it costs that statement only.
 */
async function endBackends(cluster: Cluster): Promise<void> {
  const title = `postgres: ${clusterName(cluster.folder)}: `
  const giveUpAt = performance.now() + BACKENDS_LEAVE_WITHIN_MS
  let left = await processesTitled(title)
  while (left.length > 0 && performance.now() < giveUpAt) {
    await delay(20)
    left = await processesTitled(title)
  }
  for (const processId of left) {
    try {
      process.kill(processId, 'SIGKILL')
    } catch {
      continue // It went by itself.
    }
    await waitForEnd(processId, BACKENDS_LEAVE_WITHIN_MS)
  }
}
