import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LiveServer, startLiveServer } from '../scripts/live-server.ts'

const root = path.resolve(import.meta.dirname, '..')
const run = promisify(execFile)

let server: LiveServer
beforeAll(async () => {
  server = await startLiveServer()
})
afterAll(() => server.stop())

async function examples(language: string): Promise<readonly string[]> {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8')
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code = '']) => code,
  )
}

test('the curl of the README creates a customer', async () => {
  const curl = (await examples('sh')).find((code) => code.startsWith('curl')) ?? ''
  const here = curl
    .replace('curl', 'curl -s')
    .replace('http://127.0.0.1:3000', server.address)
    .replace('.commet/sandbox.key', path.join(server.dataFolder, 'sandbox.key'))
  const { stdout } = await run('bash', ['-c', here])
  expect(JSON.parse(stdout)).toMatchObject({ data: { externalId: 'user_42', fullName: 'Ada Lovelace' } })
})

test('the TypeScript of the README runs as it stands', async () => {
  const [code = ''] = await examples('ts')
  const file = path.join(root, 'test', `readme-${process.pid}.tmp.ts`)
  await writeFile(file, code)
  try {
    const env = { ...process.env, COMMET_BASE_URL: server.address, COMMET_API_KEY: server.apiKey }
    const { stdout } = await run(process.execPath, ['--conditions=commet-source', file], { env })
    expect(stdout).toContain('ada@example.com')
  } finally {
    await rm(file, { force: true })
  }
})

test('every setting of the README is a setting, and the other way round', async () => {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8')
  const table = /## Settings([\s\S]*?)## Map/.exec(readme)?.[1] ?? ''
  const told = [...table.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name)
  const config = await readFile(path.join(root, 'apps/server/src/config.ts'), 'utf8')
  const known = [...config.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name)
  expect(new Set(told)).toEqual(new Set(known))
})

test('links between the papers lead somewhere', async () => {
  for (const name of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md']) {
    const text = await readFile(path.join(root, name), 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\(([^)#:]+)\)/g)) {
      await expect(readFile(path.join(root, target)), `${name} → ${target}`).resolves.toBeDefined()
    }
  }
})

test('no lock file names the host of a registry', async () => {
  expect(await readFile(path.join(root, 'package-lock.json'), 'utf8')).not.toMatch(/registry\.|npmjs|tarball/)
})
