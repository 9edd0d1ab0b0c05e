import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { callerWith, createTestDatabase, testSecret } from '@commet/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../..')

let folder: string
let children: ChildProcess[]

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'commet-start-'))
  children = []
})

afterEach(async () => {
  await Promise.all(children.map((child) => ended(child, 'SIGTERM')))
  await rm(folder, { recursive: true, force: true })
})

type Started = {
  readonly child: ChildProcess
  /** Everything printed until the server was ready or had ended. */
  readonly printed: string
  readonly code: number | undefined
  readonly address: string
}

/** Runs a script of package.json as a person would, up to its banner or its end. */
function start(
  env: Readonly<Record<string, string>> = {},
  script = 'apps/server/src/main.ts',
  ...args: string[]
): Promise<Started> {
  const child = spawn('node', [path.join(root, 'scripts/run.mjs'), script, ...args], {
    cwd: root,
    env: { ...cleanEnvironment(), PORT: '0', COMMET_DATA_DIR: folder, COMMET_DEMO: 'false', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return new Promise((resolve) => {
    let printed = ''
    const read = (chunk: Buffer) => {
      printed += chunk.toString()
      const [, address] = /Commet is ready: (\S+)[\s\S]*Data folder:/.exec(printed) ?? []
      if (address !== undefined) resolve({ child, printed, code: undefined, address })
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('close', (code) => resolve({ child, printed, code: code ?? -1, address: '' }))
  })
}

function cleanEnvironment(): Record<string, string | undefined> {
  const foreign = Object.keys(process.env).filter((name) => /^(COMMET_|DATABASE_URL$|PORT$|HOST$)/.test(name))
  return { ...process.env, ...Object.fromEntries(foreign.map((name) => [name, undefined])) }
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode)
    child.once('exit', resolve)
    child.kill(signal)
  })
}

/** The curl of the banner, run by a shell. */
function runCurl(printed: string): Promise<string> {
  const command = /curl[\s\S]*?'\{.*\}'/.exec(printed)?.[0] ?? 'false'
  return new Promise((resolve) => {
    const shell = spawn('bash', ['-c', command.replace('curl', 'curl -s')], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    shell.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    shell.once('close', () => resolve(output))
  })
}

describe('a first start', () => {
  test('prints a curl that creates a customer, and a later start prints one that still works', async () => {
    const first = await start()
    expect(JSON.parse(await runCurl(first.printed))).toMatchObject({
      success: true,
      data: { externalId: 'user_123' },
    })
    expect(await ended(first.child, 'SIGTERM')).toBe(0)
    const second = await start()
    expect(JSON.parse(await runCurl(second.printed))).toMatchObject({
      success: true,
      data: { externalId: 'user_123' },
    })
    expect((await fetch(`${second.address}/health`)).status).toBe(200)
  })

  test('keeps its key and its secret in files that only their owner reads', async () => {
    await start()
    for (const name of ['sandbox.key', 'secret']) {
      const { mode } = await stat(path.join(folder, name))
      expect(mode & 0o777).toBe(0o600)
    }
  })

  test('has demo customers to look at, unless they are switched off', async () => {
    const { address } = await start({ COMMET_DEMO: 'true' })
    const apiKey = (await readFile(path.join(folder, 'sandbox.key'), 'utf8')).trim()
    const { json } = await callerWith(address, apiKey)('GET', '/api/v1/customers?limit=100')
    expect(json.data.length).toBeGreaterThan(20)
    expect(
      new Set(json.data.map(({ createdAt }: { createdAt: string }) => createdAt.slice(0, 7))).size,
    ).toBeGreaterThan(3)
  })

  test('takes the key of COMMET_API_KEY, whenever it is given, and names the variable in its curl', async () => {
    const first = await start()
    await ended(first.child, 'SIGTERM')
    const apiKey = 'ck_live_0123456789abcdefghijklmnop'
    const { address, printed } = await start({ COMMET_API_KEY: apiKey })
    expect(printed).toContain('$COMMET_API_KEY')
    expect(printed).not.toContain(apiKey)
    const { status, json } = await callerWith(address, apiKey)('POST', '/api/v1/customers', {
      body: { email: 'a@example.com' },
    })
    expect([status, json.data.livemode]).toEqual([201, true])
  })
})

describe('a start that cannot be', () => {
  const refused = async (env: Readonly<Record<string, string>>, ...says: string[]) => {
    const { code, printed } = await start(env)
    expect(code).toBe(1)
    expect(printed.trim().split('\n')).toHaveLength(1)
    for (const part of says) expect(printed).toContain(part)
  }

  test('a port in use', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => blocker.once('listening', resolve))
    const { port } = blocker.address() as { port: number }
    await refused({ PORT: String(port) }, `Port ${port}`, 'set PORT')
    await new Promise((resolve) => blocker.close(resolve))
  })

  test('a data folder that cannot be written', async () => {
    const file = path.join(folder, 'a file')
    await writeFile(file, '')
    await chmod(file, 0o400)
    await refused({ COMMET_DATA_DIR: path.join(file, 'data') }, 'data folder', 'set COMMET_DATA_DIR')
  })

  test('a second server on the same data folder', async () => {
    await start()
    await refused({}, 'Another Commet server', folder)
  })

  test.each([
    [{ DATABASE_URL: 'postgres://x:y@127.0.0.1:1/x' }, 'ECONNREFUSED'],
    [{ DATABASE_URL: 'mysql://x' }, 'must look like postgres://'],
  ])('a wrong database: %j', (env, says) =>
    refused({ COMMET_SECRET: testSecret, ...env }, 'DATABASE_URL', says),
  )

  test.each([
    [{ COMMET_DATADIR: 'x' }, 'did you mean COMMET_DATA_DIR?'],
    [{ COMMET_PORT: '1' }, 'did you mean PORT?'],
    [{ COMMET_DATABASE_URL: 'x' }, 'did you mean DATABASE_URL?'],
    [{ PORT: 'http' }, 'PORT must be a port'],
    [{ COMMET_API_KEY: 'sk_live_1' }, 'COMMET_API_KEY must be ck_sandbox_ or ck_live_'],
    [{ COMMET_TRUSTED_PROXIES: '10.0.0.7, proxy' }, 'COMMET_TRUSTED_PROXIES must be addresses or nets'],
    [{ COMMET_TRUSTED_PROXIES: '0.0.0.0/0' }, 'COMMET_TRUSTED_PROXIES must be addresses or nets'],
    [{ COMMET_DEMO: 'no' }, 'COMMET_DEMO must be true or false'],
    [{ DATABASE_URL: 'postgres://x@127.0.0.1/x' }, 'COMMET_SECRET is required with DATABASE_URL'],
    [{ COMMET_PUBLIC_URL: 'billing.example.com' }, 'COMMET_PUBLIC_URL must be an http or https address'],
  ])('a setting that is a near miss or wrong: %j', (env, says) => refused(env, says))
})

test('names of the SDKs and the command line are nobody’s mistake; other COMMET_ names are warned of', async () => {
  const { printed, address } = await start({
    COMMET_BASE_URL: 'http://127.0.0.1:1',
    COMMET_SOMETHING_ELSE: '1',
  })
  expect(address).not.toBe('')
  expect(printed).not.toContain('COMMET_BASE_URL')
  expect(printed).toContain('Warning: COMMET_SOMETHING_ELSE is not a setting')
})

test('SIGTERM lets a request under way finish, and the server ends with 0', async () => {
  const { child, address } = await start()
  const apiKey = (await readFile(path.join(folder, 'sandbox.key'), 'utf8')).trim()
  const call = callerWith(address, apiKey)
  await call('GET', '/api/v1/customers')
  const slow = slowCreate(address, apiKey)
  await slow.sent
  const end = ended(child, 'SIGTERM')
  await untilRefused(address)
  slow.finish()
  expect(await slow.status).toBe(201)
  expect(await end).toBe(0)
})

test('a SIGTERM to npm ends the server too, though npm tells only the shell between them', async () => {
  const npm = spawn('npm', ['start'], {
    cwd: root,
    env: { ...cleanEnvironment(), PORT: '0', COMMET_DATA_DIR: folder, COMMET_DEMO: 'false' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.push(npm)
  const address = await new Promise<string>((resolve) => {
    let printed = ''
    npm.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const [, ready] = /Commet is ready: (\S+)/.exec(printed) ?? []
      if (ready !== undefined) resolve(ready)
    })
  })
  npm.kill('SIGTERM')
  await untilRefused(address)
  await expect
    .poll(() => existsSync(path.join(folder, 'postgres/postmaster.pid')), { timeout: 10_000 })
    .toBe(false)
})

/** A create whose body arrives in two parts, the second when it is told to. */
function slowCreate(address: string, apiKey: string) {
  let finish = () => {}
  let wasSent = () => {}
  const sent = new Promise<void>((resolve) => {
    wasSent = resolve
  })
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"email": '))
      finish = () => {
        controller.enqueue(new TextEncoder().encode('"a@example.com"}'))
        controller.close()
      }
      wasSent()
    },
  })
  const init = {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
    body,
    duplex: 'half',
  }
  const status = fetch(`${address}/api/v1/customers`, init as RequestInit).then((response) => response.status)
  return {
    sent: sent.then(() => new Promise((resolve) => setTimeout(resolve, 100))),
    finish: () => finish(),
    status,
  }
}

async function untilRefused(address: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const open = await fetch(`${address}/health`).then(
      () => true,
      () => false,
    )
    if (!open) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('The server still takes connections')
}

test('two servers that start at once on one empty PostgreSQL migrate it once and share one organization', async () => {
  const database = await createTestDatabase({ empty: true })
  try {
    const env = {
      DATABASE_URL: database.url,
      COMMET_SECRET: testSecret,
      COMMET_API_KEY: 'ck_sandbox_0123456789abcdefghijklmnop',
    }
    const servers = await Promise.all([
      start(env),
      start({ ...env, COMMET_DATA_DIR: path.join(folder, 'other') }),
    ])
    expect(servers.map(({ code }) => code)).toEqual([undefined, undefined])
    const migrations = await database.owner<{ number: number }>(
      'select number from commet.migrations order by number',
    )
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
    expect(await database.owner('select from commet.organizations')).toHaveLength(1)
    expect(await database.owner('select from commet.api_keys')).toHaveLength(1)
    const [one, two] = servers.map(({ address }) => callerWith(address, env.COMMET_API_KEY))
    await one?.('POST', '/api/v1/customers', { body: { email: 'a@example.com', id: 'user_1' } })
    const found = await two?.('GET', '/api/v1/customers/user_1')
    expect(found?.status).toBe(200)
    await Promise.all(servers.map(({ child }) => ended(child, 'SIGTERM')))
  } finally {
    await database.drop()
  }
})

test('keys are created, listed and revoked from the command line, beside a running server and without one', async () => {
  const keys = (...args: string[]) => start({}, 'apps/server/src/keys.ts', ...args)
  const running = await start()
  const created = await keys('create', '--environment', 'live', '--name', 'Backend')
  const [secret = ''] = /ck_live_\w+/.exec(created.printed) ?? []
  expect((await callerWith(running.address, secret)('GET', '/api/v1/customers')).status).toBe(200)
  await ended(running.child, 'SIGTERM')
  const listed = await keys('list', '--environment', 'live')
  expect(listed.printed).toContain('Backend')
  expect(listed.printed).not.toContain(secret)
  const [id = ''] = /key_\w+/.exec(listed.printed) ?? []
  expect((await keys('revoke', id)).code).toBe(0)
  expect((await keys('list', '--environment', 'live')).printed.trim()).toBe('')
  const wrong = await keys('create', '--environment', 'staging')
  expect([wrong.code, wrong.printed.trim()]).toEqual([
    1,
    '--environment must be sandbox or live, not staging.',
  ])
})
