import { memoryOf, runLoad, type ServerProcess } from './processes.ts'
import { type OperationName, operationNames, type RequestSource } from './requests.ts'
import { connections } from './rounds.ts'

/**
 * Memory of the server's process over an hour's worth of requests, sent as fast as they are answered: of 50 a second, which is
 * much for a company that runs its billing itself.
 */

/** What a hundred requests are, evenly mixed. */
const shares: Readonly<Record<OperationName, number>> = {
  ...{ get: 44, list: 20, search: 10 },
  ...{ create: 12, recreate: 8, replay: 5, batch: 1 },
}
const mix = operationNames
  .flatMap((name) =>
    Array.from({ length: shares[name] }, (_, turn) => ({ name, at: (turn + 0.5) / shares[name] })),
  )
  .toSorted((a, b) => a.at - b.at)
  .map(({ name }) => name)

export type MemoryRun = {
  readonly requests: number
  /** MB before the first request and after each quarter. */
  readonly quartersMb: readonly number[]
  readonly peakMb: number
}

export async function memoryRun(
  ours: ServerProcess,
  source: Omit<RequestSource, 'label'>,
  requests: number,
): Promise<MemoryRun> {
  const quartersMb = [memoryOf(ours.pid).nowMb]
  for (let quarter = 0; quarter < 4; quarter++) {
    await runLoad({
      ...source,
      label: `memory${quarter}`,
      origin: ours.origin,
      operations: mix,
      connections,
      warmMs: 0,
      measureMs: 0,
      requests: Math.round(requests / 4),
    })
    quartersMb.push(memoryOf(ours.pid).nowMb)
  }
  return { requests, quartersMb, peakMb: memoryOf(ours.pid).peakMb }
}
