import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { cpuSecondsOf, memoryOf } from '../processes.ts'
import type { Command } from './languages.ts'

/** One program of one language: it is told which side to call how often, and answers how long that took. */

export type Side = 'sdk' | 'plain'

export type Program = {
  /** Versions of what it runs on. */
  readonly versions: string
  run(side: Side, calls: number): Promise<Block>
  residentMb(): number
  stop(): Promise<void>
}

export type Block = { readonly calls: number; readonly seconds: number; readonly cpuSeconds: number }

const startMs = 30_000
const longestCallMs = 50

export async function startProgram(
  { command, args, env = {} }: Command,
  settings: Readonly<Record<string, string>>,
): Promise<Program> {
  const child = spawn(command, [...args], {
    env: { ...process.env, ...env, ...settings },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const next = linesOf(child)
  const pid = child.pid ?? 0
  const cpuSeconds = () => cpuSecondsOf(pid) ?? Number.NaN
  try {
    const { ready } = JSON.parse(await next(startMs)) as { readonly ready: string }
    return {
      versions: ready,
      run: async (side, calls) => {
        const before = cpuSeconds()
        child.stdin.write(`${side} ${calls}\n`)
        const { seconds } = JSON.parse(await next(calls * longestCallMs)) as { readonly seconds: number }
        return { calls, seconds, cpuSeconds: cpuSeconds() - before }
      },
      residentMb: () => memoryOf(pid).nowMb,
      stop: () => end(child),
    }
  } catch (error) {
    await end(child)
    throw error
  }
}

function linesOf(child: ChildProcess): (waitMs: number) => Promise<string> {
  if (child.stdout === null) throw new Error('The program has no output.')
  const lines = createInterface({ input: child.stdout })
  return (waitMs) =>
    new Promise((resolve, reject) => {
      const fail = (why: string) => settle(() => reject(new Error(`${child.spawnfile} ${why}`)))
      const ended = (code: number | null) => fail(`ended with ${code}`)
      const failed = (error: Error) => fail(error.message)
      const answered = (line: string) => settle(() => resolve(line))
      const timer = setTimeout(() => fail(`did not answer within ${waitMs} ms`), waitMs)
      const settle = (report: () => void) => {
        clearTimeout(timer)
        lines.off('line', answered)
        child.off('exit', ended).off('error', failed)
        report()
      }
      lines.on('line', answered)
      child.on('exit', ended).on('error', failed)
    })
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
