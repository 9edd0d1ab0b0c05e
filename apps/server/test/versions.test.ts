import { defaultVersion, folds, type OperationId, versions } from '@commet/contract'
import { startTestServer, type TestEnvironment, type TestServer } from '@commet/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Names, readRecordings, replay } from './recorded/exchange.ts'

let server: TestServer
let sandbox: TestEnvironment

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  const organization = await server.organization()
  sandbox = organization.sandbox
})

const dates = versions.map(({ date }) => date)
const at = (version: string) => ({ 'commet-version': version })
const pin = (version: string | null) =>
  server.database.owner('update environments set api_version = $2 where id = $1', [sandbox.id, version])

describe.each(readRecordings())('$era', ({ exchanges }) => {
  test('every recorded request is answered as it was', async () => {
    const names = new Names()
    for (const { what, request, response } of exchanges) {
      expect({ what, ...(await replay(sandbox, request, names)) }).toStrictEqual({ what, ...response })
    }
  })
})

describe('which version answers', () => {
  const get = (headers = {}) => sandbox.call('GET', '/api/v1/customers/nobody', { headers })
  const isFlat = ({ json }: { json: object }) => 'code' in json

  test('the default where nobody names one', async () => {
    expect((await get()).headers.get('commet-version')).toBe(defaultVersion)
  })

  test("the environment's where it has one, the header's before it", async () => {
    await pin('2026-05-12')
    const pinned = await get()
    expect([pinned.headers.get('commet-version'), isFlat(pinned)]).toEqual(['2026-05-12', true])
    const named = await get(at('2026-07-31'))
    expect([named.headers.get('commet-version'), isFlat(named)]).toEqual(['2026-07-31', false])
  })

  test("an environment's that is unknown means the default", async () => {
    await pin('2031-01-01')
    expect((await get()).headers.get('commet-version')).toBe(defaultVersion)
  })

  test('it is written on every answer: success, refusal, replay, and before the key is known', async () => {
    const version = at('2026-06-10')
    const write = () =>
      sandbox.call('POST', '/api/v1/customers', {
        body: { email: 'a@example.com' },
        headers: { ...version, 'idempotency-key': 'k' },
      })
    const replies = [
      await sandbox.call('GET', '/api/v1/customers', { headers: version }),
      await get(version),
      await write(),
      await write(),
      await sandbox.call('GET', '/api/v1/customers', { headers: { ...version, 'x-api-key': 'x' } }),
      await sandbox.call('GET', '/api/v1/nothing', { headers: version }),
    ]
    expect(replies.map(({ status }) => status)).toEqual([200, 404, 201, 201, 401, 404])
    expect(replies.map(({ headers }) => headers.get('commet-version'))).toEqual(
      Array(replies.length).fill('2026-06-10'),
    )
  })

  test.each(['', 'latest', '2026-07-12', '2026-7-31', '2026-07-31 ', 'v9', '2026-07-31, 2026-07-31'])(
    'the version %j is %s',
    async (version) => {
      const reply = await get(at(version))
      if (version.trim() === '2026-07-31') {
        expect(reply.headers.get('commet-version')).toBe('2026-07-31')
        return
      }
      expect([reply.status, reply.json.error.code, reply.json.error.param]).toEqual([
        400,
        'validation_error',
        'commet-version',
      ])
      for (const date of dates) expect(reply.json.error.message).toContain(date)
    },
  )

  test("errors are told in the environment's version, also of an unknown version and of too many requests", async () => {
    const strict = await startTestServer({ database: server.database, rateLimitPerMinute: 2 })
    const own = await strict.organization()
    sandbox = own.sandbox
    await pin('2026-05-18')
    const ask = (headers = {}) => own.sandbox.call('GET', '/api/v1/customers', { headers })
    const unknown = await ask(at('1999-01-01'))
    expect([unknown.status, isFlat(unknown)]).toEqual([400, true])
    await ask()
    const limited = await ask()
    expect([limited.status, isFlat(limited), limited.json.code]).toEqual([429, true, 'rate_limited'])
    const newest = await ask(at('2026-07-31'))
    expect([newest.status, isFlat(newest)]).toEqual([429, false])
    await strict.stop()
  })
})

describe('every version', () => {
  test.each(dates)('%s: what it answers can be sent back and changes nothing', async (version) => {
    const headers = at(version)
    const body = {
      email: 'ada@example.com',
      id: 'user_1',
      fullName: 'Ada',
      taxDocument: '1',
      timezone: 'Asia/Tokyo',
      address: { line1: 'x', city: 'y', postalCode: 'z', country: 'US' },
      metadata: { billingEmail: 'kept', email: 'kept', deep: { isActive: false } },
    }
    const made = await sandbox.call('POST', '/api/v1/customers', { body: sentIn(version, body), headers })
    const shown = made.json.data ?? made.json
    const back = writable(shown)
    const again = await sandbox.call('PUT', '/api/v1/customers/user_1', { body: back, headers })
    expect([made.status, again.status]).toEqual([201, 200])
    expect(again.json).toStrictEqual(made.json)
    const events = await server.database.owner('select from events where subject_id = $1', [shown.id])
    expect(events).toHaveLength(1)
    expect(shown.metadata).toStrictEqual(body.metadata)
  })

  test('lowered to any version and lifted again, a customer is the same request', () => {
    const text = fc.string({ maxLength: 8 })
    const customer = fc.record({
      id: fc.constant('cus_1'),
      externalId: fc.option(text),
      fullName: fc.option(text),
      email: text,
      taxDocument: fc.option(text),
      documentType: fc.option(text),
      timezone: fc.option(text),
      address: fc.option(fc.dictionary(text, text)),
      metadata: fc.dictionary(
        fc.oneof(text, fc.constantFrom('billingEmail', 'isActive', 'email')),
        fc.jsonValue(),
      ),
      createdAt: text,
      updatedAt: text,
      object: fc.constant('customer'),
      livemode: fc.boolean(),
    })
    const operations: readonly OperationId[] = ['customers.create', 'customers.update']
    fc.assert(
      fc.property(
        customer,
        fc.constantFrom(...dates),
        fc.constantFrom(...operations),
        (newest, date, operation) => {
          const fold = folds.get(date)
          if (fold === undefined) throw new Error('Every version has a fold')
          const lowered = fold.down(operation, newest, { organizationId: 'org_1' })
          const shown = (lowered.success === true ? lowered.data : lowered) as Fields
          const { body } = fold.up(operation, { query: {}, body: writable(shown) })
          expect(body).toEqual(writable(newest))
          const batch = fold.up('customers.createBatch', {
            query: {},
            body: { customers: [writable(shown)] },
          })
          expect(batch.body).toEqual({ customers: [writable(newest)] })
        },
      ),
      { seed: 20260501, numRuns: 500 },
    )
  })

  test('lists and batches hold the same customers as single answers, in every version', async () => {
    const items = [{ email: 'a@example.com', id: 'a' }]
    for (const version of dates) {
      const headers = at(version)
      const batch = await sandbox.call('POST', '/api/v1/customers/batch', {
        body: { customers: items.map((item) => sentIn(version, item)) },
        headers,
      })
      const one = await sandbox.call('GET', '/api/v1/customers/a', { headers })
      const page = await sandbox.call('GET', '/api/v1/customers', { headers })
      const isWrapped = version < '2026-07-24'
      const shown = isWrapped ? one.json.data : one.json
      expect((isWrapped ? batch.json.data : batch.json).successful).toStrictEqual([shown])
      expect(page.json.data).toStrictEqual([shown])
      expect('billingEmail' in shown).toBe(version < '2026-06-07')
      expect('isActive' in shown).toBe(version < '2026-05-12')
    }
  })

  type Fields = Readonly<Record<string, unknown>>

  /** A request in the words of a version. */
  function sentIn(version: string, { email, ...rest }: Fields): Fields {
    return version < '2026-06-07' ? { ...rest, billingEmail: email } : { ...rest, email }
  }

  /** What a client may write of what it was shown. */
  function writable(shown: Fields): Fields {
    const names = [
      'email',
      'billingEmail',
      'externalId',
      'fullName',
      'taxDocument',
      'timezone',
      'address',
      'metadata',
    ]
    return Object.fromEntries(Object.entries(shown).filter(([name]) => names.includes(name)))
  }
})
