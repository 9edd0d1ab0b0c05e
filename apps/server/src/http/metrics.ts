import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { PoolMeasures } from '../kernel/db.ts'
import type { UpkeepCounts, UpkeepMeasures } from '../worker/worker.ts'
import type { RequestLogCounts } from './request-log.ts'

/**
 * What operators watch, in the format of Prometheus. Labels name routes and statuses, never an organization, a key or a
 * customer.
 */

export type MetricsSources = {
  readonly pool: () => PoolMeasures
  readonly upkeep: () => Promise<UpkeepMeasures>
  readonly counts: UpkeepCounts
  readonly requestLog: () => RequestLogCounts
}

export type Metrics = {
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

export function createMetrics(sources: MetricsSources): Metrics {
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
  addPool(registry, sources)
  addCounts(registry, sources)
  addRequestLog(registry, sources)
  const askDatabase = addUpkeep(registry, sources)
  return {
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

function addPool(registry: Registry, { pool }: MetricsSources): void {
  const states = new Gauge({
    name: 'commet_write_connections',
    help: 'Connections for writes, by what they do; waiting counts the requests that wait for one.',
    labelNames: ['state'],
    registers: [registry],
    collect: () => {
      const { inUse, idle, waiting } = pool()
      states.set({ state: 'in_use' }, inUse)
      states.set({ state: 'idle' }, idle)
      states.set({ state: 'waiting' }, waiting)
    },
  })
}

/** The database is asked once for all its figures. While it is away they are no numbers, and the rest is told. */
function addUpkeep(registry: Registry, { upkeep }: MetricsSources): () => Promise<void> {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] })
  const up = gauge('commet_database_up', '1 when the database answers.')
  const past = gauge('commet_idempotency_keys_past_their_time', 'Stored answers that wait to be forgotten.')
  const oldest = gauge('commet_idempotency_oldest_key_seconds', 'Age of the oldest stored answer.')
  const events = gauge('commet_events_estimate', 'Rows in the log of events, as the database estimates them.')
  const bytes = gauge('commet_events_bytes', 'Bytes that the log of events takes on disk.')
  return async () => {
    const measures = await upkeep().catch(() => undefined)
    up.set(measures === undefined ? 0 : 1)
    past.set(measures?.keysPastTheirTime ?? Number.NaN)
    oldest.set(measures?.oldestKeySeconds ?? Number.NaN)
    events.set(measures?.eventsEstimate ?? Number.NaN)
    bytes.set(measures?.eventsBytes ?? Number.NaN)
  }
}

function addCounts(registry: Registry, { counts }: MetricsSources): void {
  const done = new Gauge({
    name: 'commet_worker_done',
    help: 'What the worker of this process has done since its start, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    collect: () => {
      for (const [kind, count] of Object.entries(counts)) done.set({ kind }, count)
    },
  })
}

function addRequestLog(registry: Registry, { requestLog }: MetricsSources): void {
  const notes = new Gauge({
    name: 'commet_request_log_notes',
    help: 'Notes for the log of requests since the start of this process, by what became of them.',
    labelNames: ['state'],
    registers: [registry],
    collect: () => {
      for (const [state, count] of Object.entries(requestLog())) notes.set({ state }, count)
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
