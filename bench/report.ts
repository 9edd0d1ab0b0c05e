import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { CreateLatency, Forgetting } from './forgetting.ts'
import type { DeepPage, SearchLatency } from './latency.ts'
import type { MemoryRun } from './memory.ts'
import type { OperationName } from './requests.ts'
import { circumstances, writeSection } from './results-file.ts'
import type { ContenderName, PgbenchSlot, Slot } from './rounds.ts'
import { termKinds, unbounded } from './search-terms.ts'
import { median, type Spread, spreadOf } from './statistics.ts'

/** Turns the figures into the section of RESULTS.md that belongs to the benchmark, and says which targets are met. */

export type Figures = {
  readonly quick: boolean
  /** False where the run goes on, or broke off. */
  readonly complete: boolean
  readonly database: string
  readonly customers: number
  readonly rounds: number
  readonly slots: readonly Slot[]
  readonly pgbench: readonly PgbenchSlot[]
  readonly deepPage?: DeepPage
  readonly searches: readonly SearchLatency[]
  readonly memory?: MemoryRun
  readonly forgetting?: Forgetting
}

const targets: Partial<Record<OperationName, { readonly floor: number; readonly same: number }>> = {
  get: { floor: 0.4, same: 0.6 },
  list: { floor: 0.6, same: 0.7 },
  create: { floor: 0.25, same: 0.6 },
  batch: { floor: 0.4, same: 0.7 },
}
const deepPageTarget = 1.3
const searchTarget = 5
const memoryTargetMb = 250
const flatTarget = 1.1
/** A write beside forgetting shares the processor and the disk with it, and waits for nothing else. */
const besideTarget = 3

const names: Readonly<Record<OperationName, string>> = {
  get: 'get by ID',
  list: 'list 25',
  search: 'search (the mix)',
  replay: 'replay of a known key',
  create: 'create',
  recreate: 're-create of a known user ID',
  batch: 'batch of 100',
}

/** Writes the section and leaves the rest of the file as it is. */
export function writeResults(text: string): void {
  writeSection('bench', text)
}

export function report(figures: Figures): string {
  return [
    '## Benchmark',
    '',
    heading(figures),
    '',
    ...(figures.slots.length === 0 ? [] : [...ratioTable(figures), '']),
    ...latencyLines(figures),
    ...memoryLines(figures),
    ...forgettingLines(figures),
  ].join('\n')
}

function heading({ quick, complete, database, customers, rounds }: Figures): string {
  const what = quick
    ? 'Quick run: a look, not a measurement. '
    : complete
      ? ''
      : 'The run broke off; what is missing was not measured. '
  return `${what}${circumstances()}, PostgreSQL ${database}, ${customers.toLocaleString('en')} customers, 16 connections, load from undici ${undiciVersion()}. Medians of ${rounds} alternating rounds, least and most in brackets. Ratios are requests per second of our server over those of the bare server, round by round.`
}

function undiciVersion(): string {
  const found = readFileSync(path.join(import.meta.dirname, '../node_modules/undici/package.json'), 'utf8')
  return (JSON.parse(found) as { readonly version: string }).version
}

function ratioTable(figures: Figures): readonly string[] {
  const operations = [...new Set(figures.slots.map(({ operation }) => operation))]
  return [
    '| Operation | ours /s | p99 ms | floor /s | same statements /s | pgbench /s | of the floor | of the same statements | Node µs: ours, floor, same | load, share of CPU |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...operations.map((operation) => `| ${ratioCells(figures, operation).join(' | ')} |`),
  ]
}

function ratioCells({ slots, pgbench }: Figures, operation: OperationName): readonly string[] {
  const of = (contender: ContenderName) =>
    slots.filter((slot) => slot.operation === operation && slot.contender === contender)
  const speed = (contender: ContenderName) => whole(median(of(contender).map(({ perSecond }) => perSecond)))
  const ratioTo = (contender: ContenderName) =>
    spreadOf(
      of('ours').map(
        ({ perSecond, round }) =>
          perSecond / (of(contender).find((slot) => slot.round === round)?.perSecond ?? Number.NaN),
      ),
    )
  const cost = (contender: ContenderName) =>
    whole(median(of(contender).flatMap(({ serverMicroseconds }) => serverMicroseconds ?? [])))
  const plain = pgbench.filter((slot) => slot.operation === operation).map(({ perSecond }) => perSecond)
  return [
    names[operation],
    speed('ours'),
    median(of('ours').map(({ p99Ms }) => p99Ms)).toFixed(1),
    speed('floor'),
    speed('same'),
    plain.length === 0 ? '–' : whole(median(plain)),
    against(ratioTo('floor'), targets[operation]?.floor),
    against(ratioTo('same'), targets[operation]?.same),
    `${cost('ours')}, ${cost('floor')}, ${cost('same')}`,
    `${Math.round(100 * median(of('ours').map(({ loadShare }) => loadShare)))} %`,
  ]
}

function against({ median: middle, least, most }: Spread, target: number | undefined): string {
  const text = `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`
  return target === undefined ? text : `${text}, ${verdict(middle >= target, `at least ${target}`)}`
}

function verdict(met: boolean, target: string): string {
  return met ? `${target}: met` : `${target}: **missed**`
}

function whole(value: number): string {
  return Number.isNaN(value) ? '–' : Math.round(value).toLocaleString('en')
}

function latencyLines({ deepPage, searches }: Figures): readonly string[] {
  return [...(deepPage === undefined ? [] : [deepPageLine(deepPage), '']), ...searchLines(searches)]
}

function deepPageLine({ firstMs, deepMs, depth }: DeepPage): string {
  const ratio = deepMs / firstMs
  const target = verdict(ratio <= deepPageTarget, `at most ${deepPageTarget}`)
  return `A page ${depth.toLocaleString('en')} deep takes ${deepMs.toFixed(2)} ms and the first ${firstMs.toFixed(2)} ms: ${ratio.toFixed(2)} ×, ${target}.`
}

function searchLines(searches: readonly SearchLatency[]): readonly string[] {
  const [small, large] = [searches[0], searches.at(-1)]
  if (small === undefined || large === undefined) return []
  const ratio = large.p99Ms / small.p99Ms
  const target = verdict(ratio <= searchTarget, `at most ${searchTarget}`)
  const at = (customers: number) => `${customers.toLocaleString('en')} customers`
  return [
    `Search, first page, one request at a time: p99 of the mix is ${small.p99Ms.toFixed(1)} ms at ${at(small.customers)} and ${large.p99Ms.toFixed(1)} ms at ${at(large.customers)}: ${ratio.toFixed(1)} ×, ${target}. Kinds marked * are left out of that, and their ceiling is the last column.`,
    '',
    `| Term | ${searches.map(({ customers }) => `p50 / p99 ms at ${at(customers)}`).join(' | ')} | most ms |`,
    `| --- | ${searches.map(() => '---').join(' | ')} | --- |`,
    ...termKinds.map((kind) => {
      const cells = searches.map(
        ({ kinds }) => `${kinds[kind].p50Ms.toFixed(1)} / ${kinds[kind].p99Ms.toFixed(1)}`,
      )
      return `| ${kind}${unbounded.has(kind) ? ' *' : ''} | ${cells.join(' | ')} | ${large.kinds[kind].mostMs.toFixed(1)} |`
    }),
    '',
  ]
}

function memoryLines({ memory }: Figures): readonly string[] {
  if (memory === undefined) return []
  const { requests, quartersMb, peakMb } = memory
  const target = verdict(peakMb <= memoryTargetMb, `at most ${memoryTargetMb} MB`)
  const [, first = Number.NaN] = quartersMb
  const growth = (quartersMb.at(-1) ?? Number.NaN) / first
  const flat = verdict(growth <= flatTarget, `at most ${flatTarget} × after the first quarter`)
  return [
    `Memory of the Node process over ${requests.toLocaleString('en')} mixed requests (an hour of ${Math.round(requests / 3_600)} a second): ${quartersMb.map((mb) => Math.round(mb)).join(', ')} MB (before, and after each quarter), at most ${Math.round(peakMb)} MB, ${target}. In the end ${growth.toFixed(2)} ×, ${flat}.`,
    '',
  ]
}

function forgettingLines({ forgetting }: Figures): readonly string[] {
  if (forgetting === undefined) return []
  const { many, seconds, before, beside } = forgetting
  const creates = ({ perSecond, p50Ms, p99Ms, mostMs }: CreateLatency) =>
    `${whole(perSecond)} a second, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, at most ${mostMs.toFixed(0)} ms`
  return [
    `Forgetting ${many.toLocaleString('en')} stored answers took ${seconds.keys.toFixed(1)} s, as many events ${seconds.events.toFixed(1)} s, a month of as many audit entries ${seconds.audit.toFixed(1)} s. Creates over four connections: before, ${creates(before)}; beside it, ${creates(beside)}. The p99 are those of the worst four seconds: ${(beside.p99Ms / before.p99Ms).toFixed(1)} ×, ${verdict(beside.p99Ms <= besideTarget * before.p99Ms, `at most ${besideTarget}`)}.`,
    '',
  ]
}
