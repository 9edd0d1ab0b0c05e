import { memoryOf, runLoad, type ServerProcess } from './processes.ts'
import type { RequestSource } from './requests.ts'
import { connections } from './rounds.ts'

/** Memory of the server's process over an hour's worth of requests, sent as fast as they are answered. */

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
      operations: ['get', 'list', 'get', 'search', 'get', 'create', 'get', 'recreate'],
      connections,
      warmMs: 0,
      measureMs: 0,
      requests: Math.round(requests / 4),
    })
    quartersMb.push(memoryOf(ours.pid).nowMb)
  }
  return { requests, quartersMb, peakMb: memoryOf(ours.pid).peakMb }
}
