import { setTimeout as delay } from 'node:timers/promises'

/**
 * A stream of creates, updates and batches, each under an Idempotency-Key of its own, from clients that remember what they
 * were answered. What failed on the way is sent again with the same key, or left, as real clients do.
 */

export type Acknowledged = {
  readonly key: string
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly status: number
  readonly text: string
  /** When it was sent for the last time, by performance.now(). */
  readonly sentAt: number
}

/** What the clients know, over all rounds of a scenario. */
export type Ledger = {
  readonly acknowledged: Acknowledged[]
  /** Answers that are neither a success nor a failure a client may expect. */
  readonly unexpected: string[]
  /** How often something failed on the way: a cut connection, or an answer of 409 or 5xx. */
  failures: number
  /** Answers of 5xx among them. */
  refusals: number
}

export function newLedger(): Ledger {
  return { acknowledged: [], unexpected: [], failures: 0, refusals: 0 }
}

export type Stream = {
  /** Waits until so many more writes were acknowledged than when asked. */
  more(count: number): Promise<void>
  /** Waits until a write that was sent from now on is acknowledged; answers the milliseconds. */
  recovery(): Promise<number>
  /** Ends it once every client has finished what it was doing. */
  stop(): Promise<void>
}

/** Names are used once, whichever scenario uses them. */
let nextNumber = 1

/** A user ID that no stream uses. */
export const unusedUserId = () => `user_${nextNumber++}`

/** Where writes are sent: to one server, or in turn to several that share a database, as through a load balancer. */
export type StreamTarget = {
  readonly address: string
  readonly addresses?: readonly string[]
  readonly apiKey: string
}

const clients = 6
const batchSize = 5
const patienceMs = 60_000

type Request = {
  readonly key: string
  readonly method: string
  readonly path: string
  readonly body: unknown
}

export function startStream(target: StreamTarget, ledger: Ledger): Stream {
  const { addresses = [target.address] } = target
  let turns = 0
  let stopping = false
  const running = Array.from({ length: clients }, (_, client) => runClient(client))
  return {
    more: async (count) => {
      const wanted = ledger.acknowledged.length + count
      await until(() => ledger.acknowledged.length >= wanted)
    },
    recovery: async () => {
      const began = performance.now()
      await until(() => (ledger.acknowledged.at(-1)?.sentAt ?? 0) > began)
      return performance.now() - began
    },
    stop: async () => {
      stopping = true
      await Promise.all(running)
    },
  }

  /** A client makes customers, changes them in turn, and sends batches. Odd clients send again what failed. */
  async function runClient(client: number): Promise<void> {
    const own: { readonly userId: string; sequence: number }[] = []
    for (let turn = 0; !stopping; turn++) {
      const kind = turn % 4
      const customer = own.at(-1 - (turn % 3))
      const request =
        kind === 2 && customer !== undefined ? update(customer) : kind === 3 ? batch() : create()
      const done = await send(request, client % 2 === 1)
      if (done && request.key.startsWith('create:')) own.push({ userId: request.key.slice(7), sequence: 0 })
    }
  }

  function create(): Request {
    const userId = unusedUserId()
    const body = { id: userId, email: `${userId}@example.com`, metadata: { sequence: 0 } }
    return { key: `create:${userId}`, method: 'POST', path: '/api/v1/customers', body }
  }

  function update(customer: { readonly userId: string; sequence: number }): Request {
    customer.sequence++
    const { userId, sequence } = customer
    const path = `/api/v1/customers/${userId}`
    return { key: `update:${userId}:${sequence}`, method: 'PATCH', path, body: { metadata: { sequence } } }
  }

  function batch(): Request {
    const number = nextNumber++
    const customers = Array.from({ length: batchSize }, (_, place) => ({
      id: `batch_${number}_${place}`,
      email: `${number}.${place}@example.com`,
    }))
    return { key: `batch:${number}`, method: 'POST', path: '/api/v1/customers/batch', body: { customers } }
  }

  /** Sends a request once, or `persistently` until it is answered for good. Answers whether it was acknowledged. */
  async function send(request: Request, persistently: boolean): Promise<boolean> {
    for (;;) {
      const sentAt = performance.now()
      const reply = await attempt(request)
      if (reply !== undefined && reply.status < 300) {
        ledger.acknowledged.push({ ...request, ...reply, sentAt })
        return true
      }
      ledger.failures++
      if (reply !== undefined && reply.status >= 500) ledger.refusals++
      else if (reply !== undefined && !reply.text.includes('idempotency_in_progress'))
        ledger.unexpected.push(`${request.key}: ${reply.status} ${reply.text}`)
      await delay(10)
      if (!persistently || stopping) return false
    }
  }

  async function attempt({ key, method, path, body }: Request) {
    try {
      const address = addresses[turns++ % addresses.length]
      const response = await fetch(`${address}${path}`, {
        method,
        headers: {
          'x-api-key': target.apiKey,
          'content-type': 'application/json',
          'idempotency-key': key,
          'commet-version': '2026-07-24',
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(patienceMs),
      })
      return { status: response.status, text: await response.text() }
    } catch {
      return undefined
    }
  }
}

async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + patienceMs
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error('No more writes were acknowledged for a minute')
    await delay(5)
  }
}

/** Sends an acknowledged write again, as it was. */
export async function replay(
  target: { readonly address: string; readonly apiKey: string },
  { key, method, path, body }: Acknowledged,
): Promise<{ readonly status: number; readonly text: string; readonly replayed: boolean }> {
  const response = await fetch(target.address + path, {
    method,
    headers: {
      'x-api-key': target.apiKey,
      'content-type': 'application/json',
      'idempotency-key': key,
      'commet-version': '2026-07-24',
    },
    body: JSON.stringify(body),
  })
  return {
    status: response.status,
    text: await response.text(),
    replayed: response.headers.get('idempotent-replayed') === 'true',
  }
}
