import { startTestServer, type TestPerson, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

/** The name of an organization. */

let server: TestServer
let owner: TestPerson
let member: TestPerson

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  const organization = await server.organization()
  owner = await server.person(organization)
  member = await server.person(organization, 'member')
})

const newest = { headers: { 'commet-version': '2026-07-31' } }
const nameFor = async ({ live }: TestPerson) => (await live('GET', '/api/v1/organization', newest)).json.name
const rename = ({ sandbox }: TestPerson, name: unknown) =>
  sandbox('PATCH', '/api/v1/organization', { body: { name }, ...newest })

test('is changed by an owner, in both environments at once, and read by every member', async () => {
  const reply = await rename(owner, '  Analytical Engines ')
  expect([reply.status, reply.json.name]).toEqual([200, 'Analytical Engines'])
  expect(await nameFor(member)).toBe('Analytical Engines')
})

test('is not changed by a member, nor by what is no name', async () => {
  expect((await rename(member, 'Mine')).status).toBe(403)
  for (const name of ['', ' ', 'a'.repeat(201), null, 7]) expect((await rename(owner, name)).status).toBe(400)
  expect(await nameFor(owner)).toBe('Test organization')
})

test('of another organization stays as it is', async () => {
  const stranger = await server.person(await server.organization())
  await rename(stranger, 'Another one')
  expect(await nameFor(owner)).toBe('Test organization')
})

test('says in the history who changed it, and keeps quiet where nothing changed', async () => {
  await rename(owner, 'Analytical Engines')
  await rename(owner, 'Analytical Engines')
  const entries = await server.database.owner(
    `select before ->> 'name' as before, after ->> 'name' as after from audit_entries
     where operation = 'organization.update' and actor_id = $1`,
    [owner.userId],
  )
  expect(entries).toEqual([{ before: 'Test organization', after: 'Analytical Engines' }])
})
