import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** Clients that are slow, silent, or deaf: what they do to their connections. */

type Target = { readonly address: string; readonly apiKey: string }

export type SlowClients = {
  /** How many of their connections the server has not ended. */
  open(): number
  /** Waits until the server has ended all of them. */
  gone(withinMs: number): Promise<void>
  leave(): void
}

/** They connect and say nothing. */
export async function idleClients(target: Target, count: number): Promise<SlowClients> {
  const sockets = await openSockets(target, count)
  for (const socket of sockets) socket.resume()
  return clientsOf(sockets)
}

const dripEveryMs = 500

const headersOf = ({ apiKey }: Target) =>
  `POST /api/v1/customers HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${apiKey}\r\ncontent-type: application/json\r\n`

/** They begin a request and send its body byte by byte. */
export async function drippingClients(target: Target, count: number): Promise<SlowClients> {
  return drip(await openSockets(target, count), `${headersOf(target)}content-length: 1000\r\n\r\n{`, ' ')
}

/** They send one header after the other, and never the last. */
export async function headerClients(target: Target, count: number): Promise<SlowClients> {
  return drip(await openSockets(target, count), headersOf(target), 'x: y\r\n')
}

function drip(sockets: readonly Socket[], first: string, more: string): SlowClients {
  for (const socket of sockets) {
    socket.resume()
    socket.write(first)
  }
  const timer = setInterval(() => {
    for (const socket of sockets.filter(isOpen)) socket.write(more)
  }, dripEveryMs)
  return clientsOf(sockets, () => clearInterval(timer))
}

/** Each sends a write under a key of its own, whole or without its end, and is gone before the answer. */
export async function leavingClients(target: Target, userIds: readonly string[]): Promise<void> {
  const sockets = await openSockets(target, userIds.length)
  const left = sockets.map(async (socket, place) => {
    const id = userIds[place]
    const body = JSON.stringify({ id, email: `${id}@example.com`, metadata: { sequence: 0 } })
    const request = `${headersOf(target)}idempotency-key: create:${id}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    const sent = place % 2 === 0 ? request : request.slice(0, -place)
    await new Promise<void>((resolve) => socket.write(sent, () => resolve()))
    await delay(10 * (place % 5))
    socket.destroy()
  })
  await Promise.all(left)
}

const requestsAtOnce = 200

/** They ask for long answers without end and read none of them. */
export async function deafClients(target: Target, count: number): Promise<SlowClients> {
  const sockets = await openSockets(target, count)
  const request = `GET /api/v1/customers?limit=100 HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${target.apiKey}\r\n\r\n`
  const block = request.repeat(requestsAtOnce)
  for (const socket of sockets) {
    const ask = () => {
      if (isOpen(socket)) socket.write(block, () => setImmediate(ask))
    }
    ask()
  }
  return clientsOf(sockets)
}

function clientsOf(sockets: readonly Socket[], end = () => {}): SlowClients {
  const open = () => sockets.filter(isOpen).length
  return {
    open,
    gone: async (withinMs) => {
      const giveUpAt = performance.now() + withinMs
      while (open() > 0) {
        if (performance.now() > giveUpAt) throw new Error(`${open()} connections are still open`)
        await delay(50)
      }
      end()
    },
    leave: () => {
      end()
      for (const socket of sockets) socket.destroy()
    },
  }
}

const isOpen = ({ destroyed, readableEnded }: Socket) => !destroyed && !readableEnded

async function openSockets(target: Target, count: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < count) {
    const many = Math.min(100, count - sockets.length)
    sockets.push(...(await Promise.all(Array.from({ length: many }, () => openSocket(target)))))
  }
  return sockets
}

async function openSocket({ address }: Target): Promise<Socket> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}
