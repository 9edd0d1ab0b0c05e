import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SDK_VERSION } from '../src/index.ts'
import { ok, startStub } from './stub-server.ts'

const packageFolder = join(import.meta.dirname, '..')
const repository = join(packageFolder, '../..')
const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
const program = new URL('./packed-consumer.mjs', import.meta.url)
const pages = ['README.md', 'REFERENCE.md']

test('the version is said once: source, manifest and changelog agree', () => {
  expect(SDK_VERSION).toBe(manifest.version)
  const changelog = readFileSync(join(packageFolder, 'CHANGELOG.md'), 'utf8')
  expect(changelog.match(/^## (.*)$/m)?.[1]).toBe(SDK_VERSION)
})

test('the package depends on nothing at run time', () => {
  expect(Object.keys(manifest).filter((field) => /dependencies/i.test(field))).toEqual([])
})

describe('the packed tarball', () => {
  const workplace = mkdtempSync(join(tmpdir(), 'commet-sdk-'))
  const consumer = join(workplace, 'consumer')
  const installed = join(consumer, 'node_modules/@commet/node')

  beforeAll(() => {
    const tarball = pack(workplace)
    mkdirSync(installed, { recursive: true })
    execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
    writeFileSync(join(consumer, 'package.json'), '{"type":"module"}')
    cpSync(program, join(consumer, 'main.mjs'))
  }, 120_000)
  afterAll(() => rmSync(workplace, { recursive: true, force: true }))

  /** Well below the client's own timeout: a timer left running would keep the process alive past it. */
  const runPacked = (node: string) =>
    execFileSync(node, ['main.mjs'], { cwd: consumer, encoding: 'utf8', env: {}, timeout: 20_000 })

  test('holds what is run and read, and no sources or tests', () => {
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1))
    expect(files).toEqual(expect.arrayContaining(['LICENSE', ...pages, 'CHANGELOG.md', 'package.json']))
    expect(files.filter((file) => !/^dist\/.*\.(js|d\.ts)$/.test(file)).length).toBe(5)
    for (const target of targetsOf([manifest.exports, manifest.imports])) {
      if (!target.includes('/src/')) expect(existsSync(join(installed, target)), target).toBe(true)
    }
  })

  test('runs on Node 20, and ends', ({ skip }) => {
    const node20 = findNode20()
    if (node20 === undefined && process.env.CI !== 'true')
      skip('no Node 20 found: set COMMET_NODE20 to its path')
    expect(node20, 'Node 20 must be on the machine of CI: set COMMET_NODE20 or PATH').toBeDefined()
    const output = runPacked(node20 ?? '')
    expect(output).toContain(`${SDK_VERSION} works on v20.`)
  })

  test('runs on the Node of these tests', () => {
    expect(runPacked(process.execPath)).toContain(process.version)
  })

  test('runs the quick start of the README as it stands', async () => {
    const [quickStart = ''] = blocksOf('README.md')
    writeFileSync(join(consumer, 'quick-start.ts'), quickStart)
    const stub = await startStub()
    stub.answer(ok({ id: 'cus_1', email: 'accounts@north.example' }))
    const env = { COMMET_BASE_URL: stub.url, COMMET_API_KEY: 'ck_sandbox_readme' }
    const { stdout } = await promisify(execFile)(process.execPath, ['quick-start.ts'], {
      cwd: consumer,
      env,
      timeout: 20_000,
    }).finally(() => stub.close())
    expect(stdout).toBe('cus_1\n')
    expect(stub.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /api/v1/customers',
      'PUT /api/v1/customers/user_42',
    ])
    expect(stub.requests[0]?.headers['x-api-key']).toBe('ck_sandbox_readme')
  })

  test('bundles for a browser without any Node module', () => {
    const reached = modulesReachedInBrowser(join(installed, 'dist/index.js'))
    expect(reached.files.length).toBeGreaterThan(5)
    expect(reached.outside).toEqual([])
  })

  test('type-checks in a strict TypeScript project, with DOM types or with Node types, and so do README and reference', () => {
    writeFileSync(join(consumer, 'main.ts'), consumerSource)
    writeFileSync(join(consumer, 'required.cts'), requiringSource)
    pages.flatMap(examplesOf).forEach((source, index) => {
      writeFileSync(join(consumer, `example-${index}.ts`), source)
    })
    typeCheck(consumer, { lib: ['es2022', 'dom'], types: [] }, ['main.ts', 'required.cts'])
    const typeRoots = [join(repository, 'node_modules/@types')]
    typeCheck(consumer, { lib: ['es2023'], types: ['node'], typeRoots, skipLibCheck: true }, [
      '*.ts',
      '*.cts',
    ])
  }, 60_000)
})

const consumerSource = `
import { Commet, CommetAPIError, CommetValidationError, type Customer, type ListPromise } from '@commet/node'
import { Webhooks } from '@commet/node/webhooks'

const commet = new Commet({ apiKey: 'ck_sandbox_1', fetch: (url, init) => fetch(url, init) })
new Commet({ apiKey: 'ck_sandbox_1', fetch })
new Commet({ auth: { session: true }, environment: 'live' })
// @ts-expect-error a session names its environment
new Commet({ auth: { session: true } })
// @ts-expect-error a client needs a key or a session
new Commet({})

export async function main(cursor: string | undefined): Promise<string[]> {
  const { data } = await commet.customers.create({ email: 'a@b.example', id: 'u', metadata: { a_b: [1] } })
  const country: string | undefined = data.address?.country
  // @ts-expect-error the e-mail address is required
  await commet.customers.create({ id: 'u' })
  // @ts-expect-error a customer must be named
  await commet.customers.update({ email: 'a@b.example' })
  // @ts-expect-error an e-mail address cannot be cleared
  await commet.customers.update({ id: 'u', email: null })
  await commet.customers.update({ customerId: 'u', address: null, fullName: undefined })
  const pending: ListPromise<Customer> = commet.customers.list({ cursor, createdAfter: new Date() })
  const { nextCursor, hasMore } = await pending
  const names: string[] = [country ?? '', nextCursor ?? '', String(hasMore)]
  for await (const customer of pending) names.push(customer.email)
  for await (const key of await commet.apiKeys.list()) names.push(key.prefix)
  return names
}

export function describeError(error: unknown): string {
  if (error instanceof CommetValidationError) return Object.keys(error.validationErrors).join() + error.statusCode.toFixed()
  return error instanceof CommetAPIError ? error.code : new Webhooks().verify({ payload: '', signature: null, secret: '' }).toString()
}
`

const requiringSource = `
import sdk = require('@commet/node')
export const commet: sdk.Commet = new sdk.Commet({ apiKey: 'ck_sandbox_1' })
`

/** Builds and packs a copy, so that neither the working tree nor another run is disturbed. */
function pack(workplace: string): string {
  const copy = join(workplace, 'repository/sdks/typescript')
  for (const name of ['src', 'package.json', 'tsconfig.build.json', ...pages, 'CHANGELOG.md', 'LICENSE']) {
    cpSync(join(packageFolder, name), join(copy, name), { recursive: true })
  }
  cpSync(join(repository, 'tsconfig.base.json'), join(workplace, 'repository/tsconfig.base.json'))
  symlinkSync(join(repository, 'node_modules'), join(workplace, 'repository/node_modules'))
  const { stdout, failed } = run('npm', ['pack', '--silent', '--pack-destination', workplace], copy)
  if (failed) throw new Error(stdout)
  return join(workplace, readdirSync(workplace).find((name) => name.endsWith('.tgz')) ?? 'no tarball')
}

function targetsOf(node: unknown): string[] {
  if (typeof node === 'string') return [node]
  return Object.values(node as object).flatMap(targetsOf)
}

function findNode20(): string | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'))
  return [process.env.COMMET_NODE20 ?? '', ...onPath].find((file) => existsSync(file) && isNode20(file))
}

function isNode20(file: string): boolean {
  const { stdout, failed } = run(file, ['--version'], tmpdir())
  return !failed && stdout.startsWith('v20.')
}

/** Follows imports as a bundler with the browser condition does. */
function modulesReachedInBrowser(entry: string): { files: string[]; outside: string[] } {
  const files = new Set([entry])
  const outside: string[] = []
  const root = join(dirname(entry), '..')
  for (const file of files) {
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\s(?:[^'"]*\sfrom\s)?\s*['"]([^'"]+)['"]/gm,
    )) {
      if (specifier.startsWith('.')) files.add(join(dirname(file), specifier))
      else if (specifier in manifest.imports)
        files.add(join(root, manifest.imports[specifier].browser.default))
      else outside.push(specifier)
    }
  }
  return { files: [...files], outside }
}

/** Each example as a module of its own; those that make no client get one. */
function examplesOf(page: string): string[] {
  const given =
    "import type { Commet as Client } from '@commet/node'\ndeclare const commet: Client\nexport {}\n"
  return blocksOf(page).map((source) => (source.includes('new Commet(') ? source : given + source))
}

function blocksOf(page: string): string[] {
  const text = readFileSync(join(packageFolder, page), 'utf8')
  const blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, source = '']) => source)
  if (blocks.length < 6) throw new Error(`${page} has lost its examples`)
  return blocks
}

function typeCheck(folder: string, options: object, include: readonly string[]): void {
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    ...options,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }))
  const { stdout } = run(
    process.execPath,
    [join(repository, 'node_modules/typescript/bin/tsc'), '-p', folder],
    folder,
  )
  expect(stdout).toBe('')
}

function run(file: string, args: readonly string[], cwd: string): { stdout: string; failed: boolean } {
  try {
    return {
      stdout: execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
      failed: false,
    }
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    return { stdout: `${stdout}${stderr}` || String(error), failed: true }
  }
}
