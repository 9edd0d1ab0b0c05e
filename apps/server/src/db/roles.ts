import { createHash, createHmac, hkdfSync, pbkdf2Sync, randomBytes } from 'node:crypto'
import pg from 'pg'
import type { ConnectionSettings } from '../kernel/db.ts'
import { StartRefused } from '../start-refused.ts'

/**
 * The logins that the server works as. None can leave its place: row-level security holds for the first two, the third
 * sees the schema of the accounts and nothing else, and the start ends where that would not be so. Roles belong to the
 * whole cluster, so finding them there already is normal.
 */

export type RoleName = 'commet_app' | 'commet_worker' | 'commet_auth'

const roleNames: readonly RoleName[] = ['commet_app', 'commet_worker', 'commet_auth']

/** The password of a role follows from COMMET_SECRET, so every server of an installation knows it. */
export function rolePassword(secret: string, role: RoleName): string {
  return Buffer.from(hkdfSync('sha256', secret, '', `commet role ${role}`, 32)).toString('hex')
}

/** Makes sure that the roles exist, can log in with their password, and are bound by row-level security. */
export async function prepareRoles(
  owner: pg.Client,
  settingsOf: (role: RoleName) => ConnectionSettings,
): Promise<void> {
  for (const role of roleNames) {
    await createRole(owner, role)
    const settings = settingsOf(role)
    if (!(await canLogIn(settings))) await setPassword(owner, role, settings.password ?? '')
    await assertBound(settings, role)
  }
}

async function createRole(owner: pg.Client, role: RoleName): Promise<void> {
  const { rows } = await owner.query('select from pg_roles where rolname = $1', [role])
  if (rows.length > 0) return
  try {
    await owner.query(`create role ${role} login nosuperuser nobypassrls nocreatedb nocreaterole noinherit`)
  } catch (error) {
    if (isSqlState(error, ['42710', '23505'])) return
    if (isSqlState(error, ['42501'])) {
      throw new StartRefused(
        `DATABASE_URL logs in as a role that may not create the role ${role}; grant it CREATEROLE, or create the role yourself.`,
      )
    }
    throw error
  }
}

async function canLogIn(settings: ConnectionSettings): Promise<boolean> {
  const client = new pg.Client(settings)
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch (error) {
    if (isSqlState(error, ['28P01', '28000'])) return false
    throw error
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Sends the password as its SCRAM verifier: what the database logs of a failing statement is then no secret. */
async function setPassword(owner: pg.Client, role: RoleName, password: string): Promise<void> {
  try {
    await owner.query(`alter role ${role} login password '${scramVerifier(password)}'`)
  } catch (error) {
    if (isSqlState(error, ['XX000'])) return setPassword(owner, role, password)
    if (isSqlState(error, ['42501'])) {
      throw new StartRefused(
        `DATABASE_URL logs in as a role that may not set the password of ${role}; use the role that created it, or the COMMET_SECRET it was created with.`,
      )
    }
    throw error
  }
}

const scramIterations = 4096

function scramVerifier(password: string): string {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, scramIterations, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest('base64')
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64')
  return `SCRAM-SHA-256$${scramIterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}

async function assertBound(settings: ConnectionSettings, role: RoleName): Promise<void> {
  const client = new pg.Client(settings)
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ name: string; free: boolean }>(
      'select current_user as name, rolsuper or rolbypassrls as free from pg_roles where rolname = current_user',
    )
    if (rows[0]?.name === role && rows[0].free === false) return
  } catch (error) {
    throw new StartRefused(`The role ${role} cannot log in to the database: ${messageOf(error)}.`)
  } finally {
    await client.end().catch(() => undefined)
  }
  throw new StartRefused(
    `The role ${role} would bypass row-level security; run: alter role ${role} nosuperuser nobypassrls;`,
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown reason'
}

function isSqlState(error: unknown, states: readonly string[]): boolean {
  return error instanceof pg.DatabaseError && error.code !== undefined && states.includes(error.code)
}
