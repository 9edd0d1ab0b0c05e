import { defaultVersion, type OperationShape, operations } from '@commet/contract'
import { newId } from '@commet/server/kernel/ids'
import type { Caller, CallOptions, TestOrganization, TestPerson, TestServer } from '@commet/testkit'

/** Environments that hold at least two of everything that the contract can name or list: what tenancy-attack.test.ts is after. */

export type Mode = 'sandbox' | 'live'

/** An environment with what lies in it, and with whoever may ask about it. */
export type Place = {
  readonly name: string
  readonly id: string
  readonly mode: Mode
  readonly organization: TestOrganization
  readonly apiKey: string
  readonly byKey: Caller
  readonly owner: TestPerson
  readonly bySession: Caller
  /** What stands in the path of operations, by the path in front of it. */
  readonly names: ReadonlyMap<string, readonly string[]>
  /** All that names it or something in it. */
  readonly texts: readonly string[]
  /** Where each list goes on, by the operation. */
  readonly cursors: ReadonlyMap<string, string>
}

export const shapes: readonly OperationShape[] = operations
/** Where the name of a thing stands in a path. */
export const parameter = /\/\{\w+\}/

/** Puts at least two of everything that can be named or listed into an environment. */
export async function populate(
  server: TestServer,
  name: string,
  organization: TestOrganization,
  mode: Mode,
): Promise<Place> {
  const { id, apiKey, call: byKey } = organization[mode]
  const [owner, colleague] = [await server.person(organization), await server.person(organization, 'member')]
  const bySession = owner[mode]
  const mark = id.slice(-8)
  const customer = {
    ...{ id: `user-of-${mark}`, email: `owner-${mark}@example.com`, fullName: `Owner ${mark}` },
    metadata: { mark },
  }
  const made = async (path: string, options: CallOptions) =>
    (await bySession('POST', `/api/v1${path}`, options)).json.data.id as string
  const csv = { 'content-type': 'text/csv' }
  const twice = async (make: (turn: number) => Promise<string>) => [await make(1), await make(2)]
  const customers = [
    await made('/customers', { body: customer, headers: { 'idempotency-key': `key-${mark}` } }),
    await made('/customers', { body: { email: `second-${mark}@example.com` } }),
  ]
  const [first = '', second = ''] = customers
  await bySession('PATCH', `/api/v1/customers/${first}`, { body: { fullName: `Changed ${mark}` } })
  const names = new Map([
    ['/customers', [first, customer.id]],
    [
      '/customer-deletions',
      await twice(() => made('/customer-deletions', { body: { customerIds: [second] } })),
    ],
    ['/api-keys', await twice((turn) => made('/api-keys', { body: { name: `Key ${turn} ${mark}` } }))],
    ['/members', [owner.memberId, colleague.memberId]],
    [
      '/invitations',
      await twice(() =>
        made('/invitations', { body: { email: `${newId('user')}@example.com`, role: 'member' } }),
      ),
    ],
    ['/requests', await twice(() => loggedRequest(server, id))],
    [
      '/imports',
      await twice((turn) =>
        made(`/imports?fileName=${turn}-${mark}.csv`, { body: 'email\na@example.com\n', headers: csv }),
      ),
    ],
  ])
  const texts = [customer.email, owner.email, owner.userId, mark, ...[...names.values()].flat()]
  const cursors = new Map<string, string>()
  const place = { name, id, mode, organization, apiKey, byKey, owner, bySession, names, texts, cursors }
  for (const operation of shapes.filter(({ list }) => list === true)) {
    const page = await bySession('GET', `${pathOf(operation, place)}?limit=1`)
    cursors.set(operation.id, page.json.nextCursor)
  }
  return place
}

/**
 * Requests are written to their log a moment after they were answered, so nobody waits for one here. The log keeps the newest,
 * which are those with the greatest IDs.
 */
async function loggedRequest(server: TestServer, environmentId: string): Promise<string> {
  const id = `req_7${newId('request').slice(5)}`
  await server.database.owner(
    `insert into request_log values ($1, $2, now(), 'GET', '/api/v1/customers', 200, null, 1, $3, 'api_key', 'key_x', false)`,
    [environmentId, id, defaultVersion],
  )
  return id
}

/** The path of an operation on something of a place. */
export function pathOf({ path }: OperationShape, place: Place): string {
  return `/api/v1${path.replace(parameter, () => `/${encodeURIComponent(namesFor(path, place)[0] ?? '')}`)}`
}

export function namesFor(path: string, place: Place): readonly string[] {
  return place.names.get(path.split(parameter)[0] ?? '') ?? []
}
