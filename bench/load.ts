import { Client, type Dispatcher } from 'undici'
import { type HttpRequest, type OperationName, type RequestSource, requestsOf } from './requests.ts'
import { percentile } from './statistics.ts'

/**
 * The load generator: undici, one request at a time on each connection, in a process of its own. It speaks only to the
 * process that started it, which tells it what to send and gets the figures back.
 */

export type LoadOrder = RequestSource & {
  readonly origin: string
  /** One operation, or several that are sent in turn. */
  readonly operations: readonly OperationName[]
  readonly connections: number
  readonly warmMs: number
  /** The run ends after so many milliseconds, or so many requests where they are given. */
  readonly measureMs: number
  readonly requests?: number
}

export type LoadResult = {
  readonly requests: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the worst {@link windowMs} of the run. */
  readonly worstP99Ms: number
  readonly mostMs: number
  /** Processor seconds of this process. */
  readonly cpuSeconds: number
}

const windowMs = 4_000
let stopped = false

async function run(order: LoadOrder): Promise<LoadResult> {
  const sources = new Map(order.operations.map((operation) => [operation, requestsOf(operation, order)]))
  const inTurn = order.operations.map((operation) => sources.get(operation) as () => HttpRequest)
  let turn = 0
  const next = () => (inTurn[turn++ % inTurn.length] as () => HttpRequest)()
  const clients = Array.from(
    { length: order.connections },
    () => new Client(order.origin, { pipelining: 1, bodyTimeout: 60_000, headersTimeout: 60_000 }),
  )
  await sendUntil(clients, next, performance.now() + order.warmMs, Number.POSITIVE_INFINITY)
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  const end = order.requests === undefined ? started + order.measureMs : Number.POSITIVE_INFINITY
  const windows: number[][] = []
  const keep = (ms: number) => {
    const window = Math.floor((performance.now() - started) / windowMs)
    windows[window] ??= []
    windows[window].push(ms)
  }
  const latencies = await sendUntil(clients, next, end, order.requests ?? Number.POSITIVE_INFINITY, keep)
  const seconds = (performance.now() - started) / 1_000
  const cpu = process.cpuUsage(cpuBefore)
  await Promise.all(clients.map((client) => client.close()))
  return {
    requests: latencies.length,
    seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    worstP99Ms: Math.max(...windows.filter(isFull).map((window) => percentile(window, 0.99))),
    mostMs: latencies.reduce((most, ms) => Math.max(most, ms), 0),
    cpuSeconds: (cpu.user + cpu.system) / 1_000_000,
  }
}

async function sendUntil(
  clients: readonly Client[],
  next: () => HttpRequest,
  end: number,
  most: number,
  keep: (ms: number) => void = () => {},
): Promise<number[]> {
  const latencies: number[] = []
  let left = most
  await Promise.all(
    clients.map(async (client) => {
      while (left-- > 0 && performance.now() < end && !stopped) {
        const ms = await send(client, next())
        latencies.push(ms)
        keep(ms)
      }
    }),
  )
  return latencies
}

/** A window of which the run saw a moment only says nothing about its slowest hundredth. */
function isFull(window: readonly number[] | undefined): window is readonly number[] {
  return window !== undefined && window.length >= 100
}

/** Sends one request and answers how many milliseconds it took to the last byte. Anything but success ends the run. */
function send(client: Client, { method, path, body, headers }: HttpRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    let status = 0
    const failed: Buffer[] = []
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(_, statusCode) {
        status = statusCode
      },
      onResponseData(_, chunk) {
        if (status >= 300) failed.push(chunk)
      },
      onResponseEnd() {
        if (status < 300) resolve(performance.now() - started)
        else
          reject(new Error(`${method} ${path} was answered ${status}: ${Buffer.concat(failed).toString()}`))
      },
      onResponseError(_, error) {
        reject(error)
      },
    }
    client.dispatch({ method, path, headers, ...(body === undefined ? {} : { body }) }, handler)
  })
}

process.on('message', (order: LoadOrder | 'stop') => {
  if (order === 'stop') {
    stopped = true
    return
  }
  run(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ failure: error instanceof Error ? error.message : String(error) }),
  )
})
