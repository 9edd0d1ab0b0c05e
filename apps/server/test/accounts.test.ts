import { accountOptions } from '@commet/server/accounts'
import { moveData } from '@commet/server/db/move-data'
import { prepareDatabase } from '@commet/server/db/prepare'
import { createSignInLimit } from '@commet/server/http/sign-in-limit'
import { openAccountsDatabase } from '@commet/server/kernel/db'
import {
  callerWith,
  callerWithSession,
  createTestDatabase,
  type Reply,
  startTestServer,
  type TestServer,
  testSecret,
} from '@commet/testkit'
import { getMigrations } from 'better-auth/db/migration'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

/** How people come in and go: the link of the first owner, invitations, signing in and out. Who may do what: roles.test.ts. */

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const password = 'correct horse battery'
let unique = 0
const newEmail = () => `person${++unique}@example.com`

const post = (path: string, body: object = {}, headers: Readonly<Record<string, string>> = {}, at = server) =>
  callerWith(at.address, undefined)('POST', path, { body, headers: { origin: at.address, ...headers } })

/** The cookie header that a browser would send after this answer. */
function cookieOf(reply: Reply): string {
  return reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

const whoIs = (cookie: string, at = server) =>
  callerWithSession(at.address, cookie, 'sandbox')('GET', '/api/v1/session')

/** A fresh server, whose organization has no owner yet. */
async function withNewServer<T>(work: (fresh: TestServer) => Promise<T>, options = {}): Promise<T> {
  const fresh = await startTestServer(options)
  try {
    return await work(fresh)
  } finally {
    await fresh.stop()
  }
}

describe('the link of the first owner', () => {
  test('makes one owner, once; after that there is no such link', () =>
    withNewServer(async (fresh) => {
      const token = await fresh.ownerLink()
      const second = await fresh.ownerLink()
      const open = await post('/auth/link', { token }, {}, fresh)
      expect([open.status, open.json]).toEqual([
        200,
        { email: null, role: 'owner', organization: 'My organization' },
      ])
      const body = { token, name: 'First', email: 'Owner@Example.com', password }
      const accepted = await post('/auth/accept', body, {}, fresh)
      expect(accepted.status).toBe(200)
      expect((await whoIs(cookieOf(accepted), fresh)).json.data).toMatchObject({
        name: 'First',
        email: 'owner@example.com',
        role: 'owner',
        livemode: false,
      })
      expect(await fresh.ownerLink()).toBeUndefined()
      for (const used of [token, second]) {
        const again = await post('/auth/accept', { ...body, token: used, email: newEmail() }, {}, fresh)
        expect([again.status, again.json.error.code]).toEqual([404, 'not_found'])
      }
      expect(await fresh.database.owner('select from commet_auth.users')).toHaveLength(1)
    }))

  test('makes one owner where several use it at once, and leaves no account behind', () =>
    withNewServer(async (fresh) => {
      const links = [await fresh.ownerLink(), await fresh.ownerLink()]
      const replies = await Promise.all(
        [0, 1, 2, 3].map((turn) =>
          post(
            '/auth/accept',
            { token: links[turn % 2], name: 'One', email: `racer${turn}@example.com`, password },
            {},
            fresh,
          ),
        ),
      )
      expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 404, 404, 404])
      expect(await fresh.database.owner('select from members')).toHaveLength(1)
      expect(await fresh.database.owner('select from commet_auth.users')).toHaveLength(1)
    }))

  test('is over after a day', () =>
    withNewServer(async (fresh) => {
      const token = await fresh.ownerLink()
      await fresh.database.owner('update invitations set expires_at = now()')
      expect((await post('/auth/link', { token }, {}, fresh)).status).toBe(404)
      const body = { token, name: 'Late', email: newEmail(), password }
      expect((await post('/auth/accept', body, {}, fresh)).status).toBe(404)
    }))

  test('is kept as a hash', () =>
    withNewServer(async (fresh) => {
      const token = await fresh.ownerLink()
      const rows = await fresh.database.owner('select to_jsonb(i)::text as row from invitations i')
      expect(rows).toHaveLength(1)
      expect(JSON.stringify(rows)).not.toContain(token)
    }))
})

describe('an organization', () => {
  let owner: Awaited<ReturnType<TestServer['person']>>
  let organization: Awaited<ReturnType<TestServer['organization']>>

  beforeEach(async () => {
    organization = await server.organization()
    owner = await server.person(organization)
  })

  const invite = async (email: string, role = 'member', by = owner) =>
    by.sandbox('POST', '/api/v1/invitations', { body: { email, role } })
  const accept = (token: string, extra: object = {}) =>
    post('/auth/accept', { token, name: 'New person', password, ...extra })

  /** Invites somebody who comes in; answers the cookie. */
  async function joined(role = 'member', email = newEmail()): Promise<string> {
    return cookieOf(await accept((await invite(email, role)).json.data.token))
  }

  test('takes in whoever was invited, with the role they were invited as', async () => {
    const email = newEmail()
    const invited = await invite(email, 'admin')
    expect(invited.status).toBe(201)
    expect(await listed('invitations')).toEqual([email])
    const reply = await accept(invited.json.data.token)
    expect(reply.status).toBe(200)
    expect((await whoIs(cookieOf(reply))).json.data).toMatchObject({ email, role: 'admin' })
    expect(await listed('invitations')).toEqual([])
    expect(await listed('members')).toEqual([email, owner.email])
    expect((await accept(invited.json.data.token)).status).toBe(404)
  })

  const listed = async (what: string) =>
    (await owner.sandbox('GET', `/api/v1/${what}`)).json.data.map(({ email }: { email: string }) => email)

  test('takes nobody in by a link that was revoked, replaced, or is for another address', async () => {
    const email = newEmail()
    const first = (await invite(email)).json.data
    const second = (await invite(email)).json.data
    expect((await accept(first.token)).status).toBe(404)
    const other = await accept(second.token, { email: newEmail() })
    expect([other.status, other.json.error.param]).toEqual([400, 'email'])
    expect((await owner.sandbox('DELETE', `/api/v1/invitations/${second.id}`)).status).toBe(200)
    expect((await accept(second.token)).status).toBe(404)
    expect((await accept('made-up')).status).toBe(404)
  })

  test('nobody signs up without a link', async () => {
    for (const path of ['/auth/sign-up', '/auth/sign-up/email', '/api/auth/sign-up/email']) {
      const reply = await post(path, { email: newEmail(), name: 'Nobody', password })
      expect([path, reply.status]).toEqual([path, 404])
    }
  })

  test('knows an account again by its password, and lets it be a member of one organization', async () => {
    const email = newEmail()
    const cookie = await joined('member', email)
    const { memberId } = (await whoIs(cookie)).json.data
    const elsewhere = await server.person(await server.organization())
    const token = async () =>
      (await elsewhere.sandbox('POST', '/api/v1/invitations', { body: { email, role: 'member' } })).json.data
        .token
    const both = await accept(await token())
    expect([both.status, both.json.error.code]).toEqual([409, 'duplicate'])
    expect((await owner.sandbox('DELETE', `/api/v1/members/${memberId}`)).status).toBe(200)
    expect((await whoIs(cookie)).status).toBe(401)
    expect((await accept(await token(), { password: 'a wrong password' })).status).toBe(401)
    expect((await accept(await token())).status).toBe(200)
  })

  test('a link still works after the account was made and the server ended', async () => {
    const email = newEmail()
    const { token } = (await invite(email)).json.data
    await server.database.owner(
      `insert into commet_auth.users (id, name, email, "emailVerified") values ($1, 'Half', $1, true)`,
      [email],
    )
    expect((await accept(token)).status).toBe(200)
  })

  test('lets a member read and write customers of both environments', async () => {
    const call = callerWithSession(server.address, await joined('member'), 'live')
    const made = await call('POST', '/api/v1/customers', { body: { email: 'c@example.com' } })
    expect([made.status, made.json.data.livemode]).toEqual([201, true])
    expect((await call('GET', '/api/v1/customers')).json.data).toHaveLength(1)
  })

  test('lets an admin do everything but make an owner or touch one', async () => {
    const admin = callerWithSession(server.address, await joined('admin'), 'sandbox')
    expect((await admin('POST', '/api/v1/api-keys', { body: { name: 'Mine' } })).status).toBe(201)
    const body = { role: 'owner' }
    for (const refused of [
      await admin('POST', '/api/v1/invitations', { body: { email: newEmail(), ...body } }),
      await admin('PATCH', `/api/v1/members/${owner.memberId}`, { body: { role: 'member' } }),
      await admin('DELETE', `/api/v1/members/${owner.memberId}`),
    ]) {
      expect([refused.status, refused.json.error.code]).toEqual([403, 'forbidden'])
    }
  })

  test('keeps an owner, also where two leave at once', async () => {
    const alone = await owner.sandbox('DELETE', `/api/v1/members/${owner.memberId}`)
    expect([alone.status, alone.json.error.code]).toEqual([403, 'forbidden'])
    const second = await server.person(organization)
    const replies = await Promise.all(
      [owner, second].map((one) => one.sandbox('DELETE', `/api/v1/members/${one.memberId}`)),
    )
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 403])
  })

  test('invites nobody who is a member, and nobody without an address to sign in with', async () => {
    const again = await invite(owner.email)
    expect([again.status, again.json.error.code]).toEqual([409, 'duplicate'])
    expect((await invite('somebody@localhost')).status).toBe(400)
  })

  test('has the changes of its people in the audit, with who made them and without the links', async () => {
    const { id, token } = (await invite(newEmail())).json.data
    await accept(token)
    const entries = await server.database.owner(
      `select operation, actor_kind, actor_id from audit_entries where environment_id = $1 order by id`,
      [organization.sandbox.id],
    )
    expect(entries).toMatchObject([
      { operation: 'invitations.create', actor_kind: 'user', actor_id: owner.userId },
      { operation: 'invitations.accept', actor_kind: 'user' },
    ])
    const rows = await server.database.owner('select to_jsonb(a)::text as row from audit_entries a')
    expect(JSON.stringify(rows)).toContain(id)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  describe('signing in', () => {
    test('starts a session whose cookie no script reads and no other site sends', async () => {
      const email = newEmail()
      await joined('member', email)
      const reply = await post('/auth/sign-in', { email: email.toUpperCase(), password })
      expect(reply.status).toBe(200)
      const [cookie = '', ...others] = reply.headers.getSetCookie()
      expect(others).toEqual([])
      expect(cookie).toMatch(/^commet\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
      expect((await whoIs(cookieOf(reply))).json.data.email).toBe(email)
    })

    test('says the same of an unknown address as of a wrong password', async () => {
      const email = newEmail()
      await joined('member', email)
      const wrong = await post('/auth/sign-in', { email, password: 'not the password' })
      const unknown = await post('/auth/sign-in', { email: newEmail(), password })
      expect([wrong.status, wrong.json.error.code]).toEqual([401, 'unauthorized'])
      expect([unknown.status, unknown.text]).toEqual([wrong.status, wrong.text])
      expect(wrong.headers.getSetCookie()).toEqual([])
    })

    test('is refused after ten failures for a while, with the right password too', async () => {
      const email = newEmail()
      await joined('member', email)
      for (let turn = 0; turn < 10; turn++) {
        expect((await post('/auth/sign-in', { email, password: 'wrong' })).status).toBe(401)
      }
      const limited = await post('/auth/sign-in', { email, password })
      expect([limited.status, limited.json.error.code]).toEqual([429, 'rate_limited'])
      expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(60)
    })

    test('is refused from another site, and from one that says nothing of itself', async () => {
      const body = { email: newEmail(), password }
      for (const headers of [
        { origin: 'https://elsewhere.example.com' },
        { origin: 'null' },
        { origin: server.address.replace('http:', 'https:') },
      ]) {
        const reply = await post('/auth/sign-in', body, headers)
        expect([headers.origin, reply.status]).toEqual([headers.origin, 403])
      }
      const silent = await callerWith(server.address, undefined)('POST', '/auth/sign-in', { body })
      expect(silent.status).toBe(403)
      const plain = { 'content-type': 'text/plain' }
      expect((await post('/auth/sign-in', body, plain)).status).toBe(415)
    })

    test('signing out ends the session, and everywhere all of them', async () => {
      const email = newEmail()
      const first = await joined('member', email)
      const second = cookieOf(await post('/auth/sign-in', { email, password }))
      const third = cookieOf(await post('/auth/sign-in', { email, password }))
      const out = await post('/auth/sign-out', {}, { cookie: first })
      expect(out.headers.getSetCookie().join()).toContain('Max-Age=0')
      const statuses = async () =>
        Promise.all([first, second, third].map(async (one) => (await whoIs(one)).status))
      expect(await statuses()).toEqual([401, 200, 200])
      await post('/auth/sign-out-everywhere', {}, { cookie: second })
      expect(await statuses()).toEqual([401, 401, 401])
      expect((await post('/auth/sign-out-everywhere', {}, { cookie: second })).status).toBe(200)
    })
  })

  test('a session needs its environment, and a write a page of this server', async () => {
    const plain = callerWith(server.address, undefined)
    const { cookie } = owner
    const without = await plain('GET', '/api/v1/customers', { headers: { cookie } })
    expect([without.status, without.json.error.param]).toEqual([400, 'commet-environment'])
    const body = { email: 'x@example.com' }
    const headers = { cookie, 'commet-environment': 'sandbox' }
    expect((await plain('POST', '/api/v1/customers', { body, headers })).status).toBe(403)
    const fetched = { ...headers, 'sec-fetch-site': 'same-origin' }
    expect((await plain('POST', '/api/v1/customers', { body, headers: fetched })).status).toBe(201)
    const other = { ...headers, 'sec-fetch-site': 'same-site' }
    expect((await plain('GET', '/api/v1/customers', { headers: other })).status).toBe(403)
  })
})

test('on https the cookie is Secure, and only the public address may ask', () =>
  withNewServer(
    async (fresh) => {
      const origin = 'https://billing.example.com'
      const body = { token: await fresh.ownerLink(), name: 'First', email: newEmail(), password }
      expect((await post('/auth/accept', body, {}, fresh)).status).toBe(403)
      const reply = await post('/auth/accept', body, { origin }, fresh)
      expect(reply.headers.getSetCookie().join()).toMatch(
        /^__Secure-commet\.session_token=[^;]+; .*HttpOnly; Secure; SameSite=Lax$/,
      )
      const session = await callerWith(fresh.address, undefined)('GET', '/api/v1/session', {
        headers: { origin, cookie: cookieOf(reply), 'commet-environment': 'live' },
      })
      expect(session.json.data).toMatchObject({ role: 'owner', livemode: true })
    },
    { publicUrl: 'https://billing.example.com/' },
  ))

test('failures from one address are limited whatever account they try, and forgotten after a while', () => {
  let time = 0
  const limit = createSignInLimit(() => time)
  const from = (turn: number) => ({ email: `${turn}@example.com`, address: '192.0.2.1' })
  for (let turn = 0; turn < 100; turn++) limit.attempt(from(turn))
  expect(() => limit.attempt(from(100))).toThrow(/too many/)
  limit.attempt({ ...from(100), address: '192.0.2.2' })
  time += 15 * 60_000
  limit.attempt(from(100))
})

describe('the schema of the accounts', () => {
  test('moves to another database with everything else: who was signed in still is', async () => {
    const person = await server.person(await server.organization())
    const target = await createTestDatabase({ empty: true })
    await prepareDatabase({ connectionString: target.url }, testSecret)
    const moved = await moveData({ connectionString: server.database.url }, { connectionString: target.url })
    expect(moved.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['members', 'invitations', 'commet_auth.users', 'commet_auth.accounts']),
    )
    const next = await startTestServer({ database: target })
    expect((await whoIs(person.cookie, next)).json.data.email).toBe(person.email)
    await next.stop()
    await target.drop()
  })

  test('has all that Better Auth asks for: nothing is left to create', async () => {
    const logins = await prepareDatabase({ connectionString: server.database.url }, testSecret)
    const accounts = openAccountsDatabase(logins.accounts)
    const plan = await getMigrations(accountOptions(accounts, testSecret, server.address))
    const { toBeCreated, toBeAdded, toBeAddedIndexes, schemaProblems } = plan
    expect([toBeCreated, toBeAdded, toBeAddedIndexes, schemaProblems]).toEqual([[], [], [], []])
    await accounts.close()
  })

  test('is read by its own login alone, which reads nothing else and makes nothing', async () => {
    const { app, worker, accounts } = await prepareDatabase(
      { connectionString: server.database.url },
      testSecret,
    )
    const outcome = async (settings: object, statement: string) => {
      const client = new pg.Client(settings)
      await client.connect()
      const result = await client.query(statement).then(
        () => 'done',
        (error: pg.DatabaseError) => error.code,
      )
      await client.end()
      return result
    }
    for (const table of ['users', 'sessions', 'accounts', 'verifications']) {
      const read = `select from commet_auth.${table}`
      expect(await outcome(app, read)).toBe('42501')
      expect(await outcome(worker, read)).toBe('42501')
      expect(await outcome(accounts, read)).toBe('done')
    }
    for (const statement of [
      'select from commet.customers',
      'select from commet.members',
      `select commet.find_member('usr_1', 'live')`,
      'create table commet_auth.mine (a int)',
      'truncate commet_auth.users',
    ]) {
      expect([statement, await outcome(accounts, statement)]).toEqual([statement, '42501'])
    }
  })
})
