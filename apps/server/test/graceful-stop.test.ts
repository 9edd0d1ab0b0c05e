import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createTestDatabase, startTestServer, testSecret } from '@commet/testkit'
import { expect, test } from 'vitest'
import { freePort, startServerProcess } from './faults/server-process.ts'

/** SIGTERM under load: no request that reached the server fails. */

const clients = 16

test('every request is answered, until no connection is taken any more', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'commet-stop-'))
  const database = await createTestDatabase()
  const helper = await startTestServer({ database })
  const { sandbox } = await helper.organization()
  try {
    for (let round = 0; round < 3; round++) {
      const server = await startServerProcess({
        dataFolder: folder,
        port: await freePort(),
        env: { DATABASE_URL: database.url, COMMET_SECRET: testSecret },
      })
      const results: string[] = []
      const load = Array.from({ length: clients }, (_, client) =>
        askUntilRefused(server.address, sandbox.apiKey, client % 2 === 0, results),
      )
      while (results.length < 200) await delay(5)
      const [code] = await Promise.all([server.stop(), ...load])
      expect(code).toBe(0)
      const kinds = Object.groupBy(results, (result) => result)
      expect(Object.keys(kinds).toSorted()).toEqual(['200', '201', 'ECONNREFUSED'])
      expect(kinds.ECONNREFUSED).toHaveLength(clients)
    }
  } finally {
    await helper.stop()
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  }
})

/** One client with one connection that it keeps, asking without a pause. */
async function askUntilRefused(address: string, apiKey: string, writes: boolean, results: string[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (;;) {
    const result = await ask(agent, address, apiKey, writes)
    results.push(result)
    if (!/^\d+$/.test(result)) break
  }
  agent.destroy()
}

function ask(agent: Agent, address: string, apiKey: string, writes: boolean): Promise<string> {
  return new Promise((resolve) => {
    const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' }
    const method = writes ? 'POST' : 'GET'
    const sent = request(`${address}/api/v1/customers`, { agent, method, headers }, (response) => {
      response.resume()
      response.once('end', () => resolve(String(response.statusCode)))
      response.once('error', () => resolve('cut off'))
    })
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    sent.end(writes ? '{"email": "a@example.com"}' : undefined)
  })
}
