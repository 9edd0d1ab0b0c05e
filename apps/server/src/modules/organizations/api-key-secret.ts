import { hash, randomBytes } from 'node:crypto'
import type { Environment } from '../../kernel/caller.ts'

/** The secret of an API key: `ck_sandbox_` or `ck_live_` and 160 random bits. Only its SHA-256 is stored. */

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const randomCharacters = 32
const prefixCharacters = 4

export function newSecret(mode: Environment['mode']): string {
  const characters = Array.from(randomBytes(randomCharacters), (byte) => alphabet[byte & 31])
  return `ck_${mode}_${characters.join('')}`
}

/** What is shown of a key after its creation. */
export function prefixOf(secret: string): string {
  const [head = ''] = /^ck_(sandbox|live)_/.exec(secret) ?? []
  return secret.slice(0, head.length + prefixCharacters)
}

/**
 * What a secret is stored and looked up as. No comparison of secrets can be timed: the database compares digests, and how
 * far a digest agrees with a stored one says nothing about the secret, since every guess changes all of it.
 */
export function hashOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}

/** The mode that a well-formed secret names: at least 22 letters or digits (128 bits in base 62) after the prefix. */
export function modeOf(secret: string): Environment['mode'] | undefined {
  const match = /^ck_(sandbox|live)_[A-Za-z0-9]{22,128}$/.exec(secret)
  return match?.[1] === 'sandbox' || match?.[1] === 'live' ? match[1] : undefined
}
