// Stands in for hmac.ts where a bundler asks for browser code, so that the client bundles without Node modules.
// Does not verify in a browser: the signing secret must never get there.
// Always: works on edge runtimes that offer Node's crypto, and says so clearly where there is none.

import { CommetError } from './errors.ts'

export function hmacSha256Matches(
  secret: string,
  payload: string | Uint8Array,
  expected: Uint8Array,
): boolean {
  const crypto = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:crypto')
  if (crypto === undefined) {
    const message =
      'Commet SDK: webhook signatures are verified on a server with node:crypto, not in a browser'
    throw new CommetError(message, { code: 'UNSUPPORTED_RUNTIME' })
  }
  const actual = crypto.createHmac('sha256', secret).update(payload).digest()
  return actual.length === expected.length && crypto.timingSafeEqual(actual, expected)
}
