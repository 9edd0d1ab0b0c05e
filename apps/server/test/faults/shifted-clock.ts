import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { callerWith } from '@commet/testkit'
import { type Fault, type Installation, installEmbedded } from './scenarios.ts'

/** A server whose clock jumps when it is told to. The database keeps its own. */

export const hourMs = 3_600_000

export type ClockInstallation = Installation & {
  /** Shifts the clock and waits until the server's answers carry the new time. */
  jumpTo(offsetMs: number): Promise<void>
}

export async function installWithClock(): Promise<ClockInstallation> {
  const folder = await mkdtemp(path.join(tmpdir(), 'commet-clock-'))
  const file = path.join(folder, 'offset')
  await writeFile(file, '1')
  const installation = await installEmbedded({
    nodeArguments: [`--import=${path.join(import.meta.dirname, 'shifted-clock.mjs')}`],
    env: { FAULT_CLOCK_FILE: file },
  })
  return {
    ...installation,
    get server() {
      return installation.server
    },
    jumpTo: async (offsetMs) => {
      await writeFile(file, String(offsetMs))
      await untilNoticed(installation, offsetMs)
    },
    end: async () => {
      await installation.end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilNoticed({ address, apiKey }: Installation, offsetMs: number): Promise<void> {
  const call = callerWith(address, apiKey)
  for (;;) {
    const { json } = await call('POST', '/api/v1/customers', { body: { email: 'a@example.com' } })
    if (Math.abs(Date.parse(json.data.createdAt) - Date.now() - offsetMs) < hourMs / 4) return
    await delay(10)
  }
}

export const jumps = [20, -20, 700, -3, 0.01].map((hours) => hours * hourMs)

export const clockFaults = {
  'a clock that jumps, by up to 720 hours': {
    strike: ({ jumpTo }, round) => jumpTo(jumps[round % jumps.length] ?? 0),
    says: [],
    complaints: 0,
  },
} as const satisfies Readonly<Record<string, Fault<ClockInstallation>>>
