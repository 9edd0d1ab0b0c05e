import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import {
  type Fault,
  type Figures,
  faults,
  type Installation,
  installEmbedded,
  installOutside,
  outsideFaults,
  runFault,
} from '../../apps/server/test/faults/scenarios.ts'

/**
 * `npm run soak [-- ROUNDS]`: every fault of `apps/server/test/faults`, many rounds of each, and what came of it in
 * `bench/SOAK.md`. Ends with 1 where anything was lost or half-written.
 */

const rounds = Number(process.argv[2] ?? 25)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('Usage: npm run soak [-- ROUNDS]')

type Row = { readonly name: string } & Figures

const rows = [...(await runAll(installEmbedded, faults)), ...(await runAll(installOutside, outsideFaults))]
await writeFile(path.resolve(import.meta.dirname, '../SOAK.md'), report(rows))
process.exitCode = rows.every((row) => row.faults.length === 0) ? 0 : 1

async function runAll(
  install: () => Promise<Installation>,
  list: Readonly<Record<string, Fault>>,
): Promise<readonly Row[]> {
  const installation = await install()
  const done: Row[] = []
  try {
    for (const [name, fault] of Object.entries(list)) {
      const row = { name, ...(await runFault(installation, fault, rounds)) }
      console.log(line(row))
      for (const what of row.faults) console.log(`  ${what}`)
      done.push(row)
    }
  } finally {
    await installation.end()
  }
  return done
}

function report(all: readonly Row[]): string {
  const lines = [
    '# Soak',
    '',
    'Written by `npm run soak`. Six clients create, change and batch-create customers, each write under an Idempotency-Key',
    'of its own, while something is broken; half of them send again what failed. After every round the whole database is',
    'compared with what the clients were told: every acknowledged write, byte for byte; one row, one event and one audit',
    'entry for each creation; the same number of events and audit entries for changes; no idempotency key without its',
    'effect, and none the other way round; and that the server said so once.',
    '',
    `Node ${process.versions.node}, ${availableParallelism()} cores, the embedded PostgreSQL with \`fsync\` on. Recovery is from the fault to the answer`,
    'of a write that was sent after it; where the server was killed, starting it again is part of it.',
    '',
    '| Fault | Rounds | Acknowledged | Failed on the way | Lost or half-written | Recovery: median | longest |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...all.map(line),
    '',
  ]
  return lines.join('\n')
}

function line({ name, rounds: done, acknowledged, failures, recoveriesMs, faults: wrong }: Row): string {
  const sorted = recoveriesMs.toSorted((a, b) => a - b)
  const seconds = (ms = 0) => `${(ms / 1000).toFixed(2)} s`
  const median = seconds(sorted[Math.floor(sorted.length / 2)])
  return `| ${name} | ${done} | ${acknowledged} | ${failures} | ${wrong.length} | ${median} | ${seconds(sorted.at(-1))} |`
}
