import { spawn } from 'node:child_process'
import path from 'node:path'

/** Runs the programs that checks and tests are made of, and keeps what they print until it is wanted. */

export const root = path.resolve(import.meta.dirname, '..')

export type Outcome = { readonly code: number; readonly output: string; readonly seconds: number }

export type Options = {
  readonly env?: Readonly<Record<string, string>>
  /** Where it runs; the root of the project otherwise. */
  readonly cwd?: string
  /** Shows the output as it comes, instead of keeping it. */
  readonly show?: boolean
}

/** Runs a program to its end. Its output is kept, standard output and error as they came. */
export function runProgram(
  command: string,
  args: readonly string[],
  { env = {}, cwd = root, show = false }: Options = {},
): Promise<Outcome> {
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command, [...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    let output = ''
    const keep = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const end = (code: number) => resolve({ code, output, seconds: (performance.now() - started) / 1000 })
    child.on('error', (error) => {
      output += error.message
      end(1)
    })
    child.on('close', (code) => end(code ?? 1))
  })
}

/** Runs a script or a tool of node_modules on the pinned Node. */
export function runNode(
  script: string,
  args: readonly string[] = [],
  options: Options = {},
): Promise<Outcome> {
  return runProgram(
    process.execPath,
    ['--conditions=commet-source', path.join(root, script), ...args],
    options,
  )
}
