import { type Spread, spreadOf } from '../statistics.ts'
import type { Block, Program, Side } from './program.ts'

/** The two measurements: blocks of both sides in turn, and memory over many calls of the SDK. */

export type Size = {
  readonly rounds: number
  readonly blocksPerRound: number
  readonly callsPerBlock: number
  readonly warmCalls: number
  readonly memoryCalls: number
}

export type SideFigures = { readonly callMicros: Spread; readonly cpuMicros: number }

export type Overhead = {
  readonly ratio: Spread
  readonly sdk: SideFigures
  readonly plain: SideFigures
}

type Round = Readonly<Record<Side, Block>>

/** Both sides are slowed alike by whatever else the machine does, for neither runs longer than a moment at a time. */
export async function overheadOf(program: Program, size: Size): Promise<Overhead> {
  for (const side of ['sdk', 'plain'] as const) await program.run(side, size.warmCalls)
  const rounds: Round[] = []
  while (rounds.length < size.rounds) rounds.push(await runRound(program, size))
  return {
    ratio: spreadOf(rounds.map(({ sdk, plain }) => sdk.seconds / plain.seconds)),
    sdk: figuresOf(rounds.map(({ sdk }) => sdk)),
    plain: figuresOf(rounds.map(({ plain }) => plain)),
  }
}

async function runRound(program: Program, { blocksPerRound, callsPerBlock }: Size): Promise<Round> {
  const blocks: Record<Side, Block[]> = { sdk: [], plain: [] }
  for (let pair = 0; pair < blocksPerRound; pair += 1) {
    const sides: readonly Side[] = pair % 2 === 0 ? ['sdk', 'plain'] : ['plain', 'sdk']
    for (const side of sides) blocks[side].push(await program.run(side, callsPerBlock))
  }
  return { sdk: sumOf(blocks.sdk), plain: sumOf(blocks.plain) }
}

function sumOf(blocks: readonly Block[]): Block {
  const sum = (pick: (block: Block) => number) => blocks.reduce((total, block) => total + pick(block), 0)
  return {
    calls: sum(({ calls }) => calls),
    seconds: sum(({ seconds }) => seconds),
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
  }
}

/** The system counts processor time in hundredths of a second: enough for all rounds together, not for each. */
function figuresOf(rounds: readonly Block[]): SideFigures {
  const all = sumOf(rounds)
  return {
    callMicros: spreadOf(rounds.map(({ seconds, calls }) => (seconds / calls) * 1e6)),
    cpuMicros: (all.cpuSeconds / all.calls) * 1e6,
  }
}

export type Memory = {
  readonly calls: number
  /** MB before the first call and after each quarter. */
  readonly quartersMb: readonly number[]
  readonly isFlat: boolean
}

const allowedGrowth = 1.1
const allowedGrowthMb = 2

/** Flat: what the first quarter left in use is enough for the three after it, but for a tenth and 2 MB. */
export async function memoryOfSdk(program: Program, calls: number): Promise<Memory> {
  const quartersMb = [program.residentMb()]
  while (quartersMb.length < 5) {
    await program.run('sdk', Math.round(calls / 4))
    quartersMb.push(program.residentMb())
  }
  const [, first = 0, , , last = Number.NaN] = quartersMb
  return { calls, quartersMb, isFlat: last <= first * allowedGrowth + allowedGrowthMb }
}
