import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { ConnectionSettings } from '../kernel/db.ts'
import { StartRefused } from '../start-refused.ts'

/**
 * Copies all rows from one migrated database into another that is empty, in one transaction there: all of it arrives, or
 * nothing does.
 */

export type MovedTable = { readonly name: string; readonly rows: number }

export async function moveData(
  source: ConnectionSettings,
  target: ConnectionSettings,
): Promise<readonly MovedTable[]> {
  return withClient(source, (from) =>
    withClient(target, async (to) => {
      await from.query('begin isolation level repeatable read read only')
      await to.query('begin')
      await assertEmpty(to)
      await makeAuditMonths(from, to)
      const moved: MovedTable[] = []
      for (const name of await tablesOf(from)) moved.push(await moveTable(from, to, name))
      await continueSequences(from, to)
      await to.query('commit')
      return moved
    }),
  )
}

/** Whether a database holds data of ours, or tables of somebody else under our name. */
export async function holdsData(settings: ConnectionSettings): Promise<boolean> {
  return withClient(settings, async (client) => {
    const { rows } = await client.query(`select from pg_tables where schemaname = 'commet' limit 1`)
    return rows.length > 0 && (await client.query('select from commet.organizations limit 1')).rows.length > 0
  })
}

async function withClient<T>(
  settings: ConnectionSettings,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ ...settings, application_name: 'commet move' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(`set search_path = commet, pg_temp; set timezone = 'UTC'`)
    return await work(client)
  } finally {
    await client.end()
  }
}

async function assertEmpty(to: pg.Client): Promise<void> {
  for (const name of await tablesOf(to)) {
    const { rows } = await to.query(`select from ${name} limit 1`)
    if (rows.length > 0) throw notEmpty()
  }
}

export function notEmpty(): StartRefused {
  return new StartRefused(
    'The database of the given address holds data of Commet already; nothing was changed. Give an empty one, made with createdb.',
  )
}

/** Our tables: each behind those that it refers to, partitions left to their parents. */
async function tablesOf(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `with recursive tables as (
       select c.oid, case nspname when 'commet' then relname::text else nspname || '.' || relname end as name
       from pg_class c join pg_namespace n on n.oid = relnamespace
       where nspname in ('commet', 'commet_auth') and relkind in ('r', 'p') and not relispartition
         and relname <> 'migrations'
     ), depths (oid, depth) as (
       select oid, 0 from tables
       union
       select conrelid, depth + 1 from depths
       join pg_constraint on contype = 'f' and confrelid = depths.oid and conrelid <> confrelid
       where depth < (select count(*) from tables)
     )
     select name from tables join depths using (oid) group by name order by max(depth), name`,
  )
  return rows.map(({ name }) => name)
}

async function makeAuditMonths(from: pg.Client, to: pg.Client): Promise<void> {
  const { rows } = await from.query<{ month: string }>(
    `select to_date(right(relname, 7), 'YYYY_MM')::text as month from pg_class
     where relnamespace = 'commet'::regnamespace and relname ~ '^audit_entries_\\d{4}_\\d{2}$' and relkind = 'r'`,
  )
  for (const { month } of rows) await to.query('select prepare_audit_month($1)', [month])
}

async function moveTable(from: pg.Client, to: pg.Client, name: string): Promise<MovedTable> {
  const columns = await columnsOf(from, name)
  const picked = columns.map((column) => (isTransaction(column) ? `${orderedBefore} as ${column}` : column))
  const reading = from.query(copyTo(`copy (select ${picked.join(', ')} from ${name}) to stdout`))
  const writing = to.query(copyFrom(`copy ${name} (${columns.join(', ')}) from stdin`))
  await pipeline(reading, writing)
  const [before, after] = [await countOf(from, name), await countOf(to, name)]
  if (before !== after)
    throw new StartRefused(`${name}: ${before} rows here, ${after} there. Nothing was kept.`)
  return { name, rows: after }
}

/**
 * Events sort by the transaction that wrote them, and transactions of another PostgreSQL count from elsewhere. Moved events
 * come before all that the new one will write; among themselves they keep the order of their numbers.
 */
const orderedBefore = `'3'::xid8`

function isTransaction(column: string): boolean {
  return column === 'transaction_id'
}

async function columnsOf(client: pg.Client, name: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [name],
  )
  return rows.map((row) => row.name)
}

async function countOf(client: pg.Client, name: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`select count(*) from ${name}`)
  return Number(rows[0]?.count)
}

/** Numbers go on where they were, also where the newest rows have been forgotten since. */
async function continueSequences(from: pg.Client, to: pg.Client): Promise<void> {
  const { rows } = await from.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relkind = 'S' and relnamespace::regnamespace::text in ('commet', 'commet_auth')`,
  )
  for (const { name } of rows) {
    const { rows: states } = await from.query<{ last_value: string; is_called: boolean }>(
      `select last_value, is_called from ${name}`,
    )
    const [state] = states
    await to.query('select setval($1::regclass, $2, $3)', [name, state?.last_value, state?.is_called])
  }
}
