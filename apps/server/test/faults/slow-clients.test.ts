import { existsSync, readFileSync } from 'node:fs'
import { callerWith } from '@commet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Installation, impatient, installEmbedded } from './scenarios.ts'
import { deafClients, drippingClients, headerClients, idleClients, leavingClients } from './slow-clients.ts'
import { newLedger, unusedUserId } from './stream.ts'
import { findFaults } from './verify.ts'

/** Clients that are slow, silent, deaf or too many hold up nobody else, and nothing for ever. */

let installation: Installation
let call: ReturnType<typeof callerWith>

beforeAll(async () => {
  installation = await installEmbedded(impatient)
  call = callerWith(installation.address, installation.apiKey)
})
afterAll(async () => {
  const wrong = await findFaults(installation.owner, newLedger(), installation)
  await installation.end()
  expect(wrong).toEqual([])
})

const write = (id: string) => ({
  body: { email: 'a@example.com', id },
  headers: { 'idempotency-key': `create:${id}` },
})

/** Reads and writes are answered, each within a time that a person would call at once. */
async function expectService(name: string): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    const began = performance.now()
    expect((await call('POST', '/api/v1/customers', write(`user_${name}_${turn}`))).status).toBe(201)
    expect((await call('GET', '/api/v1/customers')).status).toBe(200)
    expect(performance.now() - began).toBeLessThan(3_000)
  }
}

/** The most memory that the server ever had, in MB; undefined where the system does not tell. */
function peakMemory(): number | undefined {
  const file = `/proc/${installation.server.process.pid}/status`
  if (!existsSync(file)) return undefined
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024
}

describe.concurrent('the server answers', () => {
  test('beside two thousand idle connections, and does not keep them', { timeout: 60_000 }, async () => {
    const idle = await idleClients(installation, 2_000)
    expect((await call('GET', '/api/v1/customers')).status).toBe(200)
    expect(idle.open()).toBeGreaterThan(1_500)
    await expectService('idle')
    await idle.gone(40_000)
    await expectService('idle_after')
  })

  test('beside bodies that arrive a byte at a time, and ends them', { timeout: 90_000 }, async () => {
    const dripping = await drippingClients(installation, 200)
    await expectService('drip')
    await dripping.gone(60_000)
    await expectService('drip_after')
  })

  test('beside requests whose headers do not end, and ends them', { timeout: 90_000 }, async () => {
    const endless = await headerClients(installation, 200)
    await expectService('headers')
    await endless.gone(60_000)
    await expectService('headers_after')
  })

  test('beside clients that leave before they are answered, whose writes are whole or not there', async () => {
    const statuses: number[] = []
    for (let round = 0; round < 5; round++) {
      const userIds = Array.from({ length: 100 }, unusedUserId)
      await leavingClients(installation, userIds)
      await expectService(`leaving_${round}`)
      const known = await Promise.all(userIds.map((id) => call('GET', `/api/v1/customers/${id}`)))
      statuses.push(...known.map(({ status }) => status))
    }
    // Some left in time and some did not, or nothing was tried; a busy machine may read none of one round.
    expect(new Set(statuses)).toEqual(new Set([200, 404]))
  })
})

test('the server answers beside clients that ask and never read, keeps little for them, and ends them', {
  timeout: 60_000,
}, async () => {
  const customers = Array.from({ length: 100 }, (_, place) => ({
    email: `${place}@example.com`,
    fullName: 'x'.repeat(200),
  }))
  expect((await call('POST', '/api/v1/customers/batch', { body: { customers } })).status).toBe(200)
  const before = peakMemory() ?? 0
  const deaf = await deafClients(installation, 50)
  await expectService('deaf')
  await deaf.gone(40_000)
  await expectService('deaf_after')
  expect((peakMemory() ?? 0) - before).toBeLessThan(150)
})
