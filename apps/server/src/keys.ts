import { parseArgs } from 'node:util'
import { type Config, readConfig } from './config.ts'
import { type DataFolder, findRunningDatabase, installationSecret, openDataFolder } from './data-folder.ts'
import { rolePassword } from './db/roles.ts'
import type { Environment } from './kernel/caller.ts'
import { command, type Kernel, query } from './kernel/command.ts'
import { type ConnectionSettings, openDatabase } from './kernel/db.ts'
import { createLog } from './kernel/log.ts'
import { Refusal } from './kernel/refusal.ts'
import { createSeal } from './kernel/seal.ts'
import { createApiKey, deleteApiKey } from './modules/organizations/commands.ts'
import {
  findOrCreateInstallation,
  type Installation,
  systemCaller,
} from './modules/organizations/installation.ts'
import { listApiKeys } from './modules/organizations/queries.ts'
import { whyFailed } from './operator-command.ts'
import { StartRefused } from './start-refused.ts'
import { openStorage } from './storage.ts'

/** `npm run keys`: API keys for those who have none to ask with. Works beside a running server and without one. */

const usage = `Usage:
  npm run keys -- create --environment sandbox|live [--name NAME] [--expires-in-days DAYS]
  npm run keys -- list [--environment sandbox|live]
  npm run keys -- revoke KEY_ID`

const maxDays = 36_500

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Refusal ? error.message : whyFailed(error))
  process.exit(1)
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = readArguments(args)
  const [action, id] = positionals
  const environments = environmentsOf(values.environment)
  const config = readConfig()
  const folder = await openDataFolder(config.dataFolder)
  if (action === 'create') {
    const [mode, ...more] = environments
    if (mode === undefined || more.length > 0) throw new StartRefused(`Say for which environment.\n${usage}`)
    const expiresInDays = daysOf(values['expires-in-days'])
    await withKernel(config, folder, (kernel, installation) =>
      create(kernel, installation[mode], values.name ?? 'Command line', expiresInDays),
    )
  } else if (action === 'list') {
    await withKernel(config, folder, (kernel, installation) =>
      list(
        kernel,
        environments.map((mode) => installation[mode]),
      ),
    )
  } else if (action === 'revoke' && id !== undefined) {
    await withKernel(config, folder, (kernel, installation) => revoke(kernel, installation, id))
  } else {
    throw new StartRefused(usage)
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        environment: { type: 'string' },
        name: { type: 'string' },
        'expires-in-days': { type: 'string' },
      },
    })
  } catch (error) {
    throw new StartRefused(`${error instanceof Error ? error.message : 'Wrong arguments.'}\n${usage}`)
  }
}

function environmentsOf(given: string | undefined): readonly Environment['mode'][] {
  if (given === undefined) return ['sandbox', 'live']
  if (given === 'sandbox' || given === 'live') return [given]
  throw new StartRefused(`--environment must be sandbox or live, not ${given}.`)
}

function daysOf(given: string | undefined): number {
  const days = Number(given ?? 365)
  if (Number.isInteger(days) && days >= 1 && days <= maxDays) return days
  throw new StartRefused(`--expires-in-days must be a whole number from 1 to ${maxDays}, not ${given}.`)
}

async function create(
  kernel: Kernel,
  environment: Environment,
  name: string,
  expiresInDays: number,
): Promise<void> {
  const key = await command(kernel, systemCaller(environment), (ctx) =>
    createApiKey(ctx, { name, expiresInDays }),
  )
  console.log(key.apiKey)
  console.error(
    `${key.id}, ${environment.mode}, expires ${key.expiresAt}. The key is shown once: keep it now.`,
  )
}

async function list(kernel: Kernel, environments: readonly Environment[]): Promise<void> {
  for (const environment of environments) {
    const page = await query(kernel, systemCaller(environment), (ctx) => listApiKeys(ctx, { limit: 100 }))
    for (const key of page.data) {
      const used = key.lastUsedAt ?? 'never'
      console.log(
        [
          key.id,
          environment.mode,
          `${key.prefix}…`,
          key.name,
          `expires ${key.expiresAt ?? 'never'}`,
          `used ${used}`,
        ].join('  '),
      )
    }
  }
}

async function revoke(kernel: Kernel, { sandbox, live }: Installation, id: string): Promise<void> {
  const revokeIn = (environment: Environment) =>
    command(kernel, systemCaller(environment), (ctx) => deleteApiKey(ctx, id))
  await revokeIn(sandbox).catch((error: unknown) => {
    if (error instanceof Refusal) return revokeIn(live)
    throw error
  })
  console.log(`Revoked ${id}.`)
}

/** Works on the database of the running server if there is one, else on one that is started for the moment. */
async function withKernel(
  config: Config,
  folder: DataFolder,
  work: (kernel: Kernel, installation: Installation) => Promise<void>,
): Promise<void> {
  const storage =
    (await openRunning(config, folder).catch(() => undefined)) ??
    (await openStorage(config, folder, createLog()))
  const db = openDatabase(storage.app)
  try {
    const kernel = { db, seal: createSeal(storage.secret) }
    await work(kernel, await findOrCreateInstallation(db))
  } finally {
    await db.close()
    await storage.stop()
  }
}

type Opened = { readonly app: ConnectionSettings; readonly secret: string; stop(): Promise<void> }

async function openRunning(config: Config, folder: DataFolder): Promise<Opened | undefined> {
  const running = config.databaseUrl === undefined ? await findRunningDatabase(folder) : undefined
  if (running === undefined) return undefined
  const secret = await installationSecret(folder, config.secret)
  const app = { ...running, user: 'commet_app', password: rolePassword(secret, 'commet_app') }
  const probe = openDatabase(app)
  const reachable = await probe.isReachable().finally(() => probe.close())
  return reachable ? { app, secret, stop: async () => {} } : undefined
}
