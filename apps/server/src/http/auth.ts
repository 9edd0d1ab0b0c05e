import { isToldOnce } from '../kernel/database-errors.ts'
import type { Database } from '../kernel/db.ts'
import type { Log } from '../kernel/log.ts'
import { Refusal } from '../kernel/refusal.ts'
import { hashOf } from '../modules/organizations/api-key-secret.ts'
import { findBySecretHash, type KnownKey, recordUseOf } from '../modules/organizations/store.ts'

/**
 * Turns the x-api-key header into a known key. Look-ups are kept for five seconds at most; a revocation drops them at
 * once, in every process.
 */

export type Authenticator = {
  authenticate(secret: string | undefined): Promise<KnownKey>
  close(): Promise<void>
}

const keptMs = 5_000
const usesWrittenEveryMs = 10_000
const oneUsePerMs = 60_000
const maxKept = 10_000
const maxSecretLength = 200

type Kept = { readonly key: KnownKey; readonly until: number }

export function createAuthenticator(db: Database, log: Log): Authenticator {
  const kept = new Map<string, Kept>()
  let drops = 0
  const drop = (forget: () => void) => {
    drops++
    forget()
  }
  const uses = createUseRecorder(db, log)
  db.listen('commet_api_keys', (hash) => drop(() => kept.delete(hash)))
  db.listen('commet_environments', () => drop(() => kept.clear()))
  return {
    authenticate: async (secret) => {
      if (secret === undefined || secret === '')
        throw unauthorized('The x-api-key header is missing. Send your API key in it.')
      if (!secret.startsWith('ck_') || secret.length > maxSecretLength) {
        throw unauthorized(
          'The x-api-key header does not hold an API key: keys start with ck_sandbox_ or ck_live_.',
        )
      }
      const hash = hashOf(secret)
      const name = hash.toString('hex')
      const dropsBefore = drops
      const key = fresh(kept.get(name)) ?? (await findBySecretHash(db, hash))
      if (key === undefined || isExpired(key)) {
        throw unauthorized(
          'This API key is unknown, expired or revoked. Use another one, or create one with: npm run keys -- create',
        )
      }
      if (drops === dropsBefore) remember(kept, name, key)
      uses.note(name, hash)
      return key
    },
    close: () => uses.close(),
  }
}

function fresh(entry: Kept | undefined): KnownKey | undefined {
  return entry !== undefined && entry.until > performance.now() ? entry.key : undefined
}

/** The time of a look-up is not prolonged by being used. A look-up that a drop overtook may be stale: it is not kept. */
function remember(kept: Map<string, Kept>, name: string, key: KnownKey): void {
  if (kept.get(name)?.key === key) return
  if (kept.size >= maxKept) kept.clear()
  kept.set(name, { key, until: performance.now() + keptMs })
}

function isExpired({ expiresAt }: KnownKey): boolean {
  return expiresAt !== null && expiresAt.getTime() <= Date.now()
}

function unauthorized(message: string): Refusal {
  return new Refusal('unauthorized', message, {
    headers: { 'www-authenticate': 'ApiKey header="x-api-key"' },
  })
}

/** Collects which keys were used and writes them now and then, each at most once a minute, outside any request. */
function createUseRecorder(db: Database, log: Log) {
  const pending = new Map<string, Buffer>()
  const lastNoted = new Map<string, number>()
  const flush = async () => {
    const hashes = [...pending.values()]
    pending.clear()
    if (hashes.length === 0) return
    await recordUseOf(db, hashes, new Date()).catch((error: unknown) => {
      if (isToldOnce(error)) return
      log.warn({ reason: error instanceof Error ? error.name : 'unknown' }, 'last use of keys not written')
    })
  }
  const timer = setInterval(flush, usesWrittenEveryMs)
  timer.unref()
  return {
    note: (name: string, hash: Buffer) => {
      const now = performance.now()
      const last = lastNoted.get(name)
      if (last !== undefined && now - last < oneUsePerMs) return
      lastNoted.set(name, now)
      pending.set(name, hash)
    },
    close: async () => {
      clearInterval(timer)
      await flush()
    },
  }
}
