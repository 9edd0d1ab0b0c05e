import type { IncomingMessage } from 'node:http'
import { Refusal } from '../kernel/refusal.ts'

/**
 * Requests with a cookie come from pages of this server alone. A browser says where a request comes from in headers that
 * no page can write; the Host header is not asked, because whoever names a server can write that.
 */

/** Throws forbidden where a browser says that another site asks, or where a write comes without saying anything. */
export function assertSameOrigin(request: IncomingMessage, origins: ReadonlySet<string>): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined) {
    if (origins.has(origin)) return
    throw new Refusal(
      'forbidden',
      `Requests of a session come from ${[...origins].join(' or ')}, and this one from ${JSON.stringify(origin)}. Open that address, or set COMMET_PUBLIC_URL to the one you use.`,
    )
  }
  if (site === 'same-origin') return
  if (site === undefined && request.method === 'GET') return
  throw new Refusal('forbidden', 'Requests of a session come from a page of this server.')
}

/** The addresses under which a browser may know the server: the public one, and both names of the loopback. */
export function originsOf(publicUrl: string): ReadonlySet<string> {
  const url = new URL(publicUrl)
  const names = ['localhost', '127.0.0.1', '[::1]']
  if (!names.includes(url.hostname)) return new Set([url.origin])
  const port = url.port === '' ? '' : `:${url.port}`
  return new Set(names.map((name) => `${url.protocol}//${name}${port}`))
}
