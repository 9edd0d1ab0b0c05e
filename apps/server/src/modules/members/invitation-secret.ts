import { createHash, randomBytes } from 'node:crypto'

/** The secret of a link: 256 random bits. Only its SHA-256 is stored. */

export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
