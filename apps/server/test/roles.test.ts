import { type OperationShape, operations, type Scope } from '@commet/contract'
import { newId } from '@commet/server/kernel/ids'
import { callerWithSession, startTestServer, type TestOrganization, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

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

const shapes: readonly OperationShape[] = operations
const byRole = (['owner', 'admin', 'member'] as const).map((role) => [role] as const)

/** Asks as the contract shows, for a thing that nobody has. */
async function ask(operation: OperationShape, cookie: string | undefined) {
  const name = `${operation.path.startsWith('/customers') ? 'cus' : 'thing'}_${newId('request').slice(4)}`
  const query = new URLSearchParams(operation.exampleQuery)
  const path = `/api/v1${operation.path.replace(/\{\w+\}/, name)}?${query}`
  const upload = { body: operation.exampleUpload, headers: { 'content-type': 'text/csv' } }
  const body = operation.exampleBody === undefined ? {} : { body: operation.exampleBody }
  const call = callerWithSession(server.address, cookie, 'sandbox')
  return call(operation.method, path, operation.exampleUpload === undefined ? body : upload)
}

/** How much was written so far: a refused request adds nothing to it. */
async function written() {
  return server.database.owner(
    `select (select count(*) from audit_entries) as entries, (select count(*) from events) as events,
       (select count(*) from customers) as customers, (select count(*) from imports) as imports,
       (select count(*) from customer_deletions) as deletions, (select count(*) from invitations) as invitations,
       (select count(*) from api_keys) as keys`,
  )
}

describe.each(byRole)('as %s', (role) => {
  test('every operation is done or refused as the role may', async () => {
    const { cookie } = await server.person(organization, role)
    for (const operation of shapes) {
      const may = role !== 'member' || membersMay[operation.scope]
      const before = await written()
      const { status, json } = await ask(operation, cookie)
      if (may) {
        expect([operation.id, status]).toEqual([
          operation.id,
          operation.params === undefined ? expect.toSatisfy(isSuccess) : 404,
        ])
      } else {
        expect([operation.id, status, json.error.code]).toEqual([operation.id, 403, 'forbidden'])
        expect(json.error.message).toContain(operation.scope)
        expect([operation.id, await written()]).toEqual([operation.id, before])
      }
    }
  })
})

const isSuccess = (status: number) => status >= 200 && status < 300

test('without a session, everything is refused alike and nothing is written', async () => {
  const before = await written()
  for (const operation of shapes) {
    const { status, json } = await ask(operation, undefined)
    expect([operation.id, status, json.error.code]).toEqual([operation.id, 401, 'unauthorized'])
  }
  expect(await written()).toEqual(before)
})
