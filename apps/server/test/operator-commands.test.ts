import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { prepareDatabase } from '@commet/server/db/prepare'
import { callerWith, createTestDatabase, testSecret } from '@commet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Installation, installEmbedded } from './faults/scenarios.ts'
import { freePort, startServerProcess } from './faults/server-process.ts'
import { newLedger, startStream } from './faults/stream.ts'
import { findFaults } from './faults/verify.ts'

/** `npm run backup`, `restore` and `move`, run as an operator runs them. */

const root = path.resolve(import.meta.dirname, '../../..')

let folder: string
let installation: Installation
let dataFolder: string
const ledger = newLedger()

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'commet-operator-'))
  dataFolder = path.join(folder, 'data')
  installation = await installEmbedded({ dataFolder })
  const stream = startStream(installation, ledger)
  await stream.more(100)
  await stream.stop()
})
afterAll(async () => {
  await installation.end()
  await rm(folder, { recursive: true, force: true })
})

type Outcome = { readonly code: number; readonly printed: string }

function run(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const script = path.join(root, `apps/server/src/${name}.ts`)
  const options = ['--conditions=commet-source', '--disable-warning=ExperimentalWarning']
  return new Promise<Outcome>((resolve) => {
    execFile(
      process.execPath,
      [...options, script, ...args],
      { cwd: root, env: { PATH: process.env.PATH, COMMET_DATA_DIR: dataFolder, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, printed: stdout + stderr }),
    )
  })
}

async function expectRefused(outcome: Promise<Outcome>, says: string): Promise<void> {
  const { code, printed } = await outcome
  expect(printed).toContain(says)
  expect(printed.trim().split('\n')).toHaveLength(1)
  expect(code).toBe(1)
}

const ownerOf = (place: string) => ({
  ...{ host: path.join(place, 'postgres'), port: 5432, user: 'postgres', database: 'commet' },
})

/** A server on another data folder has everything that was acknowledged before. */
async function expectEverything(place: string): Promise<void> {
  const server = await startServerProcess({ dataFolder: place, port: await freePort() })
  try {
    const target = { address: server.address, apiKey: installation.apiKey }
    expect(await findFaults(ownerOf(place), ledger, target)).toEqual([])
  } finally {
    await server.stop()
  }
}

describe('a backup', () => {
  test('taken under a stream of writes holds all that was acknowledged before, and nothing half-written', async () => {
    const backup = path.join(folder, 'backup under writes')
    const later = newLedger()
    const stream = startStream(installation, later)
    await stream.more(20)
    const taken = await run('backup', [backup])
    await stream.stop()
    expect(taken.printed).toContain('checked by starting a copy')
    expect(taken.code).toBe(0)
    for (const name of ['', 'secret', 'postgres.password', 'sandbox.key']) {
      expect([name, (await stat(path.join(backup, name))).mode & 0o077]).toEqual([name, 0])
    }
    expect((await readdir(backup)).toSorted()).toEqual([
      'postgres',
      'postgres.password',
      'sandbox.key',
      'secret',
    ])
    const restored = path.join(folder, 'restored')
    const { printed, code } = await run('restore', [backup], { COMMET_DATA_DIR: restored })
    expect([code, printed]).toEqual([0, expect.stringContaining('Restored')])
    await expectEverything(restored)
  }, 60_000)

  test('can be taken while no server runs', async () => {
    await installation.server.stop()
    const backup = path.join(folder, 'backup at rest')
    const { printed, code } = await run('backup', [backup])
    await installation.start()
    expect([code, printed]).toEqual([0, expect.stringContaining('customers')])
  })

  test('is refused in one line where it cannot be taken', async () => {
    const full = path.join(folder, 'full')
    await mkdir(full)
    await writeFile(path.join(full, 'a file'), 'kept')
    await expectRefused(run('backup', [full]), 'is not empty')
    expect(await readFile(path.join(full, 'a file'), 'utf8')).toBe('kept')
    await expectRefused(run('backup', [path.join(dataFolder, 'inside')]), 'within each other')
    await expectRefused(run('backup', []), 'Usage: npm run backup')
    const outside = { DATABASE_URL: 'postgres://x@127.0.0.1:1/x', COMMET_SECRET: testSecret }
    await expectRefused(run('backup', [path.join(folder, 'none')], outside), 'pg_dump')
  })

  test('is restored only where it is one, into an empty data folder', async () => {
    const place = { COMMET_DATA_DIR: path.join(folder, 'new') }
    await expectRefused(run('restore', [path.join(folder, 'nothing')], place), 'holds no backup')
    await expectRefused(run('restore', [path.join(folder, 'backup at rest')]), 'is not empty')
    expect((await fetch(`${installation.address}/health`)).status).toBe(200)
  })

  test('whose copying was killed is no backup, a killed restore is no data folder, and both may be done again', async () => {
    const backup = path.join(folder, 'backup at rest')
    const killed = path.join(folder, 'killed')
    await cp(backup, path.join(killed, '.commet-unfinished'), { recursive: true })
    await cp(path.join(backup, 'secret'), path.join(killed, 'secret'))
    await expectRefused(run('restore', [killed], { COMMET_DATA_DIR: path.join(folder, 'new') }), 'no backup')
    await expectRefused(
      run('backup', [path.join(folder, 'other')], { COMMET_DATA_DIR: killed }),
      'to its end',
    )
    const again = await run('restore', [backup], { COMMET_DATA_DIR: killed })
    expect([again.code, again.printed]).toEqual([0, expect.stringContaining('Restored')])
    expect(await readdir(killed)).not.toContain('.commet-unfinished')
    await expectEverything(killed)
  }, 60_000)

  test('that is damaged is not restored, and leaves nothing behind', async () => {
    const backup = path.join(folder, 'backup at rest')
    await rm(path.join(backup, 'postgres/global/pg_control'))
    const place = path.join(folder, 'from damaged')
    const { code } = await run('restore', [backup], { COMMET_DATA_DIR: place })
    expect(code).toBe(1)
    expect(await readdir(place)).not.toContain('postgres')
  })
})

describe('a move', () => {
  test('copies every table to an empty PostgreSQL, on which a server goes on', async () => {
    const database = await createTestDatabase({ empty: true })
    try {
      await expectRefused(run('move', [database.url]), 'Another Commet server')
      await installation.server.stop()
      const { printed, code } = await run('move', [database.url])
      expect([code, printed]).toEqual([0, expect.stringContaining('COMMET_SECRET')])
      await expectRefused(run('move', [database.url]), 'holds data of Commet already')
      const secret = (await readFile(path.join(dataFolder, 'secret'), 'utf8')).trim()
      const server = await startServerProcess({
        dataFolder: path.join(folder, 'moved'),
        port: await freePort(),
        env: { DATABASE_URL: database.url, COMMET_SECRET: secret },
      })
      const target = { address: server.address, apiKey: installation.apiKey }
      const url = new URL(database.url.replace('@/', '@localhost/'))
      const owner = {
        ...{ host: url.searchParams.get('host') ?? '', port: Number(url.searchParams.get('port')) },
        ...{ user: decodeURIComponent(url.username), database: url.pathname.slice(1) },
      }
      expect(await findFaults(owner, ledger, target)).toEqual([])
      const stream = startStream(target, ledger)
      await stream.more(30)
      await stream.stop()
      expect(await findFaults(owner, ledger, target)).toEqual([])
      await server.stop()
    } finally {
      await database.drop()
      await installation.start()
    }
  }, 60_000)

  test('that the other database refuses is told in one line, without what was in the row', async () => {
    const database = await createTestDatabase({ empty: true })
    try {
      await prepareDatabase({ connectionString: database.url }, testSecret)
      await database.owner('alter table commet.customers add constraint nothing_fits check (false)')
      await installation.server.stop()
      const refused = run('move', [database.url])
      await expectRefused(
        refused,
        'PostgreSQL refused it with SQLSTATE 23514 (table customers, constraint nothing_fits)',
      )
      expect((await refused).printed).not.toMatch(/@example|user_|cus_/)
      expect(await database.owner('select from commet.organizations')).toEqual([])
    } finally {
      await database.drop()
      await installation.start()
    }
  }, 60_000)

  test('is refused in one line where it cannot be', async () => {
    await installation.server.stop()
    await expectRefused(run('move', ['mysql://x']), 'must look like postgres://')
    await expectRefused(run('move', ['postgres://x:y@127.0.0.1:1/x']), 'ECONNREFUSED')
    await installation.start()
    const { status } = await callerWith(installation.address, installation.apiKey)('GET', '/api/v1/customers')
    expect(status).toBe(200)
  })
})
