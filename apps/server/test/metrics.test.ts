import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { mayReadMetrics } from '@commet/server/http/metrics'
import { callerWith, startTestServer, type TestPerson, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let guarded: TestServer
const token = 'a token of 16 or more'.replaceAll(' ', '-')

beforeAll(async () => {
  server = await startTestServer()
  guarded = await startTestServer({ metricsToken: token })
})
afterAll(() => Promise.all([server.stop(), guarded.stop()]))

const read = (address: string, headers: Readonly<Record<string, string>> = {}) =>
  callerWith(address, undefined)('GET', '/metrics', { headers })

/** The figures that are read, by name and labels as they are written. */
async function figures(address: string): Promise<Readonly<Record<string, number>>> {
  const lines = (await read(address)).text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))]
    }),
  )
}

/** An import to carry out, and a deletion that is due in ten seconds. */
async function leaveWork(call: TestPerson['sandbox']): Promise<void> {
  const made = await call('POST', '/api/v1/customers', { body: { email: 'a@example.com' } })
  await call('POST', '/api/v1/customer-deletions', { body: { customerIds: [made.json.data.id] } })
  const headers = { 'content-type': 'text/csv' }
  const uploaded = await call('POST', '/api/v1/imports?fileName=a.csv', {
    body: 'email\nb@example.com\n',
    headers,
  })
  const { status } = await call('POST', `/api/v1/imports/${uploaded.json.data.id}/run`)
  expect(status).toBe(200)
}

describe('the metrics', () => {
  test('count requests by route and status, and name nobody', async () => {
    const { id, sandbox } = await server.organization()
    const made = await sandbox.call('POST', '/api/v1/customers', {
      body: { email: 'secret@example.com', id: 'user_x' },
    })
    await sandbox.call('GET', '/api/v1/customers/user_x?')
    await sandbox.call('GET', '/api/v1/customers?search=secret')
    await sandbox.call('GET', '/no/such/path/user_x')
    await callerWith(server.address, 'ck_live_unknown')('GET', '/api/v1/customers')
    const { status, text, headers } = await read(server.address)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(text).toMatch(
      /^commet_requests_total\{method="POST",route="\/api\/v1\/customers",status="201"\} 1$/m,
    )
    expect(text).toMatch(
      /^commet_requests_total\{method="GET",route="\/api\/v1\/customers\/:id",status="200"\} 1$/m,
    )
    expect(text).toMatch(
      /^commet_requests_total\{method="GET",route="\/api\/v1\/customers",status="401"\} 1$/m,
    )
    expect(text).toMatch(
      /^commet_request_duration_seconds_bucket\{le="0.5",method="POST",route="\/api\/v1\/customers"\}/m,
    )
    for (const secret of ['secret', 'user_x', id, sandbox.id, made.json.data.id, 'ck_'])
      expect([secret, text.includes(secret)]).toEqual([secret, false])
  })

  test('tell of connections, stored answers, events and the worker', async () => {
    const { sandbox } = await server.organization()
    await server.database.owner(
      `insert into idempotency_keys select $1, 'old ' || n, '', 200, '', false, now() - interval '30 hours'
       from generate_series(1, 7) n`,
      [sandbox.id],
    )
    const { text } = await read(server.address)
    expect(text).toMatch(/^commet_database_up 1$/m)
    for (const pool of ['reads', 'writes', 'worker', 'accounts'])
      expect(text).toContain(`commet_pool_connections{pool="${pool}",state="waiting"} 0\n`)
    expect(text).toMatch(/^commet_pool_connections\{pool="reads",state="(idle|in_use)"\} 2$/m)
    expect(text).toMatch(/^commet_idempotency_keys_past_their_time 7$/m)
    expect(Number(/^commet_idempotency_oldest_key_seconds (.+)$/m.exec(text)?.[1])).toBeGreaterThan(
      29 * 3_600,
    )
    expect(text).toMatch(/^commet_events_bytes \d+$/m)
    expect(text).toMatch(/^commet_worker_done_total\{kind="purgedKeys"\} 0$/m)
    expect(text).toMatch(/^commet_worker_last_upkeep_timestamp_seconds 0$/m)
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m)
  })

  test('tell what waits for a worker and for how long, and what a worker has done about it', async () => {
    const { database } = server
    const organization = await server.organization()
    const { sandbox } = await server.person(organization, 'owner')
    await leaveWork(sandbox)
    await database.owner(`update customer_deletions set due_at = due_at - interval '70 seconds'`)
    await database.owner(`update imports set updated_at = updated_at - interval '80 seconds'`)
    const waiting = await figures(server.address)
    expect(waiting.commet_imports_waiting).toBe(1)
    expect(waiting.commet_imports_longest_wait_seconds).toBeGreaterThanOrEqual(80)
    expect(waiting.commet_deletions_due).toBe(1)
    expect(waiting.commet_deletions_longest_due_seconds).toBeGreaterThanOrEqual(60)
    const startedAt = Date.now() / 1000
    const working = await startTestServer({ database, worker: true })
    try {
      await expect
        .poll(() => figures(working.address))
        .toMatchObject({
          'commet_worker_done_total{kind="purgedKeys"}': 7,
          'commet_worker_done_total{kind="deletedCustomers"}': 1,
          commet_idempotency_keys_past_their_time: 0,
          commet_imports_waiting: 0,
          commet_imports_longest_wait_seconds: 0,
          commet_deletions_due: 0,
          commet_deletions_longest_due_seconds: 0,
        })
      const { commet_worker_last_upkeep_timestamp_seconds: last } = await figures(working.address)
      expect(last).toBeGreaterThanOrEqual(startedAt)
    } finally {
      await working.stop()
    }
  })

  test('count what never reached a route', async () => {
    const before = await figures(server.address)
    const { hostname, port } = new URL(server.address)
    const socket = connect(Number(port), hostname)
    socket.end('no HTTP at all\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 /)
    const turnedAway = 'commet_requests_turned_away_total{status="400"}'
    expect((await figures(server.address))[turnedAway]).toBe((before[turnedAway] ?? 0) + 1)
  })

  test('are in the format that Prometheus reads', async () => {
    const { text } = await read(server.address)
    const line = /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"\\]*",?)+\})? (-?[\d.]+(e[+-]?\d+)?|Nan|\+Inf))?$/i
    expect(text.split('\n').filter((one) => !line.test(one))).toEqual([])
  })
})

describe('who reads them', () => {
  test.each([
    ['127.0.0.1', {}, true],
    ['::1', {}, true],
    ['::ffff:127.0.0.1', {}, true],
    ['192.0.2.1', {}, false],
    ['::ffff:192.0.2.1', {}, false],
    ['127.0.0.1', { 'x-forwarded-for': '192.0.2.1' }, false],
    ['127.0.0.1', { forwarded: 'for=192.0.2.1' }, false],
    ['127.0.0.1', { via: '1.1 proxy' }, false],
  ])('without a token, %s with %j: %s', (remoteAddress, headers, expected) => {
    const request = { socket: { remoteAddress }, headers } as unknown as IncomingMessage
    expect(mayReadMetrics(request, undefined)).toBe(expected)
  })

  test('through a proxy they are not there, like any path that is not', async () => {
    const hidden = await read(server.address, { 'x-forwarded-for': '192.0.2.1' })
    const nothing = await callerWith(server.address, undefined)('GET', '/metricz')
    expect([hidden.status, hidden.text.replace('/metrics', '')]).toEqual([
      404,
      nothing.text.replace('/metricz', ''),
    ])
  })

  test('with a token, whoever sends it, from wherever', async () => {
    const asked = (authorization?: string) =>
      read(guarded.address, authorization === undefined ? {} : { authorization }).then(({ status }) => status)
    expect(await asked()).toBe(404)
    expect(await asked(`Bearer ${token.slice(0, -1)}x`)).toBe(404)
    expect(await asked(`bearer ${token}`)).toBe(404)
    expect(await asked(token)).toBe(404)
    expect(await asked(`Bearer ${token}`)).toBe(200)
  })
})
