import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { kill, running, startOwner } from './owner-process.ts'
import { afterTest, query, start, temporaryFolder } from './temporary-folder.ts'

describe('after kill -9 of the server', () => {
  test('the next start finds the orphan, stops it and has its rows', async () => {
    const folder = temporaryFolder()
    const { child, answer } = startOwner(folder)
    const { connection, processId } = running(await answer)
    await query(connection, 'create table kept (n int)')
    await query(connection, 'insert into kept select generate_series(1, 1000)')
    await kill(child, 'SIGKILL')
    expect(process.kill(processId, 0)).toBe(true)

    const notices: string[] = []
    const database = await start(folder, { onNotice: (line) => notices.push(line) })
    expect(notices).toEqual([`Stopped PostgreSQL (process ${processId}), left behind by a killed server.`])
    expect(database.processId).not.toBe(processId)
    expect(await query(database.connection, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  })

  test('the next start is not fooled by a dead postmaster whose id another program has now', async () => {
    const folder = temporaryFolder()
    await (await start(folder)).stop()
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    afterTest(() => kill(child, 'SIGKILL'))
    const lines = [child.pid, path.join(folder, 'postgres'), 1, 5432, '.', '', ' 1 1', 'ready', '']
    writeFileSync(path.join(folder, 'postgres/postmaster.pid'), lines.join('\n'), { mode: 0o600 })

    const { connection } = await start(folder)
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(child.exitCode).toBe(null)
  })

  test('a long statement of a killed postmaster does not hold up the next start', async () => {
    const folder = temporaryFolder()
    const { child, answer } = startOwner(folder)
    const { connection, processId } = running(await answer)
    const busy = new pg.Client({ ...connection })
    busy.on('error', () => {}) // Its backend is killed: that is the point.
    await busy.connect()
    const lost = expect(busy.query('select count(*) from generate_series(1, 1000000000)')).rejects.toThrow()
    await kill(child, 'SIGKILL')
    process.kill(processId, 'SIGKILL')

    const database = await start(folder)
    expect(await query(database.connection, 'select 1 as one')).toEqual([{ one: 1 }])
    await lost
  })
})

describe('after kill -9 of PostgreSQL', () => {
  test('ended says so, and the folder is free', async () => {
    const folder = temporaryFolder()
    const database = await start(folder)
    process.kill(database.processId, 'SIGKILL')
    expect(await database.ended).toBe('PostgreSQL ended by itself (signal SIGKILL)')
    await start(folder)
  })

  test('with restartOnCrash it comes back at the same place with every acknowledged row', async () => {
    const notices: string[] = []
    const database = await start(temporaryFolder(), {
      settings: {},
      restartOnCrash: true,
      onNotice: (line) => notices.push(line),
    })
    await query(database.connection, 'create table kept (n int)')
    let written = 0
    for (let round = 0; round < 3; round++) {
      written += await writeUntilKilled(database, written)
      const found = await untilItAnswers(() =>
        query(database.connection, 'select count(*)::int as n from kept'),
      )
      // One more may have been committed whose answer was lost.
      expect(Number(found[0]?.n) - written).toBeOneOf([0, 1])
      written = Number(found[0]?.n)
    }
    const told = notices.filter((line) => line.includes('signal SIGKILL'))
    expect(told).toHaveLength(3)
    await database.stop()
  })

  test('it gives up after too many crashes, and says why', async () => {
    const database = await start(temporaryFolder(), { restartOnCrash: true })
    let reason: string | undefined
    void database.ended.then((why) => {
      reason = why
    })
    while (reason === undefined) {
      await untilItAnswers(async () => reason ?? (await query(database.connection, 'select 1')))
      if (reason === undefined) killIfThere(database.processId)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(reason).toBe('PostgreSQL crashed 6 times in a minute (signal SIGKILL)')
  })

  test('stop while it is being started again ends it for good', async () => {
    const folder = temporaryFolder()
    const database = await start(folder, { restartOnCrash: true })
    process.kill(database.processId, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 130))
    await database.stop()
    await start(folder)
  })
})

/** The one that answered may be gone by now: killed by the round before, whose end is told a moment later. */
function killIfThere(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

async function writeUntilKilled(
  database: { readonly processId: number; readonly connection: pg.ClientConfig },
  from: number,
): Promise<number> {
  const client = new pg.Client({ ...database.connection })
  client.on('error', () => {}) // The connection breaks: that is the point.
  await client.connect()
  let acknowledged = 0
  try {
    for (;;) {
      await client.query('insert into kept values ($1)', [from + acknowledged])
      acknowledged += 1
      if (acknowledged === 200) process.kill(database.processId, 'SIGKILL')
    }
  } catch {
    return acknowledged
  }
}

/** Bounded by the test's own time. */
async function untilItAnswers<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
