import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { type Config, readConfig } from './config.ts'
import { prepareDashboard } from './dashboard-build.ts'
import { EmbeddedDatabaseError } from './embedded/embedded-database-error.ts'
import { describeError } from './kernel/describe-error.ts'
import { createLog } from './kernel/log.ts'
import { type RunningServer, startServer } from './server.ts'
import { StartRefused } from './start-refused.ts'

/** `npm start`: reads the settings, starts the server, prints the way in, and ends when it is told to. */

// Left alone, V8 lets garbage grow to four times of what is in use before it looks through the old part of its heap.
setFlagsFromString('--heap-growing-percent=60')

const log = createLog()

try {
  const config = readConfig()
  for (const warning of config.warnings) console.error(`Warning: ${warning}`)
  const dashboard = prepareDashboard().catch(withoutPages)
  const server = await startServer(config, log, dashboard)
  const pages = (await dashboard) === undefined ? [] : await pageLines(server, config)
  console.log(wayIn(server, config, pages))
  endWith(server)
} catch (error) {
  endStart(error)
}

function endStart(error: unknown): never {
  if (error instanceof StartRefused || error instanceof EmbeddedDatabaseError) console.error(error.message)
  else console.error('Commet could not start.', JSON.stringify(describeError(error)))
  process.exit(1)
}

function endWith(server: RunningServer): void {
  let stopping = false
  const stop = async (code: number) => {
    if (stopping) return
    stopping = true
    await server.stop()
    process.exit(code)
  }
  process.on('SIGTERM', () => void stop(0))
  process.on('SIGINT', () => void stop(0))
  void server.failed.then((reason) => {
    console.error(`The embedded database is gone: ${reason}.`)
    return stop(1)
  })
}

function wayIn(server: RunningServer, config: Config, pages: readonly string[]): string {
  const address = config.publicUrl ?? server.address
  return [
    '',
    `Commet is ready: ${address}`,
    '',
    ...keyLines(server, config, address),
    ...pages,
    `Health:      ${server.address}/health`,
    `Data folder: ${shortPath(server.folder.path)}`,
    '',
  ].join('\n')
}

/** The API is served even where the pages cannot be. */
function withoutPages(error: unknown): undefined {
  console.error(`Warning: there is no dashboard. ${error instanceof Error ? error.message : ''}`)
}

async function pageLines(server: RunningServer, config: Config): Promise<readonly string[]> {
  const address = config.publicUrl ?? server.address
  const link = await server.ownerLink()
  if (link === undefined) return [`Dashboard:   ${address}/`]
  return [
    'Make the owner account of the dashboard (this link works once, within a day):',
    '',
    `  ${address}/accept#${link}`,
    '',
  ]
}

function keyLines(server: RunningServer, config: Config, address: string): readonly string[] {
  const key = keyExpression(server, config)
  if (key === undefined)
    return ['API key:     make one with: npm run keys -- create --environment sandbox', '']
  return [
    'Create a customer:',
    '',
    `  curl -X POST ${address}/api/v1/customers \\`,
    `    -H "x-api-key: ${key}" \\`,
    `    -H "Content-Type: application/json" \\`,
    `    -d '{"email": "billing@example.com", "id": "user_123"}'`,
    '',
  ]
}

function keyExpression(server: RunningServer, config: Config): string | undefined {
  if (config.apiKey !== undefined) return '$COMMET_API_KEY'
  return server.hasFirstKeyFile ? `$(cat ${shellWord(shortPath(server.folder.firstKeyFile))})` : undefined
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

function shortPath(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative
}
