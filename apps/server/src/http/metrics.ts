import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { PoolMeasures } from '../kernel/db.ts'
import type { UpkeepMeasures } from '../worker/measures.ts'
import type { Upkeep } from '../worker/worker.ts'
import type { RequestLogCounts } from './request-log.ts'

/**
 * What operators watch, in the format of Prometheus. Labels name routes and statuses, never an organization, a key or a
 * customer.
 */

export type MetricsSources = {
  /** The pools of connections by their names. */
  readonly pools: Readonly<Record<string, () => PoolMeasures>>
  readonly measureUpkeep: () => Promise<UpkeepMeasures>
  readonly upkeep: Upkeep
  readonly requestLog: () => RequestLogCounts
}

export type Metrics = {
  /** Adds what there is to watch once the database is open. */
  watch(sources: MetricsSources): void
  /** A request that was answered before any route saw it. */
  turnedAway(status: number): void
  observe(request: {
    readonly method: string
    readonly route: string
    readonly status: number
    readonly seconds: number
  }): void
  /** The text of all metrics, and its content type. */
  read(): Promise<{ readonly body: string; readonly contentType: string }>
}

const secondsUpTo = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15]

/** Counts requests from the start on. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'commet_requests_total',
    help: 'Requests answered, by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'commet_request_duration_seconds',
    help: 'Time from the head of a request to its answer, by route.',
    labelNames: ['method', 'route'],
    buckets: secondsUpTo,
    registers,
  })
  const turnedAway = new Counter({
    name: 'commet_requests_turned_away_total',
    help: 'Requests answered before any route saw them: no HTTP, too slow to arrive, or sent while the server started.',
    labelNames: ['status'],
    registers,
  })
  let askDatabase = async () => {}
  return {
    watch: (sources) => {
      addPools(registry, sources)
      addWorker(registry, sources)
      addRequestLog(registry, sources)
      askDatabase = addUpkeep(registry, sources)
    },
    turnedAway: (status) => turnedAway.inc({ status }),
    observe: ({ method, route, status, seconds }) => {
      requests.inc({ method, route, status })
      durations.observe({ method, route }, seconds)
    },
    read: async () => {
      await askDatabase()
      return { body: await registry.metrics(), contentType: registry.contentType }
    },
  }
}

function addPools(registry: Registry, { pools }: MetricsSources): void {
  const states = new Gauge({
    name: 'commet_pool_connections',
    help: 'Connections to the database by what they do; waiting counts who waits for one.',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect: () => {
      for (const [pool, measure] of Object.entries(pools)) {
        const { inUse, idle, waiting } = measure()
        states.set({ pool, state: 'in_use' }, inUse)
        states.set({ pool, state: 'idle' }, idle)
        states.set({ pool, state: 'waiting' }, waiting)
      }
    },
  })
}

/** Whoever collects metrics waits for ten seconds by default, and is to learn the rest just when the database is slow. */
const patienceMs = 2_000

/** The database is asked once for all its figures. While it is away or slow they are no numbers, and the rest is told. */
function addUpkeep(registry: Registry, { measureUpkeep }: MetricsSources): () => Promise<void> {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] })
  const up = gauge('commet_database_up', '1 when the database answers within two seconds.')
  const past = gauge('commet_idempotency_keys_past_their_time', 'Stored answers that wait to be forgotten.')
  const oldest = gauge('commet_idempotency_oldest_key_seconds', 'Age of the oldest stored answer.')
  const events = gauge('commet_events_estimate', 'Rows in the log of events, as the database estimates them.')
  const bytes = gauge('commet_events_bytes', 'Bytes that the log of events takes on disk.')
  const imports = gauge('commet_imports_waiting', 'Imports that a worker has yet to finish.')
  const importsWait = gauge(
    'commet_imports_longest_wait_seconds',
    'For how long nobody has worked on the import that waits longest.',
  )
  const deletions = gauge('commet_deletions_due', 'Deletions that are due and not carried out.')
  const deletionsDue = gauge('commet_deletions_longest_due_seconds', 'For how long the first of them is due.')
  return async () => {
    const late = delay(patienceMs, undefined, { ref: false })
    const measures = await Promise.race([measureUpkeep(), late]).catch(() => undefined)
    up.set(measures === undefined ? 0 : 1)
    past.set(measures?.keysPastTheirTime ?? Number.NaN)
    oldest.set(measures?.oldestKeySeconds ?? Number.NaN)
    events.set(measures?.eventsEstimate ?? Number.NaN)
    bytes.set(measures?.eventsBytes ?? Number.NaN)
    imports.set(measures?.importsWaiting ?? Number.NaN)
    importsWait.set(measures?.importsWaitSeconds ?? Number.NaN)
    deletions.set(measures?.deletionsDue ?? Number.NaN)
    deletionsDue.set(measures?.deletionsDueSeconds ?? Number.NaN)
  }
}

/** A counter that others count: it is set to what they have. */
function addWorker(registry: Registry, { upkeep }: MetricsSources): void {
  const registers = [registry]
  const done = new Counter({
    name: 'commet_worker_done_total',
    help: 'What the worker of this process has done since its start, by kind.',
    labelNames: ['kind'],
    registers,
    collect: () => {
      done.reset()
      for (const [kind, count] of Object.entries(upkeep.counts)) done.inc({ kind }, count)
    },
  })
  const last = new Gauge({
    name: 'commet_worker_last_upkeep_timestamp_seconds',
    help: 'When the worker of this process last forgot all that is past its time; 0 before the first time.',
    registers,
    collect: () => {
      last.set((upkeep.lastDoneAt?.getTime() ?? 0) / 1000)
    },
  })
}

function addRequestLog(registry: Registry, { requestLog }: MetricsSources): void {
  const notes = new Counter({
    name: 'commet_request_log_notes_total',
    help: 'Notes for the log of requests since the start of this process, by what became of them.',
    labelNames: ['state'],
    registers: [registry],
    collect: () => {
      notes.reset()
      for (const [state, count] of Object.entries(requestLog())) notes.inc({ state }, count)
    },
  })
}

const forwarded = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
]

/**
 * Whether a request may read the metrics. With a token, whoever sends it as `Authorization: Bearer`. Without one, who asks
 * from this very machine, and not through a proxy, which would make everybody a neighbour.
 */
export function mayReadMetrics(request: IncomingMessage, token: string | undefined): boolean {
  if (token !== undefined) return sameText(request.headers.authorization ?? '', `Bearer ${token}`)
  const peer = request.socket.remoteAddress ?? ''
  const isNeighbour = peer === '::1' || /^(::ffff:)?127\./.test(peer)
  return isNeighbour && !forwarded.some((name) => request.headers[name] !== undefined)
}

/** Compares digests, of one length whatever is given, in a time that tells nothing of how far they agree. */
function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
