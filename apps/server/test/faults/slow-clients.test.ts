import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { callerWith } from '@commet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Installation, installEmbedded } from './scenarios.ts'

/** Clients that are slow, silent or too many hold up nobody else, and nothing for ever. */

let installation: Installation
let call: ReturnType<typeof callerWith>

beforeAll(async () => {
  installation = await installEmbedded()
  call = callerWith(installation.address, installation.apiKey)
})
afterAll(() => installation.end())

const write = (id: string) => ({
  body: { email: 'a@example.com', id },
  headers: { 'idempotency-key': `create:${id}` },
})

async function openSocket(): Promise<Socket> {
  const { hostname, port } = new URL(installation.address)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

async function openSockets(count: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < count) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, openSocket))))
  }
  return sockets
}

const isOpen = ({ destroyed, readableEnded }: Socket) => !destroyed && !readableEnded

/** Reads and writes are answered, each within a time that a person would call at once. */
async function expectService(name: string): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    const began = performance.now()
    expect((await call('POST', '/api/v1/customers', write(`user_${name}_${turn}`))).status).toBe(201)
    expect((await call('GET', '/api/v1/customers')).status).toBe(200)
    expect(performance.now() - began).toBeLessThan(3_000)
  }
}

describe.concurrent('the server answers', () => {
  test('beside two thousand idle connections, and does not keep them', { timeout: 60_000 }, async () => {
    const sockets = await openSockets(2_000)
    await expectService('idle')
    expect(sockets.filter(isOpen).length).toBeGreaterThan(1_500)
    for (const socket of sockets) socket.resume()
    await expect.poll(() => sockets.filter(isOpen).length, { timeout: 40_000, interval: 250 }).toBe(0)
    await expectService('idle_after')
  })

  test('beside bodies that arrive a byte a second, and ends them', { timeout: 90_000 }, async () => {
    const sockets = await openSockets(200)
    for (const socket of sockets) {
      socket.resume()
      socket.write(
        `POST /api/v1/customers HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${installation.apiKey}\r\n` +
          'content-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
      )
    }
    await expectService('drip')
    const began = performance.now()
    while (sockets.some(isOpen) && performance.now() - began < 60_000) {
      for (const socket of sockets.filter(isOpen)) socket.write(' ')
      await delay(500)
    }
    expect(sockets.filter(isOpen)).toEqual([])
    await expectService('drip_after')
  })
})
