import { AsyncLocalStorage } from 'node:async_hooks'
import { type Dialect, PostgresDialect, type PostgresPool } from 'kysely'
import pg from 'pg'
import {
  DatabaseAway,
  isConnectionLoss,
  isToldOnce,
  isUnreachable,
  ReadsHeldUp,
  sqlState,
  troubleOf,
} from './database-errors.ts'
import { invariant } from './invariant.ts'
import type { Log } from './log.ts'
import { type Reach, watchReach } from './reach.ts'
import { type Silence, type Stream, watchSilence } from './silence.ts'
import { watchStrain } from './strain.ts'
import { parserOf, Trip, type TripStatement } from './trip.ts'

/**
 * The only file that knows the pool. Every transaction enters its environment first, so that row-level security
 * decides what it can see; statements are pipelined, so that entering costs no round trip of its own.
 */

/** A statement prepared once per connection under its name. */
export type Statement = { readonly name: string; readonly text: string }

/** A statement composed for one call, such as a list with its filters. */
export type ComposedStatement = { readonly text: string; readonly values: readonly unknown[] }

export type ReadTransaction = {
  /** The only row, or undefined. Rows have the column names of the statement. */
  one<Row>(statement: Statement, values: readonly unknown[]): Promise<Row | undefined>
  many<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
  manyComposed<Row>(statement: ComposedStatement): Promise<Row[]>
}

export type WriteTransaction = ReadTransaction & {
  /** Sends a statement without waiting; its failure surfaces at commit. */
  send(statement: Statement, values: readonly unknown[]): void
  /** Tells the listeners of every process once this commits; those of this process hear it before the command ends. */
  notify(channel: string, payload: string): void
}

export type ConnectionSettings = {
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly connectionString?: string
  readonly ssl?: boolean | { readonly rejectUnauthorized: boolean }
}

export type Database = {
  /** Runs reads in one transaction and one round trip; see {@link readInOneTrip}. */
  read<T>(environmentId: string, work: (tx: ReadTransaction) => Promise<T>): Promise<T>
  write<T>(environmentId: string, work: (tx: WriteTransaction) => Promise<T>): Promise<T>
  /** Calls a function that works outside any environment (key look-up). */
  call<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
  /**
   * Told of what failed elsewhere. Answers whether it was an outage or a trouble of the database, which is told once and
   * not by whoever meets it.
   */
  noteFailure(error: unknown): boolean
  readonly reach: Pick<Reach, 'isAway' | 'noteLoss'>
  /** Whether the database answers. */
  isReachable(): Promise<boolean>
  /** How the connections are used at the moment. */
  readonly measure: { readonly reads: () => PoolMeasures; readonly writes: () => PoolMeasures }
  /** Keeps one connection listening on a channel until the database is closed. */
  listen(channel: string, heard: (payload: string) => void): void
  close(): Promise<void>
}

export type PoolMeasures = {
  readonly inUse: number
  readonly idle: number
  /** Who waits for a connection; where connections are shared, who waits behind another on one. */
  readonly waiting: number
}

const enter: Statement = {
  name: 'kernel.enter',
  text: `select set_config('commet.environment_id', $1, true)`,
}
const enterToRead: Statement = {
  name: 'kernel.enter_to_read',
  text: `select set_config('transaction_read_only', 'on', true), set_config('commet.environment_id', $1, true)`,
}

const ping: Statement = { name: 'kernel.ping', text: 'select 1' }
const notify: Statement = { name: 'kernel.notify', text: 'select pg_notify($1, $2)' }

type Notice = { readonly channel: string; readonly payload: string }
type Ear = { readonly channel: string; readonly heard: (payload: string) => void }

/** Connections of reads: pipelined and shared by all requests. */
export const readConnections = 2
/** Connections of writes: each belongs to one transaction at a time. */
export const writeConnections = 10
/** Connections of the accounts at most. */
export const accountConnections = 4
const defaultStatementMs = 15_000
const connectTimeoutMs = 10_000
const relistenAfterMs = 1_000
const probeTimeoutMs = 5_000
const keepAliveAfterMs = 10_000
/** Longer than what can come between two failures while a trouble lasts. */
const quietMs = { full: 2_000, busy: connectTimeoutMs + 2_000 }
const quietAfterSlowMs = 2_000

/** What every connection of ours is opened with. */
function configOf(
  settings: ConnectionSettings,
  schema: 'commet' | 'commet_auth',
  statementMs = defaultStatementMs,
) {
  return {
    ...settings,
    application_name: 'commet',
    options: `-c search_path=${schema},pg_temp -c timezone=UTC -c datestyle=ISO -c statement_timeout=${statementMs} -c idle_in_transaction_session_timeout=${statementMs}`,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
    types: { getTypeParser },
  }
}

/** The handle of the accounts: a dialect for whoever writes its own statements, on the schema that is theirs alone. */
export type AccountsDatabase = {
  readonly dialect: Dialect
  /** Does something with the accounts. What the database refused is thrown as such, whatever became of it on the way. */
  uncovered<T>(work: () => Promise<T>): Promise<T>
  readonly measure: () => PoolMeasures
  close(): Promise<void>
}

/**
 * Opens the database for the accounts. Connections are made when people sign in, and go when nobody does. `main` is told of
 * every failure, and knows whether there is an outage.
 */
export function openAccountsDatabase(
  settings: ConnectionSettings,
  main?: Pick<Database, 'noteFailure' | 'reach'>,
): AccountsDatabase {
  const pool = new pg.Pool({ ...configOf(settings, 'commet_auth'), max: accountConnections })
  pool.on('error', ignoreLoss)
  pool.on('connect', (client) => {
    client.on('error', ignoreLoss)
    if (main !== undefined) noteAnswers(client, main.reach, 2 * defaultStatementMs)
  })
  const failures = new AsyncLocalStorage<{ last?: unknown }>()
  const noting = notingPool(pool, (error) => {
    main?.noteFailure(error)
    const failure = failures.getStore()
    if (failure !== undefined) failure.last = error
  })
  return {
    dialect: new PostgresDialect({ pool: noting }),
    uncovered: (work) => {
      const failure: { last?: unknown } = {}
      return failures.run(failure, () =>
        work().catch((error: unknown) => {
          throw isToldOnce(failure.last) ? failure.last : error
        }),
      )
    },
    measure: () => measurePool(pool),
    close: () => pool.end(),
  }
}

/** The pool, telling of every failure before others make something else of it. Nobody asks it for cursors. */
function notingPool(pool: pg.Pool, failed: (error: unknown) => void): PostgresPool {
  const noted = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      failed(error)
      throw error
    })
  const connect = async () => {
    const client = await noted(pool.connect())
    return {
      query: (text: string, values: unknown[]) => {
        const answer = client.query(text, values)
        silences.get(client)?.owe(answer)
        return noted(answer)
      },
      release: (discard?: Error | boolean) => client.release(discard),
    }
  }
  return {
    options: pool.options,
    connect: connect as unknown as PostgresPool['connect'],
    end: () => pool.end(),
  }
}

export type DatabaseOptions = {
  /** Where an outage is told. */
  readonly log?: Log
  /** How long a statement may take, and how long a transaction may wait for its next one. */
  readonly statementMs?: number
}

/** Opens the database for one role. */
export function openDatabase(settings: ConnectionSettings, options: DatabaseOptions = {}): Database {
  const { log, statementMs = defaultStatementMs } = options
  const config = configOf(settings, 'commet', statementMs)
  const reach = watchReach(() => probe(config), log)
  const strain = watchStrain(log, { ...quietMs, slow: statementMs + quietAfterSlowMs })
  const opened = (client: pg.Client | pg.PoolClient) => noteAnswers(client, reach, 2 * statementMs)
  const readers = Array.from({ length: readConnections }, () =>
    sharedConnection({ ...config, pipeline: true }, opened),
  )
  const pool = new pg.Pool({ ...config, pipeline: true, max: writeConnections, min: 1 })
  pool.on('error', ignoreLoss)
  pool.on('connect', (client) => {
    client.on('error', ignoreLoss)
    opened(client)
  })
  const noteFailure = (error: unknown) => {
    if (isUnreachable(error)) reach.noteLoss()
    const trouble = troubleOf(error)
    if (trouble !== undefined && !reach.isAway()) strain.failed(trouble)
    return isToldOnce(error)
  }
  const whileReached = async <T>(work: () => Promise<T>): Promise<T> => {
    if (reach.isAway()) throw new DatabaseAway()
    try {
      return await work()
    } catch (error) {
      noteFailure(error)
      throw error
    }
  }
  const listeners = new Set<() => Promise<void>>()
  const ears: Ear[] = []
  const tell = (notices: readonly Notice[]) => {
    for (const notice of notices)
      for (const ear of ears) if (ear.channel === notice.channel) ear.heard(notice.payload)
  }
  const committed = (notices: readonly Notice[]) => {
    strain.committed()
    tell(notices)
  }
  let turn = 0
  // Who would have to wait behind a read of this length is sent away instead: the next one may be as long.
  const heldUpMs = statementMs / 3
  const nextReader = () => {
    turn = (turn + 1) % readers.length
    const inTurn = readers.slice(turn).concat(readers.slice(0, turn))
    const reader = inTurn.find((one) => one.heldUpForMs() < heldUpMs / 5) ?? inTurn[0]
    invariant(reader !== undefined, 'there is a read connection')
    if (reader.heldUpForMs() > heldUpMs) throw new ReadsHeldUp()
    return reader
  }
  return {
    read: (environmentId, work) =>
      whileReached(async () => readInOneTrip(await nextReader().get(), environmentId, work)),
    write: (environmentId, work) =>
      whileReached(() => writeTransaction(pool, environmentId, work, committed)),
    call: <Row>(statement: Statement, values: readonly unknown[]) =>
      whileReached(async () => {
        const trip = new Trip()
        const rows = trip.ask<Row>({ ...statement, values })
        depart(await nextReader().get(), trip)
        await trip.done
        return rows
      }),
    noteFailure,
    reach,
    isReachable: async () => {
      if (reach.isAway()) return false
      try {
        const trip = new Trip()
        trip.send(ping)
        depart(await nextReader().get(), trip)
        await trip.done
        return true
      } catch (error) {
        noteFailure(error)
        return false
      }
    },
    measure: { reads: () => measureShared(readers), writes: () => measurePool(pool) },
    listen: (channel, heard) => {
      ears.push({ channel, heard })
      listeners.add(keepListening(config, channel, heard))
    },
    close: async () => {
      reach.stop()
      await Promise.all([...listeners].map((stop) => stop()))
      await Promise.all([...readers.map((reader) => reader.close()), pool.end()])
    },
  }
}

function measurePool(pool: pg.Pool): PoolMeasures {
  const { totalCount, idleCount, waitingCount } = pool
  return { inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount }
}

function measureShared(connections: readonly SharedConnection[]): PoolMeasures {
  const owed = connections.map((connection) => connection.owed()).filter((many) => many !== undefined)
  const inUse = owed.filter((many) => many > 0).length
  const underWay = owed.reduce((sum, many) => sum + many, 0)
  return { inUse, idle: owed.length - inUse, waiting: underWay - inUse }
}

function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return format === 'binary' ? pg.types.getTypeParser(oid, 'text') : parserOf(oid)
}

/**
 * A connection that dies says so to the statements that wait on it, and once more as an event that would end the process
 * if nobody listened. The pool drops it by itself and opens another when it is needed.
 */
function ignoreLoss(): void {}

type SharedConnection = {
  get(): Promise<pg.Client>
  /** How many answers it owes; undefined while it is not open. */
  owed(): number | undefined
  /** For how long it has owed the next of them. */
  heldUpForMs(): number
  close(): Promise<void>
}

/** One connection used by many requests at once, opened when first needed and again after a loss. */
function sharedConnection(
  config: pg.ClientConfig,
  noteOpened: (client: pg.Client) => void,
): SharedConnection {
  let current: Promise<pg.Client> | undefined
  let silence: Silence | undefined
  const open = () => {
    const client = new pg.Client(config)
    const opened = client.connect().then(() => {
      noteOpened(client)
      silence = silences.get(client)
      return client
    })
    const forget = () => {
      if (current !== opened) return
      current = undefined
      silence = undefined
    }
    client.on('error', forget)
    client.on('end', forget)
    opened.catch(forget)
    return opened
  }
  return {
    get: () => {
      current ??= open()
      return current
    },
    owed: () => silence?.owed(),
    heldUpForMs: () => silence?.owedForMs() ?? 0,
    close: async () => {
      const client = await current?.catch(() => undefined)
      await client?.end()
    },
  }
}

const silences = new WeakMap<object, Silence>()

/** Watches an open connection for answers that do not come. The driver keeps its socket to itself. */
function noteAnswers(client: pg.Client | pg.PoolClient, reach: Database['reach'], longestMs: number): void {
  const { connection } = client as unknown as { readonly connection: { readonly stream: Stream } }
  silences.set(client, watchSilence(connection.stream, reach, longestMs))
}

function depart(client: pg.Client | pg.PoolClient, trip: Trip): void {
  client.query(trip as unknown as pg.Submittable)
  silences.get(client)?.owe(trip.done)
}

const at = ({ name, text }: Statement, values: readonly unknown[]): TripStatement => ({ name, text, values })

function readsOf(trip: () => Trip): ReadTransaction {
  return {
    one: async <Row>(statement: Statement, values: readonly unknown[]) =>
      (await trip().ask<Row>(at(statement, values)))[0],
    many: (statement, values) => trip().ask(at(statement, values)),
    manyComposed: (statement) => trip().ask(statement),
  }
}

/**
 * Entering the environment and the statements leave in one trip, which is a transaction of its own. So `work` must send all
 * its statements before it first awaits: whatever it sends later would run outside the transaction, and is refused.
 */
async function readInOneTrip<T>(
  client: pg.Client,
  environmentId: string,
  work: (tx: ReadTransaction) => Promise<T>,
): Promise<T> {
  const trip = new Trip()
  trip.send(at(enterToRead, [environmentId]))
  let open = true
  const result = work(
    readsOf(() => {
      invariant(open, 'a read sends all its statements before it first awaits')
      return trip
    }),
  )
  open = false
  result.catch(ignoreLoss)
  depart(client, trip)
  await trip.done
  return result
}

/** The trips of one transaction. What is sent in one turn of the event loop leaves together. */
function tripsOn(client: pg.PoolClient) {
  let open: Trip | undefined
  const done: Promise<void>[] = []
  const notices: Notice[] = []
  const leave = () => {
    if (open === undefined) return
    const trip = open
    open = undefined
    depart(client, trip)
  }
  const trip = () => {
    if (open !== undefined) return open
    open = new Trip()
    done.push(open.done)
    process.nextTick(leave)
    return open
  }
  const tx: WriteTransaction = {
    ...readsOf(trip),
    send: (statement, values) => trip().send(at(statement, values)),
    notify: (channel, payload) => {
      trip().send(at(notify, [channel, payload]))
      notices.push({ channel, payload })
    },
  }
  /** Sends the last statement with all that still waits; answers what PostgreSQL says it did. */
  const end = (text: 'commit' | 'rollback') => {
    const tag = trip().tagOf({ name: `kernel.${text}`, text })
    leave()
    return tag
  }
  return { tx, done, notices, begin: () => trip().send({ name: 'kernel.begin', text: 'begin' }), end }
}

async function writeTransaction<T>(
  pool: pg.Pool,
  environmentId: string,
  work: (tx: WriteTransaction) => Promise<T>,
  committed: (notices: readonly Notice[]) => void,
): Promise<T> {
  const client = await pool.connect()
  let failure: unknown
  try {
    return await runWrite(client, environmentId, work, committed)
  } catch (error) {
    failure = error
    throw error
  } finally {
    client.release(isConnectionLoss(failure))
  }
}

async function runWrite<T>(
  client: pg.PoolClient,
  environmentId: string,
  work: (tx: WriteTransaction) => Promise<T>,
  committed: (notices: readonly Notice[]) => void,
): Promise<T> {
  const { tx, done, notices, begin, end } = tripsOn(client)
  begin()
  tx.send(enter, [environmentId])
  try {
    const value = await work(tx)
    const tag = end('commit')
    const settled = await Promise.allSettled(done)
    for (const outcome of settled) if (outcome.status === 'rejected') throw outcome.reason
    mustBeCommit(await tag)
    committed(notices)
    return value
  } catch (error) {
    end('rollback').catch(ignoreLoss)
    const settled = await Promise.allSettled(done)
    throw isAborted(error) ? firstFailure(settled) : error
  }
}

/** A trip behind a failed one fails as well, and says only that an earlier one did. */
function isAborted(error: unknown): boolean {
  return sqlState(error) === '25P02'
}

function firstFailure(settled: readonly PromiseSettledResult<unknown>[]): unknown {
  return settled.find((outcome) => outcome.status === 'rejected')?.reason
}

/** After an error inside a transaction, `commit` succeeds with the tag ROLLBACK. */
function mustBeCommit(tag: string): void {
  if (tag !== 'COMMIT') throw new Error(`The transaction ended as ${tag}`)
}

/** Opens a connection, uses it and closes it. */
async function probe(config: pg.ClientConfig): Promise<void> {
  const client = new pg.Client({
    ...config,
    application_name: 'commet probe',
    connectionTimeoutMillis: probeTimeoutMs,
    query_timeout: probeTimeoutMs,
  })
  client.on('error', ignoreLoss)
  try {
    await client.connect()
    await client.query('select 1')
  } catch (error) {
    // Every slot is taken: it answers, and those who have one go on.
    if (sqlState(error) !== '53300') throw error
  } finally {
    await client.end().catch(ignoreLoss)
  }
}

function keepListening(
  config: pg.ClientConfig,
  channel: string,
  heard: (payload: string) => void,
): () => Promise<void> {
  let stopped = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  const again = () => {
    if (stopped) return
    client = undefined
    clearTimeout(timer)
    timer = setTimeout(listen, relistenAfterMs)
    timer.unref()
  }
  const listen = () => {
    const next = new pg.Client(config)
    client = next
    next.on('error', again)
    next.on('end', again)
    next.on('notification', ({ payload }) => heard(payload ?? ''))
    next
      .connect()
      .then(() => next.query(`listen "${channel}"`))
      .catch(again)
  }
  listen()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await client?.end().catch(() => undefined)
  }
}
