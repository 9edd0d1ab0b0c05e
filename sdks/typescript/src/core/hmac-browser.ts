// Stands in for hmac.ts where a bundler asks for browser code, so that the client bundles without Node modules.
// Does not verify in a browser: the signing secret must never get there.
// Always: works on edge runtimes that offer Node's crypto, and says so clearly where there is none.

import { CommetError } from './errors.ts'

export function hmacSha256Matches(
  key: string | Uint8Array,
  message: string | Uint8Array,
  expected: Uint8Array,
): boolean {
  const crypto = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:crypto')
  if (crypto === undefined) {
    const reason =
      'Commet SDK: webhook signatures are verified on a server with node:crypto, not in a browser'
    throw new CommetError(reason, { code: 'UNSUPPORTED_RUNTIME' })
  }
  const actual = crypto.createHmac('sha256', key).update(message).digest()
  return actual.length === expected.length && crypto.timingSafeEqual(actual, expected)
}
