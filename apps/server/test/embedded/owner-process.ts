// Owns: starting a server as a process of its own and reading its answer.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { EmbeddedConnection } from '../../src/embedded/embedded-database.ts'
import { afterTest } from './temporary-folder.ts'

export type Answer =
  | { readonly connection: EmbeddedConnection; readonly processId: number; readonly problem?: undefined }
  | { readonly problem: string; readonly message: string }

const OWNER = path.join(import.meta.dirname, 'owner.ts')

/** Starts a server on `dataFolder`; killed after the test if it still runs. */
export function startOwner(
  dataFolder: string,
  script = OWNER,
): { child: ChildProcess; answer: Promise<Answer> } {
  const child = spawn(process.execPath, [script, dataFolder], { stdio: ['ignore', 'pipe', 'inherit'] })
  afterTest(() => kill(child, 'SIGKILL'))
  const answer = firstLine(child)
  answer.catch(() => {}) // Where a test kills it first, nobody asks for the answer.
  return { child, answer }
}

async function firstLine(child: ChildProcess): Promise<Answer> {
  let output = ''
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk)
    if (output.includes('\n')) return JSON.parse(output) as Answer
  }
  throw new Error(`the server ended without an answer: ${output}`)
}

/** Sends a signal and waits for the end. */
export async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}

/** The answer of a server that was expected to start. */
export function running(answer: Answer): { connection: EmbeddedConnection; processId: number } {
  if (answer.problem !== undefined) throw new Error(answer.message)
  return answer
}
