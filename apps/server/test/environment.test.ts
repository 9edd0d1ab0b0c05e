import {
  callerWith,
  startTestServer,
  type TestOrganization,
  type TestPerson,
  type TestServer,
} from '@commet/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

/** What holds in one environment: its clock, and the version that answers requests which name none. */

let server: TestServer
let organization: TestOrganization
let person: TestPerson

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  organization = await server.organization()
  person = await server.person(organization)
})

const newest = { headers: { 'commet-version': '2026-07-31' } }
const read = async (call = person.sandbox) => (await call('GET', '/api/v1/environment', newest)).json
const pin = (apiVersion: unknown, call = person.sandbox) =>
  call('PATCH', '/api/v1/environment', { body: { apiVersion }, ...newest })
const versionOf = async (call = organization.sandbox.call) =>
  (await call('GET', '/api/v1/customers')).headers.get('commet-version')

describe('the pinned version', () => {
  test('answers from the very next request on, although the key is remembered, and for one environment', async () => {
    expect(await versionOf()).toBe('2026-07-11')
    for (const version of ['2026-07-31', '2026-06-07', '2026-07-24']) {
      const reply = await pin(version)
      expect([reply.status, reply.json.apiVersion]).toEqual([200, version])
      expect(await versionOf()).toBe(version)
    }
    expect(await versionOf(organization.live.call)).toBe('2026-07-11')
    expect((await read(person.live)).apiVersion).toBeNull()
    await pin(null)
    expect(await versionOf()).toBe('2026-07-11')
  })

  test('is heard within a second by another server on the same database', async () => {
    const other = await startTestServer({ database: server.database })
    const call = callerWith(other.address, organization.sandbox.apiKey)
    expect(await versionOf(call)).toBe('2026-07-11')
    await pin('2026-07-31')
    await expect.poll(() => versionOf(call), { interval: 20, timeout: 1_000 }).toBe('2026-07-31')
    await other.stop()
  })

  test('comes after the version that a request names', async () => {
    await pin('2026-07-31')
    const reply = await organization.sandbox.call('GET', '/api/v1/customers', {
      headers: { 'commet-version': '2026-06-10' },
    })
    expect(reply.headers.get('commet-version')).toBe('2026-06-10')
  })

  test('is in the audit with who set it, once, and not where nothing changed', async () => {
    await pin('2026-07-31')
    await pin('2026-07-31')
    const entries = await server.database.owner(
      `select operation, actor_id, before, after from audit_entries where environment_id = $1`,
      [organization.sandbox.id],
    )
    expect(entries).toEqual([
      {
        operation: 'environment.update',
        actor_id: person.userId,
        before: { apiVersion: null },
        after: { apiVersion: '2026-07-31' },
      },
    ])
  })

  test('is set by owners and admins, and read by members', async () => {
    const admin = await server.person(organization, 'admin')
    const member = await server.person(organization, 'member')
    expect((await pin('2026-07-31', admin.sandbox)).status).toBe(200)
    const refused = await pin('2026-07-24', member.sandbox)
    expect([refused.status, refused.json.error.code]).toEqual([403, 'forbidden'])
    expect((await read(member.sandbox)).apiVersion).toBe('2026-07-31')
  })

  test.each(['2026-07-12', '', 'latest', 20260731])(
    '%j is refused, and says what to send',
    async (version) => {
      const reply = await pin(version)
      expect([reply.status, reply.json.error.param]).toEqual([400, 'apiVersion'])
    },
  )

  test('is listed with every version and what it changed, newest first', async () => {
    const { versions, defaultVersion } = await read()
    expect(versions).toHaveLength(10)
    expect(versions[0]).toEqual({ date: '2026-07-31', notes: [expect.any(String)] })
    expect(defaultVersion).toBe('2026-07-11')
  })
})

describe('the clock', () => {
  test('of a sandbox says where it stands, and that of live is real', async () => {
    expect((await read()).simulatedTime).toBeNull()
    await server.database.owner(`update environments set simulated_time = '2031-05-01' where id = $1`, [
      organization.sandbox.id,
    ])
    const time = '2031-05-01T00:00:00.000Z'
    expect(await read()).toMatchObject({ now: time, simulatedTime: time, livemode: false })
    const live = await read(person.live)
    expect(live.simulatedTime).toBeNull()
    expect(Math.abs(Date.parse(live.now) - Date.now())).toBeLessThan(60_000)
  })
})
