import { useQuery } from '@tanstack/react-query'
import type { Environment } from './environment.ts'
import { isSignedOut, RequestFailed } from './failures.ts'
import { callInternal } from './internal.ts'
import { watchedFetch } from './reach.ts'

/** Who is signed in, and the few calls that begin and end a session: they are no operations of the contract. */

const retryMs = 1_000

export function useSession(environment: Environment) {
  return useQuery({
    queryKey: [environment, 'session'],
    queryFn: ({ signal }) => callInternal(environment, 'session.get', { signal }),
    retry: (count, error) => !isSignedOut(error) && count < 10,
    retryDelay: retryMs,
  })
}

export type Link = { readonly email: string | null; readonly role: string; readonly organization: string }

export const signIn = (body: object) => send('/auth/sign-in', body)
export const signOut = (everywhere: boolean) =>
  send(everywhere ? '/auth/sign-out-everywhere' : '/auth/sign-out', {})
export const readLink = async (token: string) => (await send('/auth/link', { token })) as Link
export const acceptLink = (body: object) => send('/auth/accept', body)

type Failure = {
  readonly error?: { readonly message?: string; readonly details?: unknown }
}

async function send(path: string, body: object): Promise<unknown> {
  const response = await watchedFetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
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
