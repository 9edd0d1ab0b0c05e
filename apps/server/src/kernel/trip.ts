import pg from 'pg'
import { serialize } from 'pg-protocol'
import { gather } from './gather.ts'

/**
 * One round trip to PostgreSQL: several statements, one Sync. The driver ends every statement with a Sync of its own, and
 * each of them costs both sides a write and a wake-up; docs/adr/0010 says what was measured. A statement that fails takes the
 * ones behind it in the same trip along: PostgreSQL skips them, and they report the same error.
 *
 * Without a `begin` the statements of a trip are one transaction, which ends with the trip.
 */

/** A statement with its values. With a name it is prepared once per connection. */
export type TripStatement = {
  readonly name?: string
  readonly text: string
  readonly values?: readonly unknown[]
}

type Parse = (text: string) => unknown
type Shape = { readonly names: readonly string[]; readonly parsers: readonly Parse[] }

/** What PostgreSQL has prepared on a connection, and the rows that it answers with; null where it answers with none. */
const preparedOn = new WeakMap<object, Map<string, Shape | null>>()

type Step = {
  readonly statement: TripStatement
  readonly answer: ((rows: unknown[], tag: string) => void) | undefined
  readonly fail: ((error: unknown) => void) | undefined
  readonly rows: unknown[]
  shape: Shape | null | undefined
}

type Connection = {
  readonly stream: { readonly writable: boolean; write(bytes: Buffer): unknown } & Parameters<
    typeof gather
  >[0]
}

/** The driver takes queries of other kinds on pipelined connections only where they are made of its own. */
const DriverQuery = pg.Query as unknown as new (text: string) => object

export class Trip extends DriverQuery {
  /** Settles when PostgreSQL is done with all statements; fails as the first one did. */
  readonly done: Promise<void>
  readonly #steps: Step[] = []
  #at = 0
  #prepared: Map<string, Shape | null> | undefined
  #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void }

  constructor() {
    super('')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    promise.catch(ignore)
    this.done = promise
    this.#settle = { resolve, reject }
  }

  get statements(): readonly TripStatement[] {
    return this.#steps.map(({ statement }) => statement)
  }

  /** Adds a statement whose answer nobody waits for. */
  send(statement: TripStatement): void {
    this.#steps.push({ statement, answer: undefined, fail: undefined, rows: [], shape: undefined })
  }

  /** Adds a statement and answers its rows. */
  ask<Row>(statement: TripStatement): Promise<Row[]> {
    return this.#add(statement, (rows) => rows as Row[])
  }

  /** Adds a statement and answers what PostgreSQL says it did, such as COMMIT. */
  tagOf(statement: TripStatement): Promise<string> {
    return this.#add(statement, (_, tag) => tag)
  }

  #add<T>(statement: TripStatement, pick: (rows: unknown[], tag: string) => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    promise.catch(ignore)
    const answer = (rows: unknown[], tag: string) => resolve(pick(rows, tag))
    this.#steps.push({ statement, answer, fail: reject, rows: [], shape: undefined })
    return promise
  }

  /** Called by the driver: writes everything in one piece. */
  submit(connection: Connection): void {
    const prepared = preparedOn.get(connection) ?? new Map<string, Shape | null>()
    preparedOn.set(connection, prepared)
    this.#prepared = prepared
    const messages: Buffer[] = []
    for (const step of this.#steps) writeStep(messages, step, prepared)
    messages.push(serialize.sync())
    if (!connection.stream.writable) return
    gather(connection.stream)
    connection.stream.write(Buffer.concat(messages))
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    const step = this.#steps[this.#at]
    if (step === undefined) return
    step.shape = {
      names: fields.map(({ name }) => name),
      parsers: fields.map(({ dataTypeID }) => parserOf(dataTypeID)),
    }
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const step = this.#steps[this.#at]
    if (step?.shape) step.rows.push(rowOf(step.shape, fields))
  }

  handleCommandComplete({ text }: { text: string }): void {
    const step = this.#steps[this.#at++]
    if (step === undefined) return
    const { name } = step.statement
    if (name !== undefined) this.#prepared?.set(name, step.shape ?? null)
    step.answer?.(step.rows, text)
  }

  handleReadyForQuery(): void {
    this.#settle.resolve()
  }

  /** The statement that failed is prepared anew next time: it may be the preparation that went stale. */
  handleError(error: unknown): void {
    const { name } = this.#steps[this.#at]?.statement ?? {}
    if (name !== undefined) this.#prepared?.delete(name)
    for (const { fail } of this.#steps.slice(this.#at)) fail?.(error)
    this.#settle.reject(error)
  }
}

function ignore(): void {}

function writeStep(messages: Buffer[], step: Step, prepared: ReadonlyMap<string, Shape | null>): void {
  const { name = '', text, values = [] } = step.statement
  step.shape = name === '' ? undefined : prepared.get(name)
  const isPrepared = step.shape !== undefined
  if (!isPrepared) {
    // Another trip on this connection may have prepared it without our knowing yet.
    if (name !== '') messages.push(serialize.close({ type: 'S', name }))
    messages.push(serialize.parse({ name, text }))
  }
  messages.push(serialize.bind({ statement: name, values: values.map(wireValue) }))
  if (!isPrepared) messages.push(serialize.describe({ type: 'P' }))
  messages.push(serialize.execute())
}

function rowOf({ names, parsers }: Shape, fields: readonly (string | null)[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let place = 0; place < names.length; place++) {
    const text = fields[place]
    row[names[place] as string] = text === null || text === undefined ? null : parsers[place]?.(text)
  }
  return row
}

const timestamptz = 1184

/** How a type is read from text. */
export function parserOf(oid: number): Parse {
  return oid === timestamptz ? readTime : (pg.types.getTypeParser(oid, 'text') as Parse)
}

/** Times come as `2026-11-24 01:02:03.456+00`, since every connection is set to UTC and ISO: read without looking for more. */
function readTime(text: string): Date {
  return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
}

/** A value as PostgreSQL reads it: text, bytes, or null. */
function wireValue(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (value instanceof Date) return wireTime(value)
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (Array.isArray(value)) return `{${value.map(arrayElement).join(',')}}`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** ISO, but for years of other than four digits, and none: PostgreSQL counts those as its reader does. */
function wireTime(time: Date): string {
  const year = time.getUTCFullYear()
  const iso = time.toISOString()
  if (year > 0 && year < 10_000) return iso
  const rest = iso.slice(-'-01-01T00:00:00.000Z'.length)
  return year > 0 ? `${year}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`
}

function arrayElement(value: unknown): string {
  const wire = wireValue(value)
  if (wire === null) return 'null'
  const text = typeof wire === 'string' ? wire : `\\x${wire.toString('hex')}`
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
