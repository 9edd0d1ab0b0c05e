import type { Environment } from './environment.ts'
import { RequestFailed } from './failures.ts'
import { watchedFetch } from './reach.ts'

/** Files that the server writes, such as customers as CSV. They need headers of the session that no plain link sends. */

export type DownloadedFile = { readonly name: string; readonly content: Blob }

export async function download(environment: Environment, path: string): Promise<DownloadedFile> {
  const headers = { 'commet-environment': environment }
  const response = await watchedFetch(`/api/v1${path}`, { headers }).catch(() => {
    throw new RequestFailed('The server cannot be reached. It may be restarting.', 0)
  })
  if (!response.ok) {
    const answer = (await response.json().catch(() => ({}))) as { error?: { message?: string } }
    throw new RequestFailed(answer.error?.message ?? 'The file could not be made.', response.status)
  }
  const content = await response.blob().catch(() => {
    throw new RequestFailed('The file broke off before its end. Try again.', 0)
  })
  return { name: nameOf(response), content }
}

function nameOf({ headers }: Response): string {
  return /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? 'download'
}

/** Hands a file to the browser, which keeps it where it keeps all. */
export function save({ name, content }: DownloadedFile): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
