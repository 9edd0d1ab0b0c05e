import type { ErrorCode } from '@commet/contract'
import type { Caller } from './caller.ts'
import { ClockMoved, readClock } from './clock.ts'
import { sqlState } from './database-errors.ts'
import type { Database, ReadTransaction, WriteTransaction } from './db.ts'
import { type AuditEntry, type EmittedEvent, sendHistory } from './history.ts'
import {
  type Answer,
  claimOutcome,
  findAnswer,
  type Idempotency,
  inProgress,
  sendAnswer,
  sendClaim,
} from './idempotency.ts'
import { newId } from './ids.ts'
import { Refusal } from './refusal.ts'
import type { Seal } from './seal.ts'

/**
 * The only way to write. A command opens the transaction, enters the tenant, claims the idempotency key, runs the
 * handler, and commits its data together with its events, its audit entries and the stored answer: all or nothing.
 */

export type Kernel = { readonly db: Database; readonly seal: Seal }

export type QueryContext = { readonly tx: ReadTransaction; readonly caller: Caller }

export type CommandContext = {
  readonly tx: WriteTransaction
  readonly caller: Caller
  /** The environment's clock, for facts of billing and what callers see. */
  readonly now: Date
  /** The machine's clock, for keys and leases. */
  readonly realNow: Date
  readonly newId: typeof newId
  /** Says that something happened; kept in this commit. */
  emit(event: EmittedEvent): void
  /** Notes a change for the history; kept in this commit. */
  audit(entry: AuditEntry): void
}

/** Runs reads. The handler sends all its statements before it first awaits: one round trip. */
export function query<T>(
  kernel: Kernel,
  caller: Caller,
  handler: (ctx: QueryContext) => Promise<T>,
): Promise<T> {
  return kernel.db.read(caller.environment.id, (tx) => handler({ tx, caller }))
}

/** Runs a command without an idempotency key. `at` sets the environment's time, for demo data and simulations. */
export function command<T>(
  kernel: Kernel,
  caller: Caller,
  handler: (ctx: CommandContext) => Promise<T>,
  at?: Date,
): Promise<T> {
  return persistently(caller, (current) =>
    kernel.db.write(current.environment.id, (tx) => runHandler(tx, current, handler, () => {}, at)),
  )
}

export type IdempotentAnswer = Answer & { readonly replayed: boolean }

/**
 * Runs a command under the caller's key. A key that is running is refused, a key that has answered answers again; a
 * declared refusal is kept as well, in a transaction of its own, since the handler's was rolled back.
 */
export async function idempotentCommand(
  kernel: Kernel,
  caller: Caller,
  idempotency: Idempotency,
  handler: (ctx: CommandContext) => Promise<Answer>,
  answerTo: (refusal: Refusal) => Answer,
): Promise<IdempotentAnswer> {
  const environmentId = caller.environment.id
  const keep = (tx: WriteTransaction, answer: Answer, realNow: Date) =>
    sendAnswer(tx, { environmentId, realNow }, idempotency, answer, kernel.seal)
  try {
    const answer = await persistently(caller, (current) =>
      kernel.db.write(environmentId, (tx) => {
        sendClaim(tx, idempotency)
        return runHandler(tx, current, handler, keep)
      }),
    )
    return { ...answer, replayed: false }
  } catch (error) {
    const outcome = claimOutcome(error)
    if (outcome === 'in_progress') throw inProgress()
    if (outcome === 'answered') return replay(kernel, environmentId, idempotency)
    if (!(error instanceof Refusal) || neverKept.has(error.code)) throw error
    return keepRefusal(kernel, environmentId, idempotency, answerTo(error), keep)
  }
}

const neverKept: ReadonlySet<ErrorCode> = new Set([
  'validation_error',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'internal_error',
])

async function replay(
  kernel: Kernel,
  environmentId: string,
  idempotency: Idempotency,
): Promise<IdempotentAnswer> {
  const stored = await kernel.db.read(environmentId, (tx) =>
    findAnswer(tx, environmentId, idempotency, kernel.seal),
  )
  if (stored === undefined) throw inProgress()
  return { ...stored, replayed: true }
}

async function keepRefusal(
  kernel: Kernel,
  environmentId: string,
  idempotency: Idempotency,
  answer: Answer,
  keep: (tx: WriteTransaction, answer: Answer, realNow: Date) => void,
): Promise<IdempotentAnswer> {
  try {
    await kernel.db.write(environmentId, async (tx) => {
      sendClaim(tx, idempotency)
      keep(tx, answer, new Date())
    })
    return { ...answer, replayed: false }
  } catch (error) {
    const outcome = claimOutcome(error)
    if (outcome === 'in_progress') throw inProgress()
    if (outcome === 'answered') return replay(kernel, environmentId, idempotency)
    throw error
  }
}

const deadlock = '40P01'
const maxAttempts = 5

/**
 * Runs the work again where nothing of it was kept and another try is right: when the sandbox's clock was moved since the
 * caller was looked up, and when the database chose this transaction to end a deadlock.
 */
async function persistently<T>(
  caller: Caller,
  work: (current: Caller) => Promise<T>,
  attempt = 1,
): Promise<T> {
  try {
    return await work(caller)
  } catch (error) {
    if (attempt === maxAttempts) throw error
    if (sqlState(error) === deadlock) return persistently(caller, work, attempt + 1)
    if (!(error instanceof ClockMoved)) throw error
    const environment = { ...caller.environment, simulatedTime: error.simulatedTime }
    return persistently({ ...caller, environment }, work, attempt + 1)
  }
}

async function runHandler<T>(
  tx: WriteTransaction,
  caller: Caller,
  handler: (ctx: CommandContext) => Promise<T>,
  keep: (tx: WriteTransaction, result: T, realNow: Date) => void,
  at?: Date,
): Promise<T> {
  const events: EmittedEvent[] = []
  const entries: AuditEntry[] = []
  const realNow = new Date()
  const clock = readClock(tx, caller.environment, realNow)
  const now = at ?? clock.now
  const result = await handler({
    tx,
    caller,
    now,
    realNow,
    newId,
    emit: (event) => events.push(event),
    audit: (entry) => entries.push(entry),
  })
  await clock.confirm()
  sendHistory(tx, { environmentId: caller.environment.id, now, realNow }, caller, events, entries)
  keep(tx, result, realNow)
  return result
}
