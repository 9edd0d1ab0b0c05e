import pg from 'pg'
import { sqlState } from '../apps/server/src/kernel/database-errors.ts'
import { Trip } from '../apps/server/src/kernel/trip.ts'
import { type BareReply, type BareRequest, serveBare, settingsFromParent } from './bare-http.ts'
import { countedId } from './counted-ids.ts'
import { patternOf } from './parts.ts'
import type { OperationName } from './requests.ts'
import type { Script, Scripts, SentStatement, SentValue } from './scripts.ts'

/**
 * A bare server that sends the statements that our server was recorded sending, in the same trips, over as many
 * connections, as the same role. Names, keys and IDs in them are new for every request.
 */

type SameSettings = Scripts & { readonly readConnections: number; readonly writeConnections: number }

const { scripts, connection, readConnections, writeConnections } = await settingsFromParent<SameSettings>()

/** What is new in every request: IDs, and the key of a re-creation, whose token is the user ID. */
const madeId = /(?:cus|whev|aud|req)_[0-9a-z]{26}|recordedrecreatex\d+/g
const readers = await Promise.all(Array.from({ length: readConnections }, connect))
const pool = new pg.Pool({ ...connection, pipeline: true, max: writeConnections } as pg.PoolConfig)
let turn = 0

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, pipeline: true } as pg.ClientConfig)
  await client.connect()
  return client
}

/** Fills a recorded value for one request. */
type Fill = (token: string, ids: readonly string[]) => unknown
type FilledStatement = { readonly name?: string; readonly text: string; readonly fills: readonly Fill[] }
type Plan = {
  readonly trips: readonly { readonly shared: boolean; readonly statements: readonly FilledStatement[] }[]
  readonly idPrefixes: readonly string[]
  readonly status: number
  readonly body: Fill
}

const plans = Object.fromEntries(
  Object.entries(scripts).map(([operation, script]) => [operation, planOf(script)]),
) as Readonly<Record<OperationName, Plan>>

serveBare(async ({ operation, name, key, body }: BareRequest): Promise<BareReply> => {
  const plan = plans[operation]
  const token = tokenOf(operation, name, key, body)
  const ids = plan.idPrefixes.map(countedId)
  const rows = await play(plan, token, ids)
  const answer = operation === 'get' ? rows[0] : rows
  return operation === 'get' || operation === 'list' || operation === 'search'
    ? { status: 200, body: JSON.stringify(answer) }
    : { status: plan.status, body: String(plan.body(token, ids)) }
})

function tokenOf(operation: OperationName, name: string, key: string, body: string): string {
  if (operation === 'search') return patternOf(name)
  if (operation === 'get') return name
  if (operation === 'recreate') return (JSON.parse(body) as { readonly id: string }).id
  if (operation === 'create' || operation === 'batch') JSON.parse(body)
  return key
}

/** Sends trip after trip and answers the rows of the statement that had most. */
async function play(plan: Plan, token: string, ids: readonly string[]): Promise<readonly unknown[]> {
  const held = plan.trips.some(({ shared }) => !shared) ? await pool.connect() : undefined
  let most: readonly unknown[] = []
  try {
    for (const { shared, statements } of plan.trips) {
      const client = shared ? readers[turn++ % readers.length] : held
      const trip = new Trip()
      const answers = statements.map(({ name, text, fills }) =>
        trip.ask({
          ...(name === undefined ? {} : { name }),
          text,
          values: fills.map((fill) => fill(token, ids)),
        }),
      )
      client?.query(trip as unknown as pg.Submittable)
      for (const outcome of await Promise.allSettled(answers)) {
        if (outcome.status === 'rejected') {
          mustBeReplayed(outcome.reason)
          continue
        }
        const rows = outcome.value as readonly { readonly set_config?: unknown }[]
        if (rows.length >= most.length && rows[0]?.set_config === undefined) most = rows
      }
      await trip.done.catch(() => undefined)
    }
    return most
  } finally {
    held?.release()
  }
}

/** The claim of a replay fails on purpose. Any other failure would pass for speed. */
function mustBeReplayed(error: unknown): void {
  if (sqlState(error) !== 'CI002') throw error
}

function planOf({ trips, token, status, body }: Script): Plan {
  const found = [...new Set(JSON.stringify([trips, body]).match(madeId) ?? [])].filter((id) => id !== token)
  const fillOf = (value: SentValue) => fillFor(value, token, found)
  return {
    trips: trips.map(({ shared, statements }) => ({
      shared,
      statements: statements.map(({ values, ...rest }: SentStatement) => ({
        ...rest,
        fills: values.map(fillOf),
      })),
    })),
    idPrefixes: found.map((id) => id.slice(0, id.indexOf('_') + 1)),
    status,
    body: fillOf(body),
  }
}

function fillFor(value: SentValue, token: string, found: readonly string[]): Fill {
  if (typeof value === 'string') return fillText(value, token, found)
  if (Array.isArray(value)) {
    const fills = (value as readonly SentValue[]).map((inner) => fillFor(inner, token, found))
    return (given, ids) => fills.map((fill) => fill(given, ids))
  }
  if (typeof value === 'object' && value !== null && 'bytes' in value) {
    const fill = fillText(value.bytes, token, found)
    return (given, ids) => Buffer.from(String(fill(given, ids)), 'latin1')
  }
  return () => value
}

/** Cuts the text at the token and at IDs once, so that filling it is joining. */
function fillText(text: string, token: string, found: readonly string[]): Fill {
  const names = [...(token === '' ? [] : [token]), ...found]
  if (names.length === 0) return () => text
  const places = new Map(names.map((name, place) => [name, place - (token === '' ? 0 : 1)]))
  const escaped = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pieces = text.split(new RegExp(`(${escaped.join('|')})`))
  if (pieces.length === 1) return () => text
  const parts = pieces.map((piece, index) => (index % 2 === 0 ? piece : (places.get(piece) ?? 0)))
  return (given, ids) =>
    parts.map((part) => (typeof part === 'string' ? part : part < 0 ? given : ids[part])).join('')
}
