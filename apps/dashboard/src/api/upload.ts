import type { ImportDetail } from '@commet/contract'
import type { Environment } from './environment.ts'
import { RequestFailed } from './failures.ts'
import { newestVersion } from './internal.ts'
import { watchedFetch } from './reach.ts'

/** Files as they are, which the client library, speaking JSON, does not send. */

export async function uploadCustomers(environment: Environment, file: File): Promise<ImportDetail> {
  const query = new URLSearchParams({ fileName: file.name.slice(0, 200) })
  const response = await watchedFetch(`/api/v1/imports?${query}`, {
    method: 'POST',
    headers: {
      'content-type': 'text/csv',
      'commet-environment': environment,
      'commet-version': newestVersion,
    },
    body: file,
  }).catch(() => {
    throw new RequestFailed('The file could not be sent. It may be gone, or the server away.', 0)
  })
  const answer: unknown = await response.json().catch(() => ({}))
  if (response.ok) return answer as ImportDetail
  const { error } = answer as { readonly error?: { readonly message?: string } }
  throw new RequestFailed(error?.message ?? 'Something went wrong.', response.status)
}
