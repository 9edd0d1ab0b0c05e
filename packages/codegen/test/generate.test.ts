import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { generate } from '../src/generate.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const run = promisify(execFile)

test('what is committed is what the contract says', async () => {
  for (const [name, text] of generate()) {
    expect(await readFile(path.join(root, name), 'utf8'), `${name}: run npm run gen`).toBe(text)
  }
})

test('two runs write the same bytes', () => {
  expect([...generate()]).toEqual([...generate()])
})

test('the documentation of Go says things by their names in Go', () => {
  const documented = generate().get('sdks/go/customers.go')?.replaceAll('\n// ', ' ') ?? ''
  expect(documented).toContain('NullFields clears FullName, TaxDocument, Address and ExternalID')
  expect(documented).toContain('reported in Failed with their index')
  expect(documented).toContain('The new user ID; NullFields removes it.')
})

test('both descriptions in spec/ say first that they are written, and the document stays valid OpenAPI', async () => {
  const parse = (name: string) => JSON.parse(generate().get(name) ?? '')
  const document = parse('spec/openapi.json')
  expect(Object.keys(document).slice(0, 2)).toEqual(['openapi', 'x-generated'])
  expect(document['x-generated']).toBe(parse('spec/sdk.json').notice)
  expect(document['x-generated']).toContain('Do not edit.')
  expect(await new Validator().validate(document)).toMatchObject({ valid: true })
})

test('--check names the file that differs, and the one that is left over, and ends with 1', async () => {
  const folder = await copyOfProject()
  try {
    await writeFile(path.join(folder, 'spec/openapi.json'), '{}\n')
    await leaveOver(folder)
    await expect(gen(folder, '--check')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^spec\/openapi\.json differs[\s\S]*\nsdks\/go\/plans\.go is left over: the contract no longer has it\.\n/,
      ),
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a file of an operation that is gone is removed, and one written by hand beside it is not', async () => {
  const folder = await copyOfProject()
  try {
    await leaveOver(folder)
    await gen(folder)
    expect(await readdir(path.join(folder, 'sdks/go'))).toEqual(
      expect.arrayContaining(['customers.go', 'errors.go']),
    )
    await expect(readFile(path.join(folder, 'sdks/go/plans.go'))).rejects.toThrow('ENOENT')
    expect((await gen(folder, '--check')).stdout).toBe('Generated files are up to date.\n')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

async function leaveOver(folder: string): Promise<void> {
  const customers = generate().get('sdks/go/customers.go') ?? ''
  await mkdir(path.join(folder, 'sdks/go'), { recursive: true })
  await writeFile(path.join(folder, 'sdks/go/plans.go'), customers)
  await cp(path.join(root, 'sdks/go/errors.go'), path.join(folder, 'sdks/go/errors.go'))
}

function gen(folder: string, ...args: readonly string[]) {
  return run(process.execPath, ['packages/codegen/src/main.ts', ...args], { cwd: folder })
}

async function copyOfProject(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'commet-gen-'))
  await cp(path.join(root, 'packages'), path.join(folder, 'packages'), { recursive: true })
  await cp(path.join(root, 'spec/sdk.json'), path.join(folder, 'spec/sdk.json'))
  await mkdir(path.join(folder, 'node_modules/@commet'), { recursive: true })
  await symlink(path.join(root, 'node_modules/zod'), path.join(folder, 'node_modules/zod'))
  await symlink('../../packages/contract', path.join(folder, 'node_modules/@commet/contract'))
  return folder
}
