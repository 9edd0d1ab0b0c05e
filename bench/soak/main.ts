import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { diskFaults, installOnDisk, mountSmallDisk } from '../../apps/server/test/faults/full-disk.ts'
import { installBehindNetwork, networkFaults } from '../../apps/server/test/faults/lost-network.ts'
import {
  clientFaults,
  type Fault,
  type Figures,
  faults,
  type Installation,
  installEmbedded,
  installOutside,
  outsideFaults,
  runFault,
} from '../../apps/server/test/faults/scenarios.ts'
import { clockFaults, installWithClock } from '../../apps/server/test/faults/shifted-clock.ts'
import { installTwins, twinFaults } from '../../apps/server/test/faults/two-servers.ts'
import { writeSection } from '../results-file.ts'

/**
 * `npm run soak [-- ROUNDS]`: every fault of `apps/server/test/faults`, many rounds of each, and what came of it in
 * `bench/SOAK.md`. Ends with 1 where anything was lost or half-written. `-- ROUNDS 'a full disk|bodies'` runs the faults
 * whose names match, and only prints.
 */

const rounds = Number(process.argv[2] ?? 25)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('Usage: npm run soak [-- ROUNDS [NAMES]]')
const chosen = new RegExp(process.argv[3] ?? '')

type Row = { readonly name: string } & Figures

const began = performance.now()
const rows = [
  ...(await runAll(installEmbedded, faults)),
  ...(await runAll(installOutside, outsideFaults)),
  ...(await runAll(installBehindNetwork, networkFaults)),
  ...(await runAll(installTwins, twinFaults)),
  ...(await runAll(installWithClock, clockFaults)),
  ...(await runAll(installEmbedded, clientFaults)),
  ...(await runOnSmallDisk()),
]
if (process.argv[3] === undefined) {
  await writeFile(path.resolve(import.meta.dirname, '../SOAK.md'), report(rows))
  writeSection('soak', summary(rows))
}
process.exitCode = rows.every((row) => row.faults.length === 0) ? 0 : 1

async function runAll<Place extends Installation>(
  install: () => Promise<Place>,
  list: Readonly<Record<string, Fault<Place>>>,
): Promise<readonly Row[]> {
  const wanted = Object.entries(list).filter(([name]) => chosen.test(name))
  if (wanted.length === 0) return []
  const installation = await install()
  const done: Row[] = []
  try {
    for (const [name, fault] of wanted) {
      const row = { name, ...(await runFault(installation, fault, rounds).catch(brokenOff)) }
      console.log(line(row))
      for (const what of row.faults) console.log(`  ${what}`)
      done.push(row)
    }
  } finally {
    await installation.end()
  }
  return done
}

/** What a fault did not come back from counts as a fault found, and the others are run all the same. */
function brokenOff(error: unknown): Figures {
  return { rounds: 0, acknowledged: 0, failures: 0, recoveriesMs: [], faults: [`broken off: ${error}`] }
}

async function runOnSmallDisk(): Promise<readonly Row[]> {
  const disk = mountSmallDisk()
  if (disk === undefined) {
    console.log('skipped: a full disk (needs the right to mount one)')
    return []
  }
  try {
    return await runAll(() => installOnDisk(disk), diskFaults)
  } finally {
    disk.unmount()
  }
}

function summary(all: readonly Row[]): string {
  const sum = (pick: (row: Row) => number) => all.reduce((total, row) => total + pick(row), 0)
  const acknowledged = sum((row) => row.acknowledged).toLocaleString('en')
  return [
    '## Faults',
    '',
    `[SOAK.md](SOAK.md): ${all.length} faults, ${rounds} rounds of each, ${acknowledged} acknowledged writes, ${sum((row) => row.faults.length)} lost or half-written.`,
  ].join('\n')
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
    `One run of ${Math.round((performance.now() - began) / 60_000)} minutes, ${new Date().toISOString().slice(0, 10)}. Node ${process.versions.node}, ${availableParallelism()} cores, the embedded PostgreSQL with \`fsync\` on. Recovery is from the fault to the answer`,
    'of a write that was sent after it; where the server was killed, starting it again is part of it. Slow clients stay while',
    'writes go on beside them, and in every fifth round until the server ends them. The clock is that of the server; the',
    'full disk is one in memory.',
    ...(all.some(({ name }) => name in diskFaults)
      ? []
      : ['Not run: a full disk, which needs the right to mount one.']),
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
