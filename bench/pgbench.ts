import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { systemPostgres } from '@commet/testkit/postgres'
import type { BenchDatabase } from './database.ts'
import { floorParts, patternOf } from './parts.ts'
import { batchSize, type OperationName, type Sample } from './requests.ts'
import { searchTerms } from './search-terms.ts'

/** Sends the statements of the floor with pgbench: what PostgreSQL does when nobody has to speak HTTP or JSON. */

const run = promisify(execFile)

export type Pgbench = (operation: OperationName, seconds: number) => Promise<number>

/** Undefined where pgbench is not installed. */
export async function findPgbench(
  database: BenchDatabase,
  customers: number,
  samples: readonly Sample[],
): Promise<Pgbench | undefined> {
  const folder = await systemPostgres()
  if (folder === undefined) return undefined
  const { host, port, user, password, database: name } = database.connection
  const where = ['-h', String(host), '-p', String(port), '-U', String(user)]
  const env = { ...process.env, ...(typeof password === 'string' ? { PGPASSWORD: password } : {}) }
  return async (operation, seconds) => {
    const scripts = await mkdtemp(path.join(tmpdir(), 'commet-pgbench-'))
    const file = path.join(scripts, 'script.sql')
    await writeFile(file, scriptOf(operation, customers, samples))
    // A prepared search would be planned for no term in particular.
    const mode = operation === 'search' ? 'simple' : 'prepared'
    const options = ['-n', '-c', '16', '-j', '1', '-M', mode, '-T', String(seconds), '-f', file]
    const { stdout } = await run(path.join(folder, 'pgbench'), [...where, ...options, String(name)], { env })
    await rm(scripts, { recursive: true, force: true })
    return Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
  }
}

function scriptOf(operation: OperationName, customers: number, samples: readonly Sample[]): string {
  const values = expressions(operation, samples)
  const text = (floorParts()[operation] ?? '').replaceAll(
    /\$(\d)/g,
    (_, place) => `(${values[Number(place) - 1]})`,
  )
  return [
    `\\set n random(1, ${customers})`,
    '\\set fresh random(1, 1000000000000)',
    `\\set term random(1, ${searched})`,
    text,
  ].join('\n')
}

const searched = 200

function expressions(operation: OperationName, samples: readonly Sample[]): readonly string[] {
  const fresh = `(:fresh)::bigint`
  const text = (prefix: string) => `'${prefix}' || ${fresh}`
  const searchText = `e'\\nada lovelace\\nnew.' || ${fresh} || e'@example.com\\nnew_' || ${fresh} || e'\\nlo\\nex\\nco\\ncus_new_' || ${fresh}`
  const known = `'user_' || (:n)::int`
  switch (operation) {
    case 'get':
      return [`'cus_01k' || lpad(to_hex((:n)::int), 8, '0') || left(md5((:n)::int::text), 15)`]
    case 'list':
      return []
    case 'search': {
      const patterns = searchTerms(samples, searched).map(
        ({ term }) => `e'${patternOf(term).replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}'`,
      )
      return [`(array[${patterns.join(',')}])[:term]`]
    }
    case 'replay':
      return [`'replayed7'`]
    case 'create':
      return [
        text('cus_new_'),
        text('new_'),
        text('new.'),
        `'Ada Lovelace'`,
        `'{"plan":"team","seats":12}'::jsonb`,
        searchText,
        'now()',
      ]
    case 'recreate':
      return [text('cus_new_'), known, `'a@example.com'`, searchText, 'now()']
    case 'batch':
      return [
        `select json_agg(json_build_object('id', 'cus_new_' || ${fresh} || '_' || i, 'external_id', 'new_' || ${fresh} || '_' || i,
           'email', 'new.' || ${fresh} || '@example.com', 'full_name', 'Ada Lovelace', 'metadata', '{"plan":"team","seats":12}'::jsonb,
           'search_text', ${searchText} || i)) from generate_series(1, ${batchSize}) as i`,
        'now()',
      ]
  }
}
