import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

/** The container files cannot be built everywhere: what matters in them is read. */

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '..')
const read = (name: string) => readFile(path.join(root, name), 'utf8')

type Service = {
  readonly image?: string
  readonly build?: string
  readonly environment: Readonly<Record<string, string>>
  readonly volumes: readonly string[]
  readonly ports?: readonly string[]
  readonly restart: string
}

async function compose(): Promise<Readonly<Record<string, Service>>> {
  return parse(await read('compose.yaml')).services
}

/** Instructions of the Dockerfile, continued lines joined. */
async function instructions(): Promise<readonly (readonly [name: string, rest: string])[]> {
  const text = (await read('Dockerfile')).replaceAll(/\\\n\s*/g, '')
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', ...rest] = line.split(' ')
      return [name, rest.join(' ')] as const
    })
}

test('the image knows only instructions of Docker, is based on the pinned Node, and never on latest', async () => {
  const known = [
    'FROM',
    'WORKDIR',
    'COPY',
    'RUN',
    'ENV',
    'USER',
    'VOLUME',
    'EXPOSE',
    'STOPSIGNAL',
    'HEALTHCHECK',
    'CMD',
  ]
  const all = await instructions()
  expect(all.map(([name]) => name).filter((name) => !known.includes(name))).toEqual([])
  const { devDependencies } = JSON.parse(await read('package.json'))
  const bases = all.filter(([name]) => name === 'FROM').map(([, rest]) => rest)
  expect(bases).toHaveLength(2)
  for (const base of bases)
    expect(base).toMatch(new RegExp(`^node:${devDependencies.node}-bookworm-slim( AS \\w+)?$`))
})

test('the image runs as an ordinary user, answers for its health, and keeps no package that only developers need', async () => {
  const all = await instructions()
  const user = all.findLastIndex(([name]) => name === 'USER')
  expect(all[user]?.[1]).toBe('node')
  expect(all.slice(user).map(([name]) => name)).not.toContain('RUN')
  expect(all.find(([name]) => name === 'HEALTHCHECK')?.[1]).toContain('/health')
  expect(all.find(([, rest]) => rest.startsWith('npm ci'))?.[1]).toContain('--omit=dev')
  const command = JSON.parse(all.find(([name]) => name === 'CMD')?.[1] ?? '[]') as readonly string[]
  await expect(read(command.at(-1) ?? '')).resolves.toContain('startServer')
})

test('what the server needs is in the image, and no secret or history of a developer is', async () => {
  const ignored = (await read('.dockerignore')).trim().split('\n')
  expect(ignored).toEqual(expect.arrayContaining(['.git', '.commet', '**/node_modules', '.env*']))
  for (const needed of ['apps', 'packages', 'sdks/typescript', 'package-lock.json', 'scripts', 'spec'])
    expect(ignored).not.toContain(needed)
})

test('two services: the server and a PostgreSQL of a version we support', async () => {
  const services = await compose()
  expect(Object.keys(services)).toEqual(['server', 'postgres'])
  expect(services.server?.build).toBe('.')
  expect(Number(/^postgres:(\d+)/.exec(services.postgres?.image ?? '')?.[1])).toBeGreaterThanOrEqual(15)
  for (const service of Object.values(services)) expect(service.restart).toBe('unless-stopped')
})

test('nothing but the server is reachable, from this machine alone, and secrets come from outside', async () => {
  const services = await compose()
  expect(services.server?.ports).toEqual(['127.0.0.1:3000:3000'])
  expect(services.postgres?.ports).toBeUndefined()
  for (const { environment } of Object.values(services)) {
    for (const [name, value] of Object.entries(environment))
      if (/PASSWORD|SECRET|TOKEN|KEY|URL/.test(name))
        expect([name, value]).toEqual([name, expect.stringContaining('${')])
  }
})

test('every setting that the compose file gives is one', async () => {
  const config = await read('apps/server/src/config.ts')
  const { environment } = (await compose()).server ?? { environment: {} }
  for (const name of Object.keys(environment)) expect(config).toContain(`\n  ${name}: `)
})

test('the commands of operators work in the image, where nothing can be installed', async () => {
  const all = await instructions()
  expect(all.find(([, rest]) => rest.includes('COMMET_INSTALLED=1'))?.[0]).toBe('ENV')
  const folder = await mkdtemp(path.join(tmpdir(), 'commet-image-'))
  try {
    await mkdir(path.join(folder, 'scripts'))
    await cp(path.join(root, 'scripts/run.mjs'), path.join(folder, 'scripts/run.mjs'))
    await writeFile(
      path.join(folder, 'command.ts'),
      'const said: string = process.argv[2]\nconsole.log(said)',
    )
    const env = { ...process.env, COMMET_INSTALLED: '1' }
    const asked = run(process.execPath, ['scripts/run.mjs', 'command.ts', 'done'], { cwd: folder, env })
    expect((await asked).stdout).toBe('done\n')
    expect((await readdir(folder)).toSorted()).toEqual(['command.ts', 'scripts'])
  } finally {
    await rm(folder, { recursive: true })
  }
})
