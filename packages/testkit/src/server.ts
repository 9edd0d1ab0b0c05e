import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Config } from '@commet/server/config'
import type { Log } from '@commet/server/kernel/log'
import { startServer } from '@commet/server/server'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { createOrganization, type TestOrganization } from './organization.ts'
import { createPerson, type TestPerson } from './person.ts'
import { testSecret } from './postgres.ts'

/** A real server on a database of its own, on a free port of the loopback. */

export type LogLine = { readonly level: string; readonly message: string } & Readonly<Record<string, unknown>>

export type TestServer = {
  readonly address: string
  readonly database: TestDatabase
  /** What the server has logged so far. */
  readonly logLines: readonly LogLine[]
  /** A new organization with a sandbox and a live environment and a key for each. */
  organization(): Promise<TestOrganization>
  /** A new member of an organization, with a session. */
  person(organization: TestOrganization, role?: 'owner' | 'admin' | 'member'): Promise<TestPerson>
  /** The secret of a link for the first owner of the first organization. */
  ownerLink(): Promise<string | undefined>
  stop(): Promise<void>
}

export type TestServerOptions = Partial<Config> & {
  /** Another server's database: two servers on one PostgreSQL. */
  readonly database?: TestDatabase
  /** The folder of the dashboard's build, where its pages are to be served. */
  readonly dashboard?: Promise<string>
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { database: shared, dashboard, ...overrides } = options
  const database = shared ?? (await createTestDatabase())
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'commet-data-'))
  const logLines: LogLine[] = []
  const running = await startServer(
    { ...defaults, databaseUrl: database.url, dataFolder, ...overrides },
    collect(logLines),
    dashboard,
  )
  return {
    address: running.address,
    database,
    logLines,
    organization: () => createOrganization(database, running.address),
    person: (organization, role = 'owner') => createPerson(database, running.address, organization, role),
    ownerLink: running.ownerLink,
    stop: async () => {
      await running.stop()
      if (shared === undefined) await database.drop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

const defaults: Omit<Config, 'databaseUrl' | 'dataFolder'> = {
  port: 0,
  host: '127.0.0.1',
  apiKey: undefined,
  demo: false,
  publicUrl: undefined,
  secret: testSecret,
  worker: false,
  eventRetentionDays: 0,
  auditRetentionMonths: 0,
  metricsToken: undefined,
  rateLimitPerMinute: 0,
  trustedProxies: [],
  warnings: [],
}

function collect(lines: LogLine[]): Log {
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ ...fields, level, message })
  }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
