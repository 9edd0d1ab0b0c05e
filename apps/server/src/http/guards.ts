import type { Context, Next } from 'hono'

/**
 * What answers tell a browser to refuse: everything comes from this server, nothing is written into a page, and no other site
 * frames one.
 */

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const guards = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': policy,
}

/** Puts them on the answer, whichever it will be: an error too is shown to whoever opens its address. */
export function guard(c: Context): void {
  for (const [name, value] of Object.entries(guards)) c.header(name, value)
}

/** The same for every address below one. */
export async function guardAll(c: Context, next: Next): Promise<void> {
  guard(c)
  await next()
}
