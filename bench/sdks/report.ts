import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import type { Spread } from '../statistics.ts'
import type { Memory, Overhead, SideFigures, Size } from './measure.ts'

/** Turns the figures of all languages into the tables of RESULTS.md. */

export type Measured = {
  readonly name: string
  readonly client: string
  readonly versions: string
  readonly overhead: Overhead
  readonly memory: Memory
  /** How busy the machine was when the language was done: the average number of programs that wanted to run. */
  readonly load: number
}

export type Unmeasured = { readonly name: string; readonly client: string; readonly why: string }

export const ratioTarget = 1.3

/** Full measurements may be made one language at a time: those of this version and day are kept until all are there. */
export function withKept(
  results: readonly (Measured | Unmeasured)[],
  file: string,
  run: { readonly sdkVersion: string; readonly day: string },
): readonly (Measured | Unmeasured)[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '{}'
  const kept = JSON.parse(text) as { readonly run?: unknown; readonly measured?: readonly Measured[] }
  const before = JSON.stringify(kept.run) === JSON.stringify(run) ? (kept.measured ?? []) : []
  const all = new Map([...before, ...results].map((result) => [result.name, result]))
  const measured = [...all.values()].filter((result) => 'overhead' in result)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ run, measured }))
  return [...all.values()]
}

export function writeResults(text: string): void {
  writeFileSync(path.join(import.meta.dirname, 'RESULTS.md'), text)
}

export function report(
  results: readonly (Measured | Unmeasured)[],
  size: Size,
  sdkVersion: string,
  day: string,
): string {
  const measured = results.filter((result) => 'overhead' in result)
  const calls = size.rounds * size.blocksPerRound * size.callsPerBlock
  return `# What the client libraries cost

Version ${sdkVersion}, ${day}, ${availableParallelism()} cores shared by server, client and whatever else ran; load: ${loads(measured)}.
Written by \`npm run bench:sdks\`; [README.md](README.md) says what is compared.

\`customers.get\` through the library and through the plain client, ${calls} calls of each, one at a time, in alternating
blocks of ${size.callsPerBlock}. Median of ${size.rounds} rounds, with the smallest and the largest.

${table(
  ['language', 'plain client', 'plain, µs a call', 'library, µs a call', 'ratio', `≤ ${ratioTarget}`],
  results.map(ratioRow),
)}

Processor time of the client alone, without what the server takes, which is the same on both sides:

${table(
  ['language', 'plain, µs a call', 'library, µs a call', 'added, µs'],
  measured.map(({ name, overhead: { plain, sdk } }) => [
    name,
    plain.cpuMicros.toFixed(0),
    sdk.cpuMicros.toFixed(0),
    (sdk.cpuMicros - plain.cpuMicros).toFixed(0),
  ]),
)}

Memory of a new process in MB (resident), before the first of ${size.memoryCalls} calls through the library and after each quarter of them
(a bare server repeats one recorded answer of ours):

${table(
  ['language', 'start', '¼', '½', '¾', 'end', 'flat'],
  measured.map(({ name, memory }) => [
    name,
    ...memory.quartersMb.map((mb) => mb.toFixed(1)),
    memory.isFlat ? 'yes' : '**no**',
  ]),
)}

On ${measured.map(({ versions }) => versions).join('; ')}.
`
}

/** The largest of all languages'. */
function loads(measured: readonly Measured[]): string {
  return `${Math.max(0, ...measured.map(({ load }) => load)).toFixed(1)} at most`
}

function ratioRow(result: Measured | Unmeasured): readonly string[] {
  const { name, client } = result
  if ('why' in result) return [name, client, '', '', '', `not measured: ${result.why}`]
  const { plain, sdk, ratio } = result.overhead
  const met = ratio.median <= ratioTarget ? 'yes' : '**no**'
  return [name, client, micros(plain), micros(sdk), spread(ratio, 2), met]
}

function micros({ callMicros }: SideFigures): string {
  return spread(callMicros, 0)
}

function spread({ median, least, most }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
