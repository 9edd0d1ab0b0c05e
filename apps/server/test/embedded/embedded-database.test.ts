import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { startEmbeddedDatabase } from '../../src/embedded/embedded-database.ts'
import { kill, startOwner } from './owner-process.ts'
import { isRoot, query, refusal, start, temporaryFolder } from './temporary-folder.ts'

describe('starting', () => {
  test('the first start makes a database with checksums that answers, and the next one finds its rows', async () => {
    const folder = path.join(temporaryFolder(), 'not/there/yet')
    const notices: string[] = []
    const first = await startEmbeddedDatabase({ dataFolder: folder, onNotice: (line) => notices.push(line) })
    await query(first.connection, 'create table kept (n int)')
    await query(first.connection, 'insert into kept values (42)')
    const names = ['data_checksums', 'fsync', 'full_page_writes', 'synchronous_commit', 'wal_level']
    const settings = names.map((name) => `current_setting('${name}') as ${name}`).join(', ')
    expect(await query(first.connection, `select ${settings}`)).toEqual([
      {
        data_checksums: 'on',
        fsync: 'on',
        full_page_writes: 'on',
        synchronous_commit: 'on',
        wal_level: 'replica',
      },
    ])
    await first.stop()
    expect(notices).toEqual([`Made a new database in ${folder}/postgres.`])

    expect(readdirSync(folder).sort()).toEqual([
      'postgres',
      'postgres.log',
      'postgres.password',
      'server.lock',
    ])

    const second = await start(folder)
    expect(await query(second.connection, 'select n from kept')).toEqual([{ n: 42 }])
  })

  test('letters of every script are folded and searched alike', async () => {
    const { connection } = await start(temporaryFolder())
    await query(connection, 'create extension pg_trgm')
    const [row] = await query(
      connection,
      `select lower('ŁÓDŹ ПРИВЕТ ΑΘΗΝΑ') as low, similarity('ПРИВЕТ', 'привет') as alike`,
    )
    expect(row).toEqual({ low: 'łódź привет αθηνα', alike: 1 })
  })

  test('settings given override the defaults', async () => {
    const { connection } = await start(temporaryFolder(), {
      settings: { fsync: 'off', max_connections: '7' },
    })
    expect(await query(connection, 'show max_connections')).toEqual([{ max_connections: '7' }])
    expect(await query(connection, 'show fsync')).toEqual([{ fsync: 'off' }])
  })

  test('nothing listens on the network, and only the owner can enter the folder', async () => {
    const folder = path.join(temporaryFolder(), 'data')
    const { connection } = await start(folder)
    expect(await query(connection, 'show listen_addresses')).toEqual([{ listen_addresses: '' }])
    expect(connection.host).toBe(path.join(folder, 'postgres'))
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(path.join(folder, 'postgres')).mode & 0o777).toBe(0o700)
  })

  test('on loopback it asks for the password that is kept in the data folder', async () => {
    const folder = temporaryFolder()
    const { connection } = await start(folder, { loopback: true })
    expect(connection.host).toBe('127.0.0.1')
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }])
    await expect(query({ ...connection, password: 'guessed' }, 'select 1')).rejects.toThrow(/password/)
    expect(statSync(path.join(folder, 'postgres.password')).mode & 0o777).toBe(0o600)
  })

  test('a path too long for a socket works', async () => {
    const folder = path.join(temporaryFolder(), 'long-'.repeat(15), 'longer-'.repeat(10))
    const { connection, stop } = await start(folder)
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(statSync(connection.host).mode & 0o777).toBe(0o700)
    await stop()
    expect(existsSync(connection.host)).toBe(false)
  })

  test('an interrupted first start leaves nothing that is trusted', async () => {
    const folder = temporaryFolder()
    const { child } = startOwner(folder)
    while (!readdirSync(folder).some((name) => name.startsWith('postgres.new-'))) await delay(5)
    await kill(child, 'SIGKILL')
    expect(existsSync(path.join(folder, 'postgres'))).toBe(false)

    const { connection } = await start(folder)
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(readdirSync(folder).filter((name) => name.startsWith('postgres.new-'))).toEqual([])
  })

  test('a log that has grown over 5 MB is set aside', async () => {
    const folder = temporaryFolder()
    writeFileSync(path.join(folder, 'postgres.log'), 'x'.repeat(6 * 1024 * 1024))
    await start(folder)
    expect(statSync(path.join(folder, 'postgres.log')).size).toBeLessThan(100_000)
    expect(statSync(path.join(folder, 'postgres.log.1')).size).toBe(6 * 1024 * 1024)
  })
})

describe('stopping', () => {
  test('stop ends the process, may be called twice, and is not a crash', async () => {
    const database = await start(temporaryFolder())
    let ended = false
    void database.ended.then(() => {
      ended = true
    })
    await Promise.all([database.stop(), database.stop()])
    await database.stop()
    expect(() => process.kill(database.processId, 0)).toThrow(/ESRCH/)
    expect(ended).toBe(false)
  })

  test('it does not share the process group that Ctrl-C reaches', async () => {
    if (process.platform !== 'linux') return
    const { processId } = await start(temporaryFolder())
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8')
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    expect(Number(group)).toBe(processId)
  })
})

describe('a start that is refused ends in one line', () => {
  test('a second server on the folder', async () => {
    const folder = temporaryFolder()
    const { connection } = await start(folder)
    const { problem, message } = await refusal(folder)
    expect(problem).toBe('occupied')
    expect(message).toBe(
      `Another Commet server (process ${process.pid}) is running on the data folder ${folder}: ` +
        'stop it first, or set COMMET_DATA_DIR to another folder.',
    )
    const other = await startOwner(folder).answer
    expect(other).toEqual({ problem: 'occupied', message })
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('of several starts at once exactly one wins', async () => {
    const folder = temporaryFolder()
    const owners = Array.from({ length: 4 }, () => startOwner(folder))
    const answers = await Promise.all(owners.map(({ answer }) => answer))
    expect(answers.filter(({ problem }) => problem === undefined)).toHaveLength(1)
    expect(answers.filter(({ problem }) => problem === 'occupied')).toHaveLength(3)
    await Promise.all(owners.map(({ child }) => kill(child, 'SIGTERM')))
  })

  test('a database of another major version', async () => {
    const folder = temporaryFolder()
    const database = await start(folder)
    await database.stop()
    writeFileSync(path.join(folder, 'postgres/PG_VERSION'), '17\n')
    const { problem, message } = await refusal(folder)
    expect(problem).toBe('wrong_version')
    expect(message).toMatch(
      /is of PostgreSQL 17 and this server runs PostgreSQL 18: start the Commet release/,
    )
  })

  test('a folder named postgres that holds no database', async () => {
    const folder = temporaryFolder()
    mkdirSync(path.join(folder, 'postgres'))
    expect((await refusal(folder)).message).toMatch(/holds no PostgreSQL database: move it away/)
  })

  test('a data folder that cannot be made', async () => {
    const file = path.join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    for (const folder of [path.join(file, 'data'), file, '/proc/data']) {
      const { problem, message } = await refusal(folder)
      expect(problem).toBe('unwritable')
      expect(message).toContain(`The data folder ${folder} cannot be used (`)
      expect(message).toContain('set COMMET_DATA_DIR to another folder')
    }
  })

  test.skipIf(isRoot)(
    'a data folder that this user may not write to (as root every folder is writable)',
    async () => {
      const folder = temporaryFolder()
      chmodSync(folder, 0o500)
      const { problem, message } = await refusal(folder)
      chmodSync(folder, 0o700)
      expect(problem).toBe('unwritable')
      expect(message).toContain('permission denied')
    },
  )

  test('settings PostgreSQL does not accept, and the folder is free again', async () => {
    const folder = temporaryFolder()
    const wrong = start(folder, { settings: { fsync: 'off', shared_buffers: 'plenty' } })
    await expect(wrong).rejects.toThrow(
      /did not start on .*invalid value for parameter "shared_buffers".*postgres.log/,
    )
    await start(folder)
  })
})
