import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { realTiming } from '../src/core/retry.ts'
import { Commet, CommetAPIError, CommetConnectionError, CommetTimeoutError } from '../src/index.ts'
import {
  clientOf,
  failure,
  ok,
  reset,
  type Stub,
  silence,
  stall,
  startStub,
  testKey,
  text,
  truncated,
} from './stub-server.ts'

let stub: Stub
beforeEach(async () => {
  stub = await startStub()
})
afterEach(() => stub.close())

const customer = { email: 'a@b.example', fullName: 'Zoë ☃', metadata: { a_b: [1, 2.5, null] } }
const broken = (status: number, headers = {}) => failure(status, { code: 'internal_error' }, headers)
const keysSent = () => stub.requests.map(({ headers }) => headers['idempotency-key'])

describe('a retried write', () => {
  test('has the same bytes and the same idempotency key in every attempt', async () => {
    stub.answer(broken(500), reset, broken(503), ok({ id: 'cus_1' }))
    const { commet } = clientOf(stub)
    const { data } = await commet.customers.create(customer)
    expect(data.id).toBe('cus_1')
    expect(stub.requests).toHaveLength(4)
    expect(new Set(stub.requests.map(({ body }) => body))).toEqual(new Set([JSON.stringify(customer)]))
    expect(new Set(keysSent()).size).toBe(1)
    expect(keysSent()[0]).toMatch(
      /^commet-node-retry-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  test('does not change when the caller changes the parameters meanwhile', async () => {
    stub.answer(broken(500), ok({}))
    const params = { email: 'before@b.example' }
    const call = clientOf(stub).commet.customers.create(params)
    params.email = 'after@b.example'
    await call
    expect(stub.requests.map(({ body }) => JSON.parse(body).email)).toEqual([
      'before@b.example',
      'before@b.example',
    ])
  })

  test('keeps the caller’s own idempotency key', async () => {
    stub.answer(broken(500), ok({}))
    await clientOf(stub).commet.customers.create(customer, { idempotencyKey: 'order 42' })
    expect(keysSent()).toEqual(['order 42', 'order 42'])
  })
})

describe('an idempotency key', () => {
  test('is made for every kind of write and differs from call to call; reads have none', async () => {
    const { commet } = clientOf(stub)
    await commet.customers.create(customer)
    await commet.customers.update({ id: 'cus_1', email: 'a@b.example' })
    await commet.customers.delete('cus_1')
    await commet.request({ method: 'PATCH', path: '/customers/cus_1', body: {} })
    await commet.customers.get('cus_1', { idempotencyKey: 'ignored' })
    const [post, put, remove, patch, get] = keysSent()
    expect(new Set([post, put, remove, patch]).size).toBe(4)
    for (const key of [post, put, remove, patch]) expect(key).toMatch(/^commet-node-retry-/)
    expect(get).toBeUndefined()
  })

  test('is not made where nothing would be retried, but the caller’s own is sent', async () => {
    const { commet } = clientOf(stub, { retries: 0 })
    await commet.customers.create(customer)
    await commet.customers.delete('cus_1')
    await commet.customers.create(customer, { idempotencyKey: 'mine' })
    await commet.customers.create(customer, { retries: 1 })
    expect(keysSent()).toEqual([undefined, undefined, 'mine', expect.stringMatching(/^commet-node-retry-/)])
  })

  test.each(['', 'é', 'a\nb', 'x'.repeat(256)])(
    'that no header carries is refused before sending: %j',
    async (key) => {
      const call = clientOf(stub).commet.customers.create(customer, { idempotencyKey: key })
      await expect(call).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      expect(stub.requests).toEqual([])
    },
  )
})

describe('which failures are retried', () => {
  test.each([408, 500, 502, 503, 504])(
    '%i is, after 1, 2 and 4 seconds, then it is thrown',
    async (status) => {
      stub.answer(broken(status))
      const { commet, waits } = clientOf(stub)
      await expect(commet.customers.get('cus_1')).rejects.toMatchObject({ statusCode: status })
      expect(stub.requests).toHaveLength(4)
      expect(waits).toEqual([1000, 2000, 4000])
    },
  )

  test.each([400, 401, 402, 403, 404, 409, 410, 413, 415, 422, 501])('%i is not', async (status) => {
    stub.answer(broken(status))
    const { commet, waits } = clientOf(stub)
    await expect(commet.customers.create(customer)).rejects.toBeInstanceOf(CommetAPIError)
    expect(stub.requests).toHaveLength(1)
    expect(waits).toEqual([])
  })

  test('a write still running under the same idempotency key is, and then gets its answer', async () => {
    stub.answer(
      failure(409, { type: 'conflict_error', code: 'idempotency_in_progress' }),
      ok({ id: 'cus_1' }),
    )
    const { commet, waits } = clientOf(stub)
    expect((await commet.customers.create(customer)).data.id).toBe('cus_1')
    expect(waits).toEqual([1000])
  })

  test('503 with a numeric Retry-After is, after exactly that', async () => {
    stub.answer(broken(503, { 'retry-after': '3' }), ok({ id: 'cus_1' }))
    const { commet, waits } = clientOf(stub)
    await commet.customers.get('cus_1')
    expect(waits).toEqual([3000])
  })

  test('a gateway’s page is, by its status, though it is not JSON', async () => {
    stub.answer(text(502, '<h1>Bad gateway</h1>'), text(503, ''), ok({ id: 'cus_1' }))
    expect((await clientOf(stub).commet.customers.get('cus_1')).data.id).toBe('cus_1')
  })

  test('a connection that is reset, or cut in the middle of the answer, is', async () => {
    stub.answer(reset, truncated, ok({ id: 'cus_1' }))
    const { commet, waits } = clientOf(stub)
    expect((await commet.customers.get('cus_1')).data.id).toBe('cus_1')
    expect(waits).toEqual([1000, 2000])
  })

  test('a server nobody listens on is, then a connection error says why', async () => {
    const { commet, waits } = clientOf({ url: await closedAddress() })
    const error = await commet.customers.get('cus_1').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(CommetConnectionError)
    expect(error).toMatchObject({
      code: 'CONNECTION_ERROR',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    expect(waits).toEqual([1000, 2000, 4000])
  })

  test('none is with retries: 0', async () => {
    stub.answer(broken(500))
    await expect(clientOf(stub, { retries: 0 }).commet.customers.get('a')).rejects.toBeInstanceOf(
      CommetAPIError,
    )
    await expect(clientOf(stub).commet.customers.get('a', { retries: 0 })).rejects.toBeInstanceOf(
      CommetAPIError,
    )
    expect(stub.requests).toHaveLength(2)
  })

  test('waits never exceed 8 seconds and jitter only shortens them', async () => {
    stub.answer(broken(500))
    const waits: number[] = []
    const wait = async (delayMs: number) => {
      waits.push(delayMs)
    }
    const options = { apiKey: testKey, baseUrl: stub.url, retries: 5 }
    await expect(new Commet(options, { wait, random: () => 0.5 }).customers.get('a')).rejects.toThrow()
    expect(waits).toEqual([875, 1750, 3500, 7000, 7000])
  })
})

describe('429', () => {
  const limited = (headers: Record<string, string>) => failure(429, { code: 'rate_limited' }, headers)

  test.each([
    ['7', 7000],
    ['0.5', 500],
    ['3600', 30000],
  ])('with Retry-After %s is retried after exactly that, at most 30 seconds', async (retryAfter, waitMs) => {
    stub.answer(limited({ 'retry-after': retryAfter }), ok({ id: 'cus_1' }))
    const { commet, waits } = clientOf(stub)
    await commet.customers.get('cus_1')
    expect(waits).toEqual([waitMs])
  })

  test.each([undefined, '0', '-1', 'soon', 'Wed, 21 Oct 2026 07:28:00 GMT'])(
    'with Retry-After %s is not retried',
    async (retryAfter) => {
      stub.answer(limited(retryAfter === undefined ? {} : { 'retry-after': retryAfter }))
      await expect(clientOf(stub).commet.customers.get('a')).rejects.toMatchObject({ statusCode: 429 })
      expect(stub.requests).toHaveLength(1)
    },
  )

  test('tells how long to wait once the retries are used up', async () => {
    stub.answer(limited({ 'retry-after': '9' }))
    const call = clientOf(stub, { retries: 1 }).commet.customers.get('a')
    await expect(call).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 9 })
    expect(stub.requests).toHaveLength(2)
  })
})

describe('time limits', () => {
  /** Long enough for a request to arrive, however busy the machine is. */
  const timeout = 500

  test.each([
    ['no answer', silence],
    ['an answer that stops in the middle', stall],
  ])('%s ends the attempt, which is retried', async (_, reply) => {
    stub.answer(reply, ok({ id: 'cus_1' }))
    const { commet, waits } = clientOf(stub, { timeout })
    expect((await commet.customers.get('cus_1', { timeout })).data.id).toBe('cus_1')
    expect(waits).toEqual([1000])
  })

  test('a timeout is an error of its own, and a connection error', async () => {
    stub.answer(silence)
    const error = await clientOf(stub, { retries: 1 })
      .commet.customers.create(customer, { timeout })
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(CommetTimeoutError)
    expect(error).toBeInstanceOf(CommetConnectionError)
    expect(error).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('500 ms') })
    expect(stub.requests).toHaveLength(2)
    expect(new Set(keysSent()).size).toBe(1)
  })

  test('a fetch that ignores its signal cannot hold a call', async () => {
    const { commet } = clientOf(stub, { fetch: () => new Promise(() => {}), timeout: 20, retries: 0 })
    await expect(commet.customers.get('a')).rejects.toBeInstanceOf(CommetTimeoutError)
  })

  test('the caller’s signal ends a call under way with its reason, and nothing is retried', async () => {
    stub.answer(silence)
    const controller = new AbortController()
    const { commet, waits } = clientOf(stub)
    const call = commet.customers.get('cus_1', { signal: controller.signal })
    await expect.poll(() => stub.requests.length).toBe(1)
    controller.abort(new Error('user left'))
    await expect(call).rejects.toThrow('user left')
    expect(stub.requests).toHaveLength(1)
    expect(waits).toEqual([])
  })

  test('a signal aborted beforehand sends nothing', async () => {
    const call = clientOf(stub).commet.customers.get('a', {
      signal: AbortSignal.abort(new Error('too late')),
    })
    await expect(call).rejects.toThrow('too late')
    expect(stub.requests).toEqual([])
  })

  test('a signal that aborts between two attempts ends the wait', async () => {
    stub.answer(broken(500))
    const controller = new AbortController()
    const timing = {
      random: () => 0,
      wait: (delayMs: number, signal: AbortSignal | undefined) => {
        queueMicrotask(() => controller.abort(new Error('enough')))
        return realTiming.wait(delayMs * 60, signal)
      },
    }
    const commet = new Commet({ apiKey: testKey, baseUrl: stub.url }, timing)
    await expect(commet.customers.get('a', { signal: controller.signal })).rejects.toThrow('enough')
    await expect(realTiming.wait(60_000, controller.signal)).rejects.toThrow('enough')
    expect(stub.requests).toHaveLength(1)
  })

  test('the real wait does wait', async () => {
    await expect(realTiming.wait(1, undefined)).resolves.toBeUndefined()
    expect(realTiming.random()).toBeLessThan(1)
  })
})

async function closedAddress(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}
