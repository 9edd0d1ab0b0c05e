import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { callerWith, type LogLine, testSecret } from '@commet/testkit'
import pg from 'pg'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../../src/embedded/embedded-database.ts'
import {
  freePort,
  postmasterOf,
  type ServerProcess,
  type StartOptions,
  startServerProcess,
} from './server-process.ts'
import {
  deafClients,
  drippingClients,
  headerClients,
  idleClients,
  leavingClients,
  type SlowClients,
} from './slow-clients.ts'
import { type Ledger, newLedger, startStream, unusedUserId } from './stream.ts'
import { findFaults, type Owner } from './verify.ts'

/**
 * What may happen to a server under a stream of writes. Each scenario breaks something, waits until writes are acknowledged
 * again, and looks for what was lost or half-written; so many rounds of it. `npm test` runs few, `npm run soak` many.
 */

export type Figures = {
  readonly rounds: number
  readonly acknowledged: number
  /** Requests that failed on the way, as clients saw it. */
  readonly failures: number
  /** From the fault to the next acknowledged write, for each round. */
  readonly recoveriesMs: readonly number[]
  /** What was lost, half-written or said twice. Empty when all is well. */
  readonly faults: readonly string[]
}

/** A server with its database, both to be broken. */
export type Installation = {
  readonly address: string
  /** Of all its servers, where there are several. */
  readonly addresses?: readonly string[]
  readonly apiKey: string
  readonly owner: Owner
  /** The running process; another one after a restart. */
  readonly server: ServerProcess
  /** The id of PostgreSQL's main process. */
  postmaster(): Promise<number>
  /** Starts an outside PostgreSQL again, after it was killed. */
  startDatabase(): Promise<void>
  /** Starts the server again at the same place, after it was killed or stopped. */
  start(): Promise<void>
  end(): Promise<void>
}

export type Fault<Place extends Installation = Installation> = {
  /** Lines of the log that must be there once for each round, in the log of the server that runs afterwards. */
  readonly says: readonly RegExp[]
  /** Warnings and errors that a round may leave there at most, those of `says` among them. */
  readonly complaints: number
  /** An operator starts the server anew after so many rounds, for faults that may not come too often. */
  readonly restartEvery?: number
} & (Strike<Place> | Siege<Place>)

/** Breaks something; what has to be started again by an operator is started again. */
type Strike<Place> = { strike(installation: Place, round: number, ledger: Ledger): Promise<void> }

/** Begins what goes on while writes are acknowledged beside it; answers what ends it. */
type Siege<Place> = { lay(installation: Place, round: number): Promise<() => Promise<void>> }

const writesBefore = 25
const writesAfter = 25

/** How an outage is told. */
export const outage = [/^the database cannot be reached/, /^the database is reached again/] as const

export const faults = {
  'kill -9 of the server': {
    strike: async (installation) => {
      await installation.server.kill()
      await installation.start()
    },
    says: [/left behind by a killed server/],
    complaints: 0,
  },
  'kill -9 of its PostgreSQL': {
    strike: async (installation) => kill(await installation.postmaster()),
    says: [/ended by itself/, /PostgreSQL runs again/, ...outage],
    complaints: outage.length,
    restartEvery: 5,
  },
  'kill -9 of the server and its PostgreSQL': {
    strike: async (installation) => {
      const postmaster = await installation.postmaster()
      await installation.server.kill()
      kill(postmaster)
      await installation.start()
    },
    says: [/The last run was killed/],
    complaints: 0,
  },
  'kill -9 of a process of PostgreSQL': {
    strike: async ({ owner }) => kill(await someBackend(owner)),
    says: outage,
    complaints: outage.length,
  },
  // The database is there all the time, which is looked for before anything is said.
  'connections cut mid-transaction': {
    strike: async ({ owner }, round) => cutConnections(owner, round),
    says: [],
    complaints: 0,
  },
} as const satisfies Readonly<Record<string, Fault>>

export const outsideFaults = {
  'kill -9 and restart of an outside PostgreSQL': {
    strike: async (installation) => {
      kill(await installation.postmaster())
      await installation.startDatabase()
    },
    says: outage,
    complaints: outage.length,
  },
  'kill -9 of the server on an outside PostgreSQL': {
    strike: async (installation) => {
      await installation.server.kill()
      await installation.start()
    },
    says: [],
    complaints: 0,
  },
} as const satisfies Readonly<Record<string, Fault>>

const many = { idle: 2_000, dripping: 200, deaf: 50 }
/** Longer than the server lets anybody be slow. */
const patienceMs = 90_000

/** Slow clients leave by themselves in most rounds, and in some the server has to end them. */
const endOf = (clients: SlowClients, round: number) => async () =>
  round % 5 === 4 ? clients.gone(patienceMs) : clients.leave()

export const clientFaults = {
  'every connection for writes taken': {
    strike: async (installation, round) => holdWrites(installation, round % 5 === 4 ? 20_000 : 500),
    says: [],
    // For longer than a request waits, some are too slow and some get no connection: each begins and ends.
    complaints: 4,
  },
  'clients that leave before they are answered': {
    strike: (installation) => leavingClients(installation, Array.from({ length: 100 }, unusedUserId)),
    says: [],
    complaints: 0,
  },
  'two thousand idle connections': {
    lay: async (installation, round) => endOf(await idleClients(installation, many.idle), round),
    says: [],
    complaints: 0,
  },
  'two hundred bodies that arrive a byte at a time': {
    lay: async (installation, round) => endOf(await drippingClients(installation, many.dripping), round),
    says: [],
    complaints: 0,
  },
  'two hundred requests whose headers do not end': {
    lay: async (installation, round) => endOf(await headerClients(installation, many.dripping), round),
    says: [],
    complaints: 0,
  },
  'fifty clients that ask without end and read nothing': {
    lay: async (installation, round) => endOf(await deafClients(installation, many.deaf), round),
    says: [],
    complaints: 0,
  },
} as const satisfies Readonly<Record<string, Fault>>

/** Nobody can write a customer for a while, and eighty more want to. */
async function holdWrites({ owner, address, apiKey }: Installation, forMs: number): Promise<void> {
  const call = callerWith(address, apiKey)
  await asOwner(owner, async (holder) => {
    await holder.query('begin; lock table commet.customers in share mode')
    const writes = Array.from({ length: 80 }, () =>
      call('POST', '/api/v1/customers', { body: { email: 'held@example.com' } }),
    )
    await delay(forMs)
    await holder.query('rollback')
    const other = (await Promise.all(writes)).filter(({ status }) => status !== 201 && status < 500)
    if (other.length > 0) throw new Error(`A write that waited was answered ${other[0]?.status}`)
  })
}

/** Runs so many rounds of a fault. */
export async function runFault<Place extends Installation>(
  installation: Place,
  fault: Fault<Place>,
  rounds: number,
): Promise<Figures> {
  const ledger = newLedger()
  const recoveriesMs: number[] = []
  const wrong: string[] = []
  await untilCalm(installation.server)
  let said = countLines(installation.server, fault)
  for (let round = 0; round < rounds; round++) {
    const stream = startStream(installation, ledger)
    await stream.more(writesBefore)
    const server = installation.server
    const began = performance.now()
    const lift =
      'lay' in fault
        ? await fault.lay(installation, round)
        : await fault.strike(installation, round, ledger).then(() => undefined)
    await stream.recovery()
    recoveriesMs.push(performance.now() - began)
    await stream.more(writesAfter)
    await lift?.()
    await stream.stop()
    wrong.push(...(await findFaults(installation.owner, ledger, installation)))
    if (installation.server !== server) said = nothingSaid(fault)
    await untilSaid(installation.server, fault, said)
    const now = countLines(installation.server, fault)
    wrong.push(...saidOtherwise(fault, said, now))
    said = now
    if ((round + 1) % (fault.restartEvery ?? rounds) === 0 && round + 1 < rounds) {
      await installation.server.stop()
      await installation.start()
      said = nothingSaid(fault)
    }
  }
  const { acknowledged, failures } = ledger
  return { rounds, acknowledged: acknowledged.length, failures, recoveriesMs, faults: [...new Set(wrong)] }
}

type Said = { readonly wanted: readonly number[]; readonly complaints: readonly string[] }

const nothingSaid = ({ says }: Pick<Fault, 'says'>): Said => ({ wanted: says.map(() => 0), complaints: [] })

/** What a former fault began is told as over a while after it: an error each when it begins, and a warning at its end. */
async function untilCalm({ logLines }: ServerProcess): Promise<void> {
  const giveUpAt = performance.now() + saidWithinMs
  const count = (wanted: string) => logLines.filter(({ level }) => level === wanted).length
  while (count('error') > count('warn') && performance.now() < giveUpAt) await delay(20)
}

function countLines({ logLines }: ServerProcess, { says }: Pick<Fault, 'says'>): Said {
  return {
    wanted: says.map((line) => logLines.filter(({ message }) => line.test(message)).length),
    complaints: logLines.filter(isComplaint).map(({ message }) => message),
  }
}

function isComplaint({ level }: LogLine): boolean {
  return level === 'error' || level === 'warn'
}

const saidWithinMs = 20_000

/** That something is over is said once it has been quiet for a while. */
async function untilSaid(server: ServerProcess, fault: Pick<Fault, 'says'>, before: Said): Promise<void> {
  const giveUpAt = performance.now() + saidWithinMs
  const isSaid = () =>
    countLines(server, fault).wanted.every((times, index) => times > (before.wanted[index] ?? 0))
  while (!isSaid() && performance.now() < giveUpAt) await delay(20)
}

function saidOtherwise(
  { says, complaints }: Pick<Fault, 'says' | 'complaints'>,
  before: Said,
  after: Said,
): readonly string[] {
  const otherThanOnce = says.flatMap((line, index) => {
    const times = (after.wanted[index] ?? 0) - (before.wanted[index] ?? 0)
    return times === 1 ? [] : [`the log says ${line} ${times} times in a round`]
  })
  const more = after.complaints.slice(before.complaints.length)
  if (more.length <= complaints) return otherThanOnce
  return [
    ...otherThanOnce,
    `the log complains more often than ${complaints} times in a round: ${more.join('; ')}`,
  ]
}

function kill(processId: number): void {
  process.kill(processId, 'SIGKILL')
}

async function asOwner<T>(owner: Owner, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(owner)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

const ownConnections = `application_name = 'commet' and pid <> pg_backend_pid()`

function someBackend(owner: Owner): Promise<number> {
  return asOwner(owner, async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where ${ownConnections} order by (state = 'active') desc limit 1`,
    )
    return rows[0]!.pid
  })
}

const cutsInTransactions = 10
const cutsWithinMs = 20_000

/** Ends so many connections while they are in a transaction that has begun, and in the end all that there are. */
function cutConnections(owner: Owner, round: number): Promise<void> {
  return asOwner(owner, async (client) => {
    const giveUpAt = performance.now() + cutsWithinMs
    for (let cut = 0; cut < cutsInTransactions; ) {
      const { rowCount } = await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where ${ownConnections} and xact_start is not null order by pid limit 1 + $1`,
        [(cut + round) % 3],
      )
      cut += rowCount ?? 0
      if (performance.now() > giveUpAt) throw new Error(`Only ${cut} connections were in a transaction`)
    }
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${ownConnections}`)
  })
}

/** The server that does not wait long. */
export const impatient = { program: path.join(import.meta.dirname, 'impatient-server.ts') }

/** A server on its embedded database. */
export async function installEmbedded(
  options: Partial<Omit<StartOptions, 'port'>> = {},
): Promise<Installation> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(path.join(tmpdir(), 'commet-fault-')))
  const port = await freePort()
  const start = () => startServerProcess({ ...options, dataFolder, port })
  let server = await start()
  return {
    address: server.address,
    apiKey: (await readFile(path.join(dataFolder, 'sandbox.key'), 'utf8')).trim(),
    owner: { host: path.join(dataFolder, 'postgres'), port: 5432, user: 'postgres', database: 'commet' },
    get server() {
      return server
    },
    postmaster: () => postmasterOf(dataFolder),
    startDatabase: async () => undefined,
    start: async () => {
      server = await start()
    },
    end: async () => {
      await server.stop()
      if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

type Place = { readonly host: string; readonly port: number }

/** `settings` are those that further servers on the same database take. */
export type OutsideInstallation = Installation & {
  readonly settings: { readonly dataFolder: string; readonly env: Readonly<Record<string, string>> }
}

/** A server on a PostgreSQL that is not its own; somebody starts that again when it ends. `lead` says the way to it. */
export async function installOutside(
  lead: (place: Place) => Promise<Place> = async (place) => place,
): Promise<OutsideInstallation> {
  const folder = await mkdtemp(path.join(tmpdir(), 'commet-outside-'))
  await chmod(folder, 0o755)
  const apiKey = 'ck_sandbox_0123456789abcdefghijklmnop'
  const port = await freePort()
  let database: EmbeddedDatabase = await startEmbeddedDatabase({ dataFolder: folder })
  const { user, database: name } = database.connection
  const { host, port: databasePort } = await lead(database.connection)
  const env = {
    DATABASE_URL: `postgresql://${user}@/${name}?host=${encodeURIComponent(host)}&port=${databasePort}`,
    COMMET_SECRET: testSecret,
    COMMET_API_KEY: apiKey,
  }
  const dataFolder = path.join(folder, 'data')
  const start = () => startServerProcess({ dataFolder, port, env })
  let server = await start()
  return {
    address: server.address,
    settings: { dataFolder, env },
    apiKey,
    owner: { ...database.connection },
    get server() {
      return server
    },
    postmaster: async () => database.processId,
    startDatabase: async () => {
      await database.ended
      database = await startEmbeddedDatabase({ dataFolder: folder })
    },
    start: async () => {
      server = await start()
    },
    end: async () => {
      await server.stop()
      await database.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
