import { cpus } from 'node:os'
import { type BenchDatabase, tidy } from './database.ts'
import type { Pgbench } from './pgbench.ts'
import { cpuSecondsOf, runLoad, type ServerProcess } from './processes.ts'
import { type OperationName, type RequestSource, replayedKeys, writes } from './requests.ts'

/** Alternating rounds: every contender gets the same load after the other, in an order that turns with each round. */

export type ContenderName = 'ours' | 'floor' | 'same'

export type Slot = {
  readonly operation: OperationName
  readonly contender: ContenderName
  readonly round: number
  readonly perSecond: number
  readonly p99Ms: number
  /** Share of all cores that the load generator took. */
  readonly loadShare: number
  /** Processor time of the server's Node process for one request. */
  readonly serverMicroseconds: number | undefined
}

export type PgbenchSlot = { readonly operation: OperationName; readonly perSecond: number }

export type RoundsPlan = {
  readonly database: BenchDatabase
  readonly contenders: Readonly<Record<ContenderName, ServerProcess>>
  readonly source: Omit<RequestSource, 'label'>
  readonly operations: readonly OperationName[]
  readonly rounds: number
  readonly readMs: number
  readonly writeMs: number
  readonly pgbench: Pgbench | undefined
  readonly pgbenchSeconds: number
  readonly say: (line: string) => void
}

export const connections = 16
const warmMs = 400

export async function runRounds(
  plan: RoundsPlan,
): Promise<{ readonly slots: readonly Slot[]; readonly pgbench: readonly PgbenchSlot[] }> {
  const slots: Slot[] = []
  const pgbench: PgbenchSlot[] = []
  for (const operation of plan.operations) {
    for (let round = 0; round < plan.rounds; round++) {
      const order: ContenderName[] = ['ours', 'floor', 'same']
      for (const contender of round % 2 === 0 ? order : order.toReversed()) {
        const slot = await runSlot(plan, operation, contender, round)
        slots.push(slot)
        plan.say(`${operation} ${contender} ${Math.round(slot.perSecond)}/s`)
      }
      if (plan.pgbench === undefined) continue
      pgbench.push({ operation, perSecond: await plan.pgbench(operation, plan.pgbenchSeconds) })
      if (writes.has(operation)) await tidy(plan.database)
    }
  }
  return { slots, pgbench }
}

async function runSlot(
  plan: RoundsPlan,
  operation: OperationName,
  contender: ContenderName,
  round: number,
): Promise<Slot> {
  const { origin, pid } = plan.contenders[contender]
  if (operation === 'replay') await makeReplayed(plan)
  const cpuBefore = cpuSecondsOf(pid)
  const result = await runLoad({
    ...plan.source,
    label: `${contender}${round}`,
    origin,
    operations: [operation],
    connections,
    warmMs,
    measureMs: writes.has(operation) ? plan.writeMs : plan.readMs,
  })
  const cpuAfter = cpuSecondsOf(pid)
  if (writes.has(operation)) await tidy(plan.database)
  const { requests, seconds, p99Ms, cpuSeconds } = result
  // The warm-up counts into the server's time, so its requests are added at the same speed.
  const served = requests * (1 + warmMs / 1_000 / seconds)
  return {
    operation,
    contender,
    round,
    perSecond: requests / seconds,
    p99Ms,
    loadShare: cpuSeconds / seconds / cpus().length,
    serverMicroseconds:
      cpuBefore === undefined || cpuAfter === undefined
        ? undefined
        : ((cpuAfter - cpuBefore) * 1_000_000) / served,
  }
}

/** The answers that replays repeat; tidying may have taken them. */
async function makeReplayed({ contenders, source }: RoundsPlan): Promise<void> {
  const load = { ...source, label: '', origin: contenders.ours.origin, warmMs: 0, measureMs: 0 }
  await runLoad({ ...load, operations: ['replay'], connections: 8, requests: replayedKeys })
}
