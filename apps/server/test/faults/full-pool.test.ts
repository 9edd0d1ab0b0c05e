import { callerWith } from '@commet/testkit'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Installation, impatient, installEmbedded } from './scenarios.ts'
import { newLedger, startStream } from './stream.ts'
import { findFaults } from './verify.ts'

/** Slow transactions use up the connections for writes. */

let installation: Installation
let call: ReturnType<typeof callerWith>

beforeAll(async () => {
  installation = await installEmbedded(impatient)
  call = callerWith(installation.address, installation.apiKey)
})
afterAll(() => installation.end())

const write = (id: string) => ({
  body: { email: 'a@example.com', id },
  headers: { 'idempotency-key': `create:${id}` },
})

describe('while every connection for writes is taken', () => {
  async function connected(): Promise<pg.Client> {
    const client = new pg.Client({ ...installation.owner, options: '-c search_path=commet,public' })
    await client.connect()
    return client
  }

  /** Does something while nobody can write a customer. */
  async function whileHeld(work: (observer: pg.Client) => Promise<void>): Promise<void> {
    const [holder, observer] = await Promise.all([connected(), connected()])
    try {
      await holder.query('begin; lock table customers in share mode')
      await work(observer)
    } finally {
      await holder.query('rollback')
      await Promise.all([holder.end(), observer.end()])
    }
  }

  const send = (count: number, name: string) =>
    Promise.all(
      Array.from({ length: count }, (_, turn) =>
        call('POST', '/api/v1/customers', write(`user_${name}_${turn}`)),
      ),
    )

  async function waiting(observer: pg.Client): Promise<number | null> {
    const { rowCount } = await observer.query(
      `select from pg_stat_activity where application_name = 'commet' and wait_event_type = 'Lock'`,
    )
    return rowCount
  }

  test('reads and health answer, and the writes are done once it is over', async () => {
    let writes = Promise.resolve<Awaited<ReturnType<typeof send>>>([])
    await whileHeld(async (observer) => {
      writes = send(80, 'held')
      await expect.poll(() => waiting(observer), { timeout: 10_000 }).toBe(10)
      expect((await call('GET', '/api/v1/customers')).status).toBe(200)
      expect((await call('GET', '/health')).status).toBe(200)
    })
    expect((await writes).map(({ status }) => status)).toEqual(Array.from({ length: 80 }, () => 201))
  })

  test('for longer than a request waits, writes are told to come back, leave nothing behind, and are not logged one by one', {
    timeout: 90_000,
  }, async () => {
    await whileHeld(async () => {
      const replies = await send(150, 'lost')
      const told = replies.map(
        ({ status, headers }) => `${status}, again after ${headers.get('retry-after')}`,
      )
      expect(new Set(told)).toEqual(new Set(['503, again after 1']))
      expect(new Set(replies.map(({ json }) => json.error.message.split(' and nothing')[0]))).toEqual(
        new Set(['The database took too long', 'Too many requests wait for the database']),
      )
    })
    const ledger = newLedger()
    const stream = startStream(installation, ledger)
    await stream.more(20)
    await stream.stop()
    expect(await findFaults(installation.owner, ledger, installation)).toEqual([])
    expect((await call('GET', '/api/v1/customers/user_lost_0')).status).toBe(404)
    const complaints = () =>
      installation.server.logLines
        .filter(({ level }) => level === 'error' || level === 'warn')
        .map(({ level, message }) => `${level}: ${message.split(';')[0]}`)
    await expect.poll(() => complaints().length, { timeout: 30_000 }).toBe(4)
    expect(complaints().toSorted()).toEqual([
      'error: no connection to the database became free in time',
      'error: statements take the database too long',
      'warn: connections to the database become free in time again',
      'warn: the database carries out statements in time again',
    ])
  })
})

describe('while reads are held up by others', () => {
  test('those that would wait behind them are sent away, and all is well once it is over', {
    timeout: 60_000,
  }, async () => {
    const holder = new pg.Client({ ...installation.owner, options: '-c search_path=commet,public' })
    await holder.connect()
    await holder.query('begin; lock table customers in access exclusive mode')
    const answers: Promise<{ readonly status: number; readonly text: string }>[] = []
    try {
      for (let turn = 0; turn < 20; turn++) {
        answers.push(call('GET', '/api/v1/customers'))
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    } finally {
      await holder.query('rollback')
      await holder.end()
    }
    const told = (await Promise.all(answers)).filter(({ status }) => status === 503).map(({ text }) => text)
    expect(
      told.filter((text) => text.includes('Too many requests wait for the database')).length,
    ).toBeGreaterThan(5)
    await expect.poll(async () => (await call('GET', '/health')).status).toBe(200)
    expect((await call('GET', '/api/v1/customers')).status).toBe(200)
  })
})
