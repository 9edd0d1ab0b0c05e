import type { OperationShape, Scope } from '@commet/contract'
import { newId } from '@commet/server/kernel/ids'
import { callerWithSession, startTestServer, type TestOrganization, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { digestOf } from './tenancy-digest.ts'
import { namesFor, populate, shapes } from './tenancy-places.ts'

/**
 * Every operation of the contract as every role. What a member may do stands here once more, by scope, so that a new scope has
 * to be decided on: an owner and an admin may do all, but for what is between them (accounts.test.ts).
 */

const membersMay: Readonly<Record<Scope, boolean>> = {
  'customers:read': true,
  'customers:write': true,
  'api_keys:read': true,
  'api_keys:write': false,
  'session:read': true,
  'members:read': false,
  'members:write': false,
  'activity:read': true,
  'requests:read': true,
  'environment:read': true,
  'environment:write': false,
  'organization:read': true,
  'organization:write': false,
}

let server: TestServer
let organization: TestOrganization

beforeAll(async () => {
  server = await startTestServer()
  organization = await server.organization()
})
afterAll(() => server.stop())

const byRole = (['owner', 'admin', 'member'] as const).map((role) => [role] as const)

/** Asks as the contract shows, for a thing that nobody has unless one is named. */
async function ask(operation: OperationShape, cookie: string | undefined, name = nobodys(operation)) {
  const query = new URLSearchParams(operation.exampleQuery)
  const path = `/api/v1${operation.path.replace(/\{\w+\}/, encodeURIComponent(name))}?${query}`
  const upload = { body: operation.exampleUpload, headers: { 'content-type': 'text/csv' } }
  const body = operation.exampleBody === undefined ? {} : { body: operation.exampleBody }
  const call = callerWithSession(server.address, cookie, 'sandbox')
  return call(operation.method, path, operation.exampleUpload === undefined ? body : upload)
}

describe.each(byRole)('as %s', (role) => {
  test('every operation is done or refused as the role may, and what is refused changes nothing that is there', async () => {
    const { cookie } = await server.person(organization, role)
    const place = await populate(server, role, organization, 'sandbox')
    for (const operation of shapes) {
      if (role !== 'member' || membersMay[operation.scope]) {
        const { status } = await ask(operation, cookie)
        const done = operation.params === undefined ? expect.toSatisfy(isSuccess) : 404
        expect([operation.id, status]).toEqual([operation.id, done])
        continue
      }
      const before = await digestOf(server, place)
      const names =
        operation.params === undefined ? [undefined] : [undefined, ...namesFor(operation.path, place)]
      for (const name of names) {
        const { status, json } = await ask(operation, cookie, name)
        expect([operation.id, status, json.error.code]).toEqual([operation.id, 403, 'forbidden'])
        expect(json.error.message).toContain(operation.scope)
      }
      expect([operation.id, await digestOf(server, place)]).toEqual([operation.id, before])
    }
  })
})

function nobodys({ path }: OperationShape): string {
  return `${path.startsWith('/customers') ? 'cus' : 'thing'}_${newId('request').slice(4)}`
}

const isSuccess = (status: number) => status >= 200 && status < 300

test('without a session, everything is refused alike and nothing is written', async () => {
  const place = await populate(server, 'nobody', organization, 'sandbox')
  const before = await digestOf(server, place)
  for (const operation of shapes) {
    for (const name of [undefined, ...namesFor(operation.path, place)]) {
      const { status, json } = await ask(operation, undefined, name)
      expect([operation.id, status, json.error.code]).toEqual([operation.id, 401, 'unauthorized'])
    }
  }
  expect(await digestOf(server, place)).toEqual(before)
})
