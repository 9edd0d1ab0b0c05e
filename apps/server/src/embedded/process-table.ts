// Owns: what can be learnt of processes that are not our children, and waiting for their end.
// Does not own: deciding to end one.
// Always: a process id alone proves nothing, since ids are reused; callers compare the command line.

import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Whether a process with this id exists; one that has ended and only waits to be collected (a zombie) does
 * not.
 */
export async function isAlive(processId: number): Promise<boolean> {
  try {
    process.kill(processId, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return process.platform !== 'linux' || !(await isZombie(processId))
}

/** Whether a process has ended and only waits to be collected. Known on Linux only. */
export async function isZombie(processId: number): Promise<boolean> {
  try {
    const stat = await readFile(`/proc/${processId}/stat`, 'utf8')
    return stat.startsWith('Z', stat.lastIndexOf(')') + 2)
  } catch {
    return false // Gone since, or hidden from us: the next look tells.
  }
}

/** The command line of a running process, arguments joined by blanks; `''` where there is none to be seen. */
export async function commandLine(processId: number): Promise<string> {
  if (process.platform === 'linux') return (await linuxCommandLine(processId)) ?? ''
  try {
    return (await run('ps', ['-o', 'command=', '-p', String(processId)])).stdout.trim()
  } catch {
    return '' // `ps` fails for a process that is not there.
  }
}

/** Empty for a process about to end, `undefined` where /proc does not show it (gone, or hidden from us). */
async function linuxCommandLine(processId: number): Promise<string | undefined> {
  try {
    return (await readFile(`/proc/${processId}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim()
  } catch {
    return undefined
  }
}

/** The ids of all processes whose command line begins with `prefix`. Linux only; elsewhere none are found. */
export async function processesTitled(prefix: string): Promise<readonly number[]> {
  if (process.platform !== 'linux') return []
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const lines = await Promise.all(ids.map(linuxCommandLine))
  return ids.filter((_, index) => lines[index]?.startsWith(prefix))
}

/** Waits until a process has ended; answers whether it did within `boundMs`. */
export async function waitForEnd(processId: number, boundMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + boundMs
  while (await isAlive(processId)) {
    if (performance.now() > giveUpAt) return false
    await delay(10)
  }
  return true
}
