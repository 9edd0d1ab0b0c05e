import { createServer, type Socket } from 'node:net'
import { Commet } from '@commet/node'
import { startTestServer } from '@commet/testkit'
import { expect, test } from 'vitest'
import { type CallCase, readVectors } from '../../../sdks/typescript/test/vector-cases.ts'

/**
 * What this server answers when a client must wait is what all client libraries are tested with (`spec/vectors`), and the
 * TypeScript library is shown to wait for it. Its time is recorded, not spent.
 */

function replyOf(id: string) {
  const found = readVectors()
    .flatMap(({ cases }) => cases)
    .find((vector): vector is CallCase => vector.kind === 'call' && vector.id === id)
  const reply = found?.exchanges[0]?.reply
  if (reply === undefined) throw new Error(`There is no vector ${id}`)
  return reply
}

type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown }

/** Without what differs from run to run: IDs, addresses, seconds. */
function shapeOf({ status, headers, body }: Answer, names: readonly string[]) {
  const plain = (text: string) =>
    text
      .replaceAll(/http:\/\/[^/]+/g, 'http://server')
      .replaceAll(/req_\w+/g, 'req_0')
      .replaceAll(/\d+/g, '0')
  const told = names.map((name) => [name, plain(headers.get(name) ?? 'absent')])
  return { status, headers: Object.fromEntries(told), body: JSON.parse(plain(JSON.stringify(body))) }
}

function expectVector(id: string, answer: Answer): void {
  const { status = 200, headers = {}, body = null } = replyOf(id)
  const names = Object.keys(headers)
  expect(shapeOf(answer, names)).toEqual(shapeOf({ status, headers: new Headers(headers), body }, names))
}

async function answerOf(address: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const reply = await fetch(`${address}/api/v1/customers/nobody`, { headers })
  return { status: reply.status, headers: reply.headers, body: await reply.json() }
}

function clientThatNeverSleeps(baseUrl: string, apiKey: string, retries: number) {
  const waits: number[] = []
  const timing = { random: () => 0, wait: async (delayMs: number) => void waits.push(delayMs) }
  return { waits, commet: new Commet({ baseUrl, apiKey, retries }, timing) }
}

test('a key beyond its limit is told when to come back, and a library waits that long', async () => {
  const server = await startTestServer({ rateLimitPerMinute: 1 })
  try {
    const { sandbox } = await server.organization()
    await sandbox.call('GET', '/api/v1/customers')
    const answer = await answerOf(server.address, { 'x-api-key': sandbox.apiKey })
    expectVector('retries/429-of-the-server', answer)
    const asked = Number(answer.headers.get('retry-after'))
    const { commet, waits } = clientThatNeverSleeps(server.address, sandbox.apiKey, 2)
    const error = await commet.customers.list().catch((refusal: unknown) => refusal)
    expect(error).toMatchObject({
      code: 'rate_limited',
      statusCode: 429,
      retryAfterSeconds: expect.any(Number),
    })
    expect(waits).toHaveLength(2)
    // A second may have passed since; nobody waits longer than half a minute.
    for (const wait of waits) {
      expect(wait).toBeLessThanOrEqual(Math.min(asked, 30) * 1_000)
      expect(wait).toBeGreaterThan((Math.min(asked, 30) - 5) * 1_000)
    }
  } finally {
    await server.stop()
  }
})

test('while a server starts it answers 503, and a library comes back after a second', async () => {
  const silent = createServer()
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const connected = new Promise<Socket>((resolve) => silent.once('connection', resolve))
  const port = await freePort()
  const refused = expect(
    startTestServer({ databaseUrl: `postgresql://postgres@127.0.0.1:${portOf(silent)}/x`, port }),
  ).rejects.toThrow('cannot be used')
  const socket = await connected
  const address = `http://127.0.0.1:${port}`
  expectVector('retries/503-of-a-starting-server', await answerOf(address, {}))
  const { commet, waits } = clientThatNeverSleeps(address, 'ck_sandbox_1', 3)
  await expect(commet.customers.create({ email: 'a@example.com' })).rejects.toMatchObject({ statusCode: 503 })
  expect(waits).toEqual([1_000, 1_000, 1_000])
  socket.destroy()
  silent.close()
  await refused
})

async function freePort(): Promise<number> {
  const free = createServer()
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
  const port = portOf(free)
  await new Promise((resolve) => free.close(resolve))
  return port
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('It listens')
  return address.port
}
