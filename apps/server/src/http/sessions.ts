import type { IncomingMessage } from 'node:http'
import type { Accounts } from '../accounts.ts'
import type { Actor, Environment } from '../kernel/caller.ts'
import type { Database } from '../kernel/db.ts'
import { Refusal, refuseFields } from '../kernel/refusal.ts'
import { findMembership } from '../modules/members/store.ts'
import { assertSameOrigin } from './same-origin.ts'

/**
 * Turns the cookie of a session and the header Commet-Environment into a caller. Asked anew for every request: whoever
 * signed out or was removed is gone with the next one.
 */

/** Who asks, where, and in which version where the request names none. */
export type Identity = {
  readonly actor: Exclude<Actor, { readonly kind: 'system' }>
  readonly environment: Environment
  readonly apiVersion: string | null
}

export type Sessions = { identify(request: IncomingMessage): Promise<Identity> }

const cookieName = /(?:^|;\s*)(?:__Secure-)?commet\.session_token=/

/** Whether a request without a key means to be one of a session. */
export function isSessionRequest({ headers }: IncomingMessage): boolean {
  return headers['commet-environment'] !== undefined || cookieName.test(headers.cookie ?? '')
}

export function createSessions(
  db: Database,
  accounts: Pick<Accounts, 'find'>,
  origins: ReadonlySet<string>,
): Sessions {
  return {
    identify: async (request) => {
      assertSameOrigin(request, origins)
      const mode = modeOf(request)
      const cookies = request.headers.cookie ?? ''
      const account = cookieName.test(cookies) ? await accounts.find(cookies) : undefined
      if (account === undefined) {
        throw new Refusal('unauthorized', 'Nobody is signed in, or the session is over. Sign in again.')
      }
      const membership = await findMembership(db, account.userId, mode)
      if (membership === undefined) {
        throw belongsNowhere()
      }
      const { memberId, role, environment, apiVersion } = membership
      const { userId, name, email } = account
      return {
        actor: { kind: 'user', id: userId, memberId, role, name, email },
        environment,
        apiVersion,
      }
    },
  }
}

/** To who was removed, and to whom alone: the password was right. */
export function belongsNowhere(): Refusal {
  return new Refusal('unauthorized', 'Your account belongs to no organization here. Ask for an invitation.')
}

function modeOf({ headers }: IncomingMessage): Environment['mode'] {
  const mode = headers['commet-environment']
  if (mode === 'sandbox' || mode === 'live') return mode
  throw refuseFields([{ field: 'commet-environment', message: 'must be sandbox or live, in a header' }])
}
