import { prepareDatabase } from '@commet/server/db/prepare'
import { type Database, openDatabase } from '@commet/server/kernel/db'
import {
  dropAuditMonths,
  prepareAuditMonths,
  purgeEvents,
  purgeIdempotencyKeys,
} from '@commet/server/worker/worker'
import { startTestServer, type TestEnvironment, type TestServer, testSecret } from '@commet/testkit'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** What is forgotten, when, and that nobody waits for it. */

let server: TestServer
let sandbox: TestEnvironment
let workers: readonly [Database, Database]

beforeAll(async () => {
  server = await startTestServer()
  sandbox = (await server.organization()).sandbox
  const { worker } = await prepareDatabase({ connectionString: server.database.url }, testSecret)
  workers = [openDatabase(worker), openDatabase(worker)]
})
afterAll(async () => {
  await Promise.all(workers.map((db) => db.close()))
  await server.stop()
})

const count = async (table: string, condition = 'true') => {
  const [row] = await server.database.owner<{ n: number }>(
    `select count(*)::int as n from ${table} where environment_id = $1 and ${condition}`,
    [sandbox.id],
  )
  return row?.n
}

const addKeys = (many: number, age: string) =>
  server.database.owner(
    `insert into idempotency_keys
     select $1, $2 || n, '\\x00', 201, repeat('x', 400)::bytea, false, now() - $2::interval
     from generate_series(1, $3) n`,
    [sandbox.id, age, many],
  )

const addEvents = (many: number, age: string) =>
  server.database.owner(
    `insert into events (environment_id, id, type, subject_id, data, occurred_at, recorded_at)
     select $1, 'evt_' || $2 || n, 'customer.created', 'cus_of_nobody', '{}', now(), now() - $2::interval
     from generate_series(1, $3) n`,
    [sandbox.id, age, many],
  )

test('two workers at once forget every old key once, while writes go on unhindered', async () => {
  await addKeys(100_000, '25 hours')
  await addKeys(10, '23 hours')
  let purging = true
  let written = 0
  const writes = (async () => {
    while (purging) {
      const headers = { 'idempotency-key': crypto.randomUUID() }
      const { status } = await sandbox.call('POST', '/api/v1/customers', {
        body: { email: 'a@example.com' },
        headers,
      })
      expect(status).toBe(201)
      written += 1
    }
  })()
  const purged = await Promise.all(workers.map((db) => purgeIdempotencyKeys(db, new Date())))
  purging = false
  await writes
  expect(purged[0]! + purged[1]!).toBe(100_000)
  expect(purged.every((many) => many > 0)).toBe(true)
  expect(await count('idempotency_keys', `key like '23 hours%'`)).toBe(10)
  expect(written).toBeGreaterThan(10)
}, 60_000)

test('events are kept for ever unless a number of days is set, and then to the day', async () => {
  await addEvents(3_500, '31 days')
  await addEvents(5, '29 days')
  const before = await count('events')
  expect(await purgeEvents(workers[0], new Date(), 0)).toBe(0)
  expect(await count('events')).toBe(before)
  expect(await purgeEvents(workers[0], new Date(), 30)).toBe(3_500)
  expect(await count('events')).toBe(before! - 3_500)
  expect(await count('events', `id like 'evt_29 days%'`)).toBe(5)
})

test('a server whose clock has jumped ahead forgets no history early', async () => {
  const ahead = new Date(Date.now() + 5 * 365 * 24 * 3_600_000)
  const [events, entries] = [await count('events'), await count('audit_entries')]
  expect(await purgeEvents(workers[0], ahead, 30)).toBe(0)
  expect(await dropAuditMonths(workers[0], ahead, 12)).toBe(0)
  expect([await count('events'), await count('audit_entries')]).toEqual([events, entries])
})

const months = async () =>
  (
    await server.database.owner<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_entries'::regclass order by 1`,
    )
  ).map(({ name }) => name)

const monthsAgo = (many: number) => {
  const date = new Date()
  date.setUTCMonth(date.getUTCMonth() - many, 15)
  return date
}

async function addEntry(at: Date): Promise<void> {
  await server.database.owner('select prepare_audit_month($1)', [at])
  await server.database.owner(
    `insert into audit_entries (environment_id, id, operation, subject_id, actor_kind, occurred_at, recorded_at)
     values ($1, 'aud_' || $2::text, 'customers.create', 'cus_x', 'system', $2::timestamptz, $2::timestamptz)`,
    [sandbox.id, at.toISOString()],
  )
}

test('audit history goes by whole months, the newest of those asked for stays', async () => {
  for (const many of [30, 13, 12, 1]) await addEntry(monthsAgo(many))
  const before = await months()
  expect(await dropAuditMonths(workers[0], new Date(), 0)).toBe(0)
  expect(await months()).toEqual(before)
  const dropped = await Promise.all(workers.map((db) => dropAuditMonths(db, new Date(), 12)))
  expect(dropped[0]! + dropped[1]!).toBe(2)
  expect(await months()).toHaveLength(before.length - 2)
  expect(await count('audit_entries', `recorded_at < now() - interval '13 months'`)).toBe(0)
  expect(await count('audit_entries', `id like 'aud_2%'`)).toBe(2)
})

/** Somebody reads the whole history for as long as `work` takes, as a dump does. */
async function whileRead(work: () => Promise<void>): Promise<void> {
  const reader = new pg.Client({ connectionString: server.database.url })
  await reader.connect()
  try {
    await reader.query('begin; select count(*) from commet.audit_entries')
    await work()
  } finally {
    await reader.query('rollback')
    await reader.end()
  }
}

test('a month that somebody reads is left for the next time, and no write waits behind the attempts', async () => {
  await addEntry(monthsAgo(20))
  await whileRead(async () => {
    let trying = true
    let written = 0
    const writes = (async () => {
      while (trying) {
        const { status } = await sandbox.call('POST', '/api/v1/customers', {
          body: { email: 'a@example.com' },
        })
        expect(status).toBe(201)
        written++
      }
    })()
    const began = performance.now()
    for (let attempt = 0; attempt < 20; attempt++)
      expect(await dropAuditMonths(workers[0], new Date(), 12)).toBe(0)
    trying = false
    await writes
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(written).toBeGreaterThan(10)
  })
  expect(await dropAuditMonths(workers[0], new Date(), 12)).toBe(1)
}, 30_000)

test('a month that is to come is made another time while somebody reads, who holds up nobody', async () => {
  const then = new Date(Date.UTC(2032, 6, 15))
  const before = await months()
  await whileRead(async () => {
    const began = performance.now()
    for (let attempt = 0; attempt < 5; attempt++) await prepareAuditMonths(workers[0], then)
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(await months()).toEqual(before)
  })
  await prepareAuditMonths(workers[0], then)
  expect(await months()).toHaveLength(before.length + 2)
})

test('a partition made while entries of its month lie in the rest takes them over', async () => {
  const at = new Date(Date.UTC(2031, 4, 15))
  await server.database.owner(
    `insert into audit_entries (environment_id, id, operation, subject_id, actor_kind, occurred_at, recorded_at)
     values ($1, 'aud_early', 'customers.create', 'cus_x', 'system', $2, $2)`,
    [sandbox.id, at],
  )
  await Promise.all(
    workers.map((db) => db.call({ name: 'prepare', text: 'select prepare_audit_month($1)' }, ['2031-05-01'])),
  )
  expect(await count('audit_entries_rest', `id = 'aud_early'`)).toBe(0)
  expect(await count('audit_entries_2031_05', `id = 'aud_early'`)).toBe(1)
})

test('COMMET_WORKER=off leaves the work to another process, which does it at its start', async () => {
  await addKeys(3, '26 hours')
  const off = await startTestServer({ database: server.database, worker: false })
  const on = await startTestServer({ database: server.database, worker: true })
  await expect.poll(() => count('idempotency_keys', `key like '26 hours%'`), { timeout: 10_000 }).toBe(0)
  const read = async (address: string) => (await fetch(`${address}/metrics`)).text()
  expect(await read(on.address)).toMatch(/^commet_worker_done_total\{kind="turns"\} 1$/m)
  expect(await read(off.address)).toMatch(/^commet_worker_done_total\{kind="turns"\} 0$/m)
  await Promise.all([on.stop(), off.stop()])
})
