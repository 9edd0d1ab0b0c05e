import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { API_VERSION, Commet, type CommetOptions, type FetchInit, SDK_VERSION } from '../src/index.ts'
import { clientOf, type Stub, startStub, testKey } from './stub-server.ts'

let stub: Stub
beforeEach(async () => {
  stub = await startStub()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  await stub.close()
})

/** Calls once through a fetch that only notes what it was given. */
async function urlAndInit(options: Partial<CommetOptions>): Promise<{ url: string; init: FetchInit }> {
  const seen: { url: string; init: FetchInit }[] = []
  const fetch = async (url: string, init: FetchInit) => {
    seen.push({ url, init })
    return new Response('{"success":true,"data":{}}')
  }
  await new Commet({ apiKey: testKey, ...options, fetch } as CommetOptions).customers.get('a')
  return seen[0]!
}

describe('every request', () => {
  test('carries key, versions, content type and who is asking', async () => {
    await clientOf(stub).commet.customers.get('a')
    const { headers } = stub.requests[0]!
    expect(headers).toMatchObject({
      'x-api-key': testKey,
      'commet-version': API_VERSION,
      'content-type': 'application/json',
      accept: 'application/json',
    })
    expect(headers['user-agent']).toBe(
      `commet-node/${SDK_VERSION} node/${process.versions.node} ${process.platform}/${process.arch}`,
    )
  })

  test('carries the version of the call, else of the client, else 2026-07-11', async () => {
    expect(API_VERSION).toBe('2026-07-11')
    const { commet } = clientOf(stub, { apiVersion: '2026-07-24' })
    await commet.customers.get('a')
    await commet.customers.get('a', { apiVersion: '2026-07-31' })
    expect(stub.requests.map(({ headers }) => headers['commet-version'])).toEqual([
      '2026-07-24',
      '2026-07-31',
    ])
  })
})

describe('the base address', () => {
  test('is localhost:3000 by default', async () => {
    expect((await urlAndInit({})).url).toBe('http://localhost:3000/api/v1/customers/a')
  })

  test('is COMMET_BASE_URL where set, and the option where given', async () => {
    vi.stubEnv('COMMET_BASE_URL', 'https://env.example')
    expect((await urlAndInit({})).url).toBe('https://env.example/api/v1/customers/a')
    expect((await urlAndInit({ baseUrl: 'https://own.example' })).url).toBe(
      'https://own.example/api/v1/customers/a',
    )
  })

  test.each(['https://own.example/billing', 'https://own.example/billing/', 'https://own.example/billing//'])(
    'keeps its path: %s',
    async (baseUrl) => {
      expect((await urlAndInit({ baseUrl })).url).toBe('https://own.example/billing/api/v1/customers/a')
    },
  )

  test.each([
    'own.example',
    'ftp://own.example',
    '/billing',
    'https://a:b@own.example',
    'https://own.example?x=1',
  ])('is refused where nothing could be sent to it: %s', (baseUrl) => {
    expect(() => new Commet({ apiKey: testKey, baseUrl })).toThrow('baseUrl')
  })
})

describe('an API key', () => {
  test.each([undefined, '', '  ', null])('that is missing is told at once: %j', (apiKey) => {
    expect(() => new Commet({ apiKey } as CommetOptions)).toThrow('Commet SDK: API key is required')
  })

  test.each(['sk_1', 'ck_', 'ck_a b', 'ck_ä', 'ck_a\nx', 7])(
    'of a wrong shape is told at once: %j',
    (apiKey) => {
      const construct = () => new Commet({ apiKey } as CommetOptions)
      expect(construct).toThrow('Commet SDK: Invalid API key format. Expected format: ck_xxx...')
      expect(construct).not.toThrow(String(apiKey === 'ck_' ? 'never' : apiKey))
    },
  )

  test('may have the line end of the file it was read from', async () => {
    expect((await urlAndInit({ apiKey: `${testKey}\n` })).init.headers['x-api-key']).toBe(testKey)
  })

  test('is not shown by printing or serializing the client', () => {
    const { commet } = clientOf(stub)
    for (const shown of [
      inspect(commet, { depth: 9, showHidden: true }),
      JSON.stringify(commet),
      String(commet),
    ]) {
      expect(shown).not.toContain(testKey)
    }
  })
})

describe('a browser session', () => {
  test('sends the environment and the page’s own cookies instead of a key', async () => {
    const options: CommetOptions = { auth: { session: true }, environment: 'live', baseUrl: stub.url }
    const { init } = await urlAndInit({ ...options, apiKey: undefined })
    expect(init.credentials).toBe('same-origin')
    expect(init.headers).toMatchObject({ 'commet-environment': 'live', 'content-type': 'application/json' })
    expect(init.headers).not.toHaveProperty('x-api-key')
  })

  test('goes to the page’s own origin unless told otherwise', async () => {
    vi.stubGlobal('location', { origin: 'https://dash.example' })
    const { url } = await urlAndInit({ apiKey: undefined, auth: { session: true }, environment: 'sandbox' })
    expect(url).toBe('https://dash.example/api/v1/customers/a')
  })

  test('must name its environment', () => {
    expect(() => new Commet({ auth: { session: true } } as CommetOptions)).toThrow('environment')
  })

  test('does not send cookies with a key', async () => {
    expect((await urlAndInit({})).init.credentials).toBe('omit')
  })

  test('works on pages without https, where crypto.randomUUID does not exist', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
    const { commet } = clientOf(stub)
    await commet.customers.delete('a')
    expect(stub.requests[0]?.headers['idempotency-key']).toMatch(/^commet-node-retry-[0-9a-f-]{36}$/)
  })
})

describe('options out of range are told at once', () => {
  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('timeout %s', async (timeout) => {
    expect(() => new Commet({ apiKey: testKey, timeout })).toThrow('timeout')
    await expect(clientOf(stub).commet.customers.get('a', { timeout })).rejects.toThrow('timeout')
  })

  test.each([-1, 1.5, Number.NaN])('retries %s', async (retries) => {
    expect(() => new Commet({ apiKey: testKey, retries })).toThrow('retries')
    await expect(clientOf(stub).commet.customers.get('a', { retries })).rejects.toThrow('retries')
  })

  test('apiVersion no header carries', () => {
    expect(() => new Commet({ apiKey: testKey, apiVersion: '2026\n' })).toThrow('apiVersion')
  })

  test.each(['customers', '/customers?limit=1', '/customers#x', ''])('path %j', async (path) => {
    await expect(clientOf(stub).commet.request({ method: 'GET', path })).rejects.toThrow('path')
    expect(stub.requests).toEqual([])
  })
})
