import { Commet, CommetAPIError, CommetValidationError } from '@commet/node'

/** How the pages talk to the server: the SDK with the session's cookie, and the few calls that begin and end a session. */

export type Environment = 'sandbox' | 'live'

const clients = {
  sandbox: new Commet({ auth: { session: true }, environment: 'sandbox', baseUrl: location.origin }),
  live: new Commet({ auth: { session: true }, environment: 'live', baseUrl: location.origin }),
}

export function clientOf(environment: Environment): Commet {
  return clients[environment]
}

export type Session = { readonly name: string; readonly email: string; readonly role: string }

/** A request failed; `fields` says what is wrong with which field. */
export class RequestFailed extends Error {
  readonly status: number
  readonly fields: Readonly<Record<string, string>>

  constructor(message: string, status: number, fields: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.fields = fields
  }
}

type Failure = {
  readonly error?: { readonly message?: string; readonly details?: unknown }
}

async function send(method: string, path: string, body?: unknown, headers = {}): Promise<unknown> {
  const response = await fetch(path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new RequestFailed('The server cannot be reached. It may be restarting.', 0)
  })
  const answer: unknown = await response.json().catch(() => ({}))
  if (response.ok) return answer
  const { message = 'Something went wrong.', details } = (answer as Failure).error ?? {}
  throw new RequestFailed(message, response.status, fieldsOf(details))
}

function fieldsOf(details: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(details)) return {}
  return Object.fromEntries(
    details.map(({ field, message }: { field: string; message: string }) => [field, message]),
  )
}

export async function getSession(environment: Environment): Promise<Session> {
  const headers = { 'commet-environment': environment, 'commet-version': '2026-07-31' }
  return (await send('GET', '/api/v1/session', undefined, headers)) as Session
}

export type Link = { readonly email: string | null; readonly role: string; readonly organization: string }

export const signIn = (body: object) => send('POST', '/auth/sign-in', body)
export const signOut = (everywhere: boolean) =>
  send('POST', everywhere ? '/auth/sign-out-everywhere' : '/auth/sign-out', {})
export const readLink = async (token: string) => (await send('POST', '/auth/link', { token })) as Link
export const acceptLink = (body: object) => send('POST', '/auth/accept', body)

/** Whether nobody is signed in any more. */
export function isSignedOut(error: unknown): boolean {
  if (error instanceof RequestFailed) return error.status === 401
  return error instanceof CommetAPIError && error.statusCode === 401
}

/** What a failed request says of single fields. */
export function fieldErrorsOf(error: unknown): Readonly<Record<string, string>> {
  if (error instanceof RequestFailed) return error.fields
  if (error instanceof CommetValidationError) {
    return Object.fromEntries(
      Object.entries(error.validationErrors).map(([field, messages]) => [field, messages.join('; ')]),
    )
  }
  return error instanceof CommetAPIError && error.param !== undefined ? { [error.param]: error.message } : {}
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.'
}
