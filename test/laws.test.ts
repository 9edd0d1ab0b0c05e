import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { findBreaches, readSources } from '../scripts/laws.ts'

const root = path.resolve(import.meta.dirname, '..')
const run = promisify(execFile)

test('the house keeps its laws', async () => {
  expect(findBreaches(await readSources(root))).toEqual([])
})

const breaking: readonly (readonly [law: number, what: string, file: string, text: string])[] = [
  [1, 'the engine imports a package', 'packages/engine/src/x.ts', `import { z } from 'zod'`],
  [
    1,
    'the engine reads a clock',
    'packages/engine/src/x.ts',
    'export const now = () => Temporal.Now.instant()',
  ],
  [1, 'the engine uses Date', 'packages/engine/src/x.ts', 'export const now = () => new Date()'],
  [1, 'the engine rolls dice', 'packages/engine/src/x.ts', 'export const x = Math.random()'],
  [2, 'the contract imports more than zod', 'packages/contract/src/x.ts', `import pg from 'pg'`],
  [3, 'a module imports a module', 'apps/server/src/modules/a/x.ts', `import * as b from '../b/store.ts'`],
  [
    3,
    'a module re-exports a module',
    'apps/server/src/modules/a/x.ts',
    `export { get } from '../b/store.ts'`,
  ],
  [
    3,
    'a module imports a flow',
    'apps/server/src/modules/a/x.ts',
    `import { renew } from '../../flows/renew.ts'`,
  ],
  [
    4,
    'HTTP composes modules',
    'apps/server/src/http/x.ts',
    `import '../modules/a/x.ts'\nimport '../modules/b/x.ts'`,
  ],
  [4, 'the kernel knows a module', 'apps/server/src/kernel/x.ts', `import '../modules/a/x.ts'`],
  [5, 'a module opens connections', 'apps/server/src/modules/a/store.ts', `import pg from 'pg'`],
  [
    6,
    'a command holds SQL',
    'apps/server/src/modules/customers/commands.ts',
    'const q = `select 1 from customers`',
  ],
  [
    6,
    "a store writes another's table",
    'apps/server/src/modules/organizations/store.ts',
    'const q = `update customers set x = 1`',
  ],
  [
    7,
    'a command calls out',
    'apps/server/src/modules/a/commands.ts',
    `export const x = () => fetch('http://127.0.0.1')`,
  ],
  [7, 'a flow uses a provider', 'apps/server/src/flows/x.ts', `import '../providers/payments/stripe.ts'`],
  [
    8,
    'a module reads the environment',
    'apps/server/src/modules/a/x.ts',
    'export const x = process.env.PORT',
  ],
]

test.each(breaking)('law %i is broken when %s', (law, _what, file, text) => {
  expect(findBreaches(new Map([[file, text]])).map((breach) => breach.law)).toEqual([law])
})

test('law 9 is broken when an operation has no handler: the compiler says so', async () => {
  const file = path.join(root, 'apps/server/src/http/handlers.ts')
  const text = await readFile(file, 'utf8')
  const broken = text.replace(/^ {2}'customers\.get':.*$/m, '')
  expect(broken).not.toBe(text)
  const copy = path.join(root, 'apps/server/src/http/handlers-without-one.tmp.ts')
  const settings = path.join(root, 'tsconfig.law9.tmp.json')
  try {
    await writeFile(copy, broken)
    await writeFile(settings, JSON.stringify({ extends: './tsconfig.base.json', files: [copy] }))
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc')
    const outcome = await run(process.execPath, [compiler, '-p', settings]).catch(
      (error: { stdout: string }) => error,
    )
    expect(outcome.stdout).toMatch(/"customers\.get".* is missing/)
  } finally {
    await Promise.all([rm(copy, { force: true }), rm(settings, { force: true })])
  }
})

test('law 10 is broken when spec/ is not what gen writes', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'commet-spec-'))
  try {
    const gen = (...args: string[]) =>
      run(process.execPath, [
        '--conditions=commet-source',
        path.join(root, 'packages/codegen/src/main.ts'),
        ...args,
      ])
    await gen('--root', folder)
    await gen('--check', '--root', folder)
    const file = path.join(folder, 'spec/openapi.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('Create a customer', 'Make a customer'))
    const outcome = await gen('--check', '--root', folder).then(
      () => 'accepted',
      (error: { stderr: string }) => error.stderr,
    )
    expect(outcome).toContain('spec/openapi.json')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
