import { createHmac, randomUUID } from 'node:crypto'
import { cookieSecret } from '@commet/server/accounts'
import { newId } from '@commet/server/kernel/ids'
import { type Caller, callerWith } from './caller.ts'
import type { TestDatabase } from './database.ts'
import type { TestOrganization } from './organization.ts'
import { testSecret } from './postgres.ts'

/** A member with a session, put there by the owner of the database: hashing a password takes too long for every test. */

export type TestPerson = {
  readonly memberId: string
  readonly userId: string
  readonly email: string
  /** The cookie header of the session. */
  readonly cookie: string
  readonly sandbox: Caller
  readonly live: Caller
}

export async function createPerson(
  database: TestDatabase,
  address: string,
  organization: TestOrganization,
  role: 'owner' | 'admin' | 'member',
): Promise<TestPerson> {
  const [userId, memberId, token] = [newId('user'), newId('member'), randomUUID()]
  const email = `${userId}@example.com`
  await database.owner(
    `with person as (
       insert into commet_auth.users (id, name, email, "emailVerified") values ($1, 'Test person', $2, true)
     ), session as (
       insert into commet_auth.sessions (id, "expiresAt", token, "updatedAt", "userId")
       values ($3, now() + interval '1 day', $3, now(), $1)
     )
     insert into members (organization_id, id, user_id, email, name, role, created_at)
     values ($4, $5, $1, $2, 'Test person', $6, now())`,
    [userId, email, token, organization.id, memberId, role],
  )
  const cookie = sessionCookie(token)
  return {
    memberId,
    userId,
    email,
    cookie,
    sandbox: callerWithSession(address, cookie, 'sandbox'),
    live: callerWithSession(address, cookie, 'live'),
  }
}

/** The cookie that the server would have set for a session. */
export function sessionCookie(token: string, secret = testSecret): string {
  const signature = createHmac('sha256', cookieSecret(secret)).update(token).digest('base64')
  return `commet.session_token=${encodeURIComponent(`${token}.${signature}`)}`
}

/** Calls as a page of the server makes them. */
export function callerWithSession(
  address: string,
  cookie: string | undefined,
  environment: 'sandbox' | 'live',
): Caller {
  const call = callerWith(address, undefined)
  const own = {
    origin: address,
    'commet-environment': environment,
    ...(cookie === undefined ? {} : { cookie }),
  }
  return (method, path, options = {}) =>
    call(method, path, { ...options, headers: { ...own, ...options.headers } })
}
