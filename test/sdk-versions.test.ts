import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ownVersion, places, setVersion, versionsIn } from '../scripts/versions.ts'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string, folder = root) => readFile(path.join(folder, file), 'utf8')
const sdks = (await readdir(path.join(root, 'sdks'), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `sdks/${name}`)

test.each(places)('$file says the version of the project', async (place) => {
  const told = versionsIn(await read(place.file), place)
  expect([...new Set(told)]).toEqual([await ownVersion(root)])
})

test('no client library and no workspace is left out', async () => {
  const workspaces = (await Promise.all(['apps', 'packages'].map(foldersIn))).flat()
  const known = places.map(({ file }) => file.split('/').slice(0, 2).join('/'))
  expect(known).toEqual(expect.arrayContaining([...sdks, ...workspaces]))
})

async function foldersIn(folder: string): Promise<readonly string[]> {
  return (await readdir(path.join(root, folder))).map((name) => `${folder}/${name}`)
}

test.each(['.', ...sdks])(
  '%s tells what is new in this version, and under which licence it is',
  async (folder) => {
    const [, newest] = /^## (\S+)/m.exec(await read(`${folder}/CHANGELOG.md`)) ?? []
    expect(newest).toBe(await ownVersion(root))
    expect(await read(`${folder}/LICENSE`)).toBe(await read('LICENSE'))
  },
)

test.each([
  ['sdks/typescript/package.json', '"license": "MIT"'],
  ['sdks/python/pyproject.toml', 'license = "MIT"'],
  ['sdks/java/pom.xml', '<name>MIT</name>'],
  ['sdks/php/composer.json', '"license": "MIT"'],
])('%s names the licence', async (file, licence) => {
  expect(await read(file)).toContain(licence)
})

test('the build of the Python library reads the version, and does not repeat it', async () => {
  const project = await read('sdks/python/pyproject.toml')
  expect(project).toContain('path = "src/commet/_version.py"')
  expect(project).not.toMatch(/^version\s*=/m)
})

test('a tag tells the version of the PHP library, so composer.json does not', async () => {
  expect(JSON.parse(await read('sdks/php/composer.json'))).not.toHaveProperty('version')
})

test('setting a version changes every place, and nothing else', async () => {
  const copy = await mkdtemp(path.join(tmpdir(), 'commet-versions-'))
  try {
    for (const { file } of places) {
      await mkdir(path.dirname(path.join(copy, file)), { recursive: true })
      await cp(path.join(root, file), path.join(copy, file))
    }
    await setVersion(copy, '97.86.75')
    for (const place of places) {
      const [before, after] = await Promise.all([read(place.file), read(place.file, copy)])
      expect(after).not.toBe(before)
      expect(after.replaceAll('97.86.75', await ownVersion(root))).toBe(before)
    }
    await expect(setVersion(copy, '1.0.0-beta.1')).rejects.toThrow('three numbers')
    expect(await ownVersion(copy)).toBe('97.86.75')
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
})
