import pg from 'pg'
import type { ConnectionSettings } from '../kernel/db.ts'
import { StartRefused } from '../start-refused.ts'
import { migrate } from './migrate.ts'
import { prepareRoles, type RoleName, rolePassword } from './roles.ts'

/** What the owner does at every start: check the database, make the roles, migrate. */

export type PreparedDatabase = {
  readonly app: ConnectionSettings
  readonly worker: ConnectionSettings
  readonly accounts: ConnectionSettings
}

const oldestMajor = 15

export async function prepareDatabase(
  ownerSettings: ConnectionSettings,
  secret: string,
): Promise<PreparedDatabase> {
  const owner = new pg.Client({
    ...ownerSettings,
    connectionTimeoutMillis: 10_000,
    application_name: 'commet start',
  })
  owner.on('error', () => undefined)
  await connect(owner)
  try {
    await assertUsable(owner)
    const settingsOf = (role: RoleName) => asRole(owner, role, rolePassword(secret, role))
    await prepareRoles(owner, settingsOf)
    await migrate(owner)
    return {
      app: settingsOf('commet_app'),
      worker: settingsOf('commet_worker'),
      accounts: settingsOf('commet_auth'),
    }
  } finally {
    await owner.end()
  }
}

async function connect(owner: pg.Client): Promise<void> {
  try {
    await owner.connect()
  } catch (error) {
    throw new StartRefused(`The database of DATABASE_URL cannot be used: ${whyUnreachable(error)}.`)
  }
}

function whyUnreachable(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return whyUnreachable(error.errors[0])
  if (!(error instanceof Error)) return 'unknown reason'
  const code = 'code' in error ? error.code : undefined
  if (code === 'ECONNREFUSED')
    return `nothing listens there (${error.message}); start PostgreSQL or correct host and port`
  if (code === 'ENOTFOUND') return `its host is unknown (${error.message}); correct the host name`
  if (code === '28P01' || code === '28000') return `${error.message}; correct user and password`
  if (code === '3D000') return `${error.message}; create it with createdb, or correct the name`
  return error.message
}

async function assertUsable(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ version: string; encoding: string }>(
    `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding`,
  )
  const major = Math.floor(Number(rows[0]?.version) / 10_000)
  if (major < oldestMajor) {
    throw new StartRefused(`DATABASE_URL leads to PostgreSQL ${major}; Commet needs ${oldestMajor} or newer.`)
  }
  if (rows[0]?.encoding !== 'UTF8') {
    throw new StartRefused(
      `The database's encoding is ${rows[0]?.encoding}; create one with: createdb --encoding=UTF8 --template=template0 NAME`,
    )
  }
}

/** The same database, logged in as one of our roles. */
function asRole(owner: pg.Client, role: RoleName, password: string): ConnectionSettings {
  const { host, port, database, ssl } = owner
  return {
    host,
    port,
    user: role,
    password,
    ...(database === undefined ? {} : { database }),
    ssl: ssl as boolean,
  }
}
