import { hash } from 'node:crypto'
import { sqlState } from './database-errors.ts'
import type { Statement, WriteTransaction } from './db.ts'
import { Refusal } from './refusal.ts'
import type { Seal } from './seal.ts'

/**
 * The caller's Idempotency-Key: the answer is kept in the commit of its effect, and answered again byte for byte for
 * 24 hours of real time. Claiming happens inside the transaction, so a key without its effect cannot exist.
 */

/** What a request answers: a status and the exact text of the body. */
export type Answer = { readonly status: number; readonly body: string }

export type Idempotency = {
  readonly key: string
  /** SHA-256 of what makes the request this request: method, path, version and body. */
  readonly fingerprint: Uint8Array
  /** The answer holds a secret and is stored encrypted. */
  readonly secret: boolean
}

/** How long answers are kept. */
export const idempotencyHours = 24

const claim: Statement = { name: 'kernel.claim_idempotency_key', text: 'select claim_idempotency_key($1)' }
const find: Statement = {
  name: 'kernel.find_stored_answer',
  text: `
    select fingerprint, status, body, sealed from idempotency_keys
    where environment_id = $1 and key = $2`,
}
const insert: Statement = {
  name: 'kernel.insert_stored_answer',
  text: `
    insert into idempotency_keys (environment_id, key, fingerprint, status, body, sealed, created_at)
    values ($1, $2, $3, $4, $5, $6, greatest($7, now()))`,
}

/** Claims the key for this transaction. Fails the transaction, and all sent after it, where the key is taken. */
export function sendClaim(tx: WriteTransaction, { key }: Idempotency): void {
  tx.send(claim, [key])
}

export function sendAnswer(
  tx: WriteTransaction,
  moment: { readonly environmentId: string; readonly realNow: Date },
  idempotency: Idempotency,
  answer: Answer,
  seal: Seal,
): void {
  const bytes = Buffer.from(answer.body)
  const body = idempotency.secret ? seal.close(bytes) : bytes
  const { key, fingerprint, secret } = idempotency
  tx.send(insert, [moment.environmentId, key, fingerprint, answer.status, body, secret, moment.realNow])
}

/** The stored answer of this very request; refuses when the key belongs to another one. */
export async function findAnswer(
  tx: Pick<WriteTransaction, 'one'>,
  environmentId: string,
  idempotency: Idempotency,
  seal: Seal,
): Promise<Answer | undefined> {
  const row = await tx.one<StoredAnswer>(find, [environmentId, idempotency.key])
  if (row === undefined) return undefined
  if (!row.fingerprint.equals(idempotency.fingerprint)) {
    throw new Refusal(
      'idempotency_key_mismatch',
      'This Idempotency-Key was used for a different request. Use a new key, or repeat the first request exactly.',
    )
  }
  const body = row.sealed ? seal.open(row.body) : row.body
  return { status: row.status, body: body.toString() }
}

type StoredAnswer = {
  readonly fingerprint: Buffer
  readonly status: number
  readonly body: Buffer
  readonly sealed: boolean
}

/** What the claim said about a key, read from the error that stopped the transaction. */
export function claimOutcome(error: unknown): 'in_progress' | 'answered' | undefined {
  const state = sqlState(error)
  if (state === 'CI001') return 'in_progress'
  if (state === 'CI002') return 'answered'
  return undefined
}

export function inProgress(): Refusal {
  return new Refusal(
    'idempotency_in_progress',
    'A request with this Idempotency-Key is still running. Send the same request again in a moment.',
  )
}

/** Fingerprint of a request. The body is written with sorted keys, so that their order does not matter. */
export function fingerprintOf(request: {
  readonly method: string
  readonly path: string
  readonly version: string
  readonly body: unknown
}): Uint8Array {
  const canonical = JSON.stringify([request.method, request.path, request.version, sortKeys(request.body)])
  return hash('sha256', canonical, 'buffer')
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [key, sortKeys(inner)])
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
}
