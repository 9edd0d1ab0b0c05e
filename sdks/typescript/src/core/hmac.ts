// Owns the one piece of cryptography: HMAC-SHA256 and its comparison, on runtimes with Node's crypto.
// Not bundled for browsers: there hmac-browser.ts stands in (`imports` in package.json).
// Always: the comparison takes the same time whatever the bytes are.

import crypto from 'node:crypto'

export function hmacSha256Matches(
  key: string | Uint8Array,
  message: string | Uint8Array,
  expected: Uint8Array,
): boolean {
  const actual = crypto.createHmac('sha256', key).update(message).digest()
  return actual.length === expected.length && crypto.timingSafeEqual(actual, expected)
}
