import { prepareDatabase } from '@commet/server/db/prepare'
import {
  createTestDatabase,
  startTestServer,
  type TestDatabase,
  type TestServer,
  testSecret,
} from '@commet/testkit'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/**
 * Logged in as the roles that the server works as. The tables are read from the catalogue: one that is added without a
 * policy, without the environment leading its key or with too many rights fails here.
 */

let server: TestServer
let database: TestDatabase
let app: pg.Client
let worker: pg.Client
let mine: string
let theirs: string
let tables: readonly Table[]

type Table = { readonly name: string; readonly hasEnvironment: boolean; readonly key: readonly string[] }

beforeAll(async () => {
  database = await createTestDatabase()
  server = await startTestServer({ database })
  const [first, second] = [await server.organization(), await server.organization()]
  for (const { sandbox } of [first, second]) {
    await sandbox.call('POST', '/api/v1/customers', {
      body: { email: 'same@example.com', id: 'same', metadata: { plan: 'same' } },
      headers: { 'idempotency-key': 'same' },
    })
  }
  for (const organization of [first, second]) {
    const person = await server.person(organization)
    await person.live('POST', '/api/v1/invitations', {
      body: { email: 'new@example.com', role: 'member' },
    })
    await person.sandbox('POST', '/api/v1/imports?fileName=same.csv', {
      body: 'email\nsame@example.com\n',
      headers: { 'content-type': 'text/csv' },
    })
  }
  mine = first.sandbox.id
  theirs = second.sandbox.id
  const logins = await prepareDatabase({ connectionString: database.url }, testSecret)
  app = await logIn(logins.app)
  worker = await logIn(logins.worker)
  tables = await readTables()
})

afterAll(async () => {
  await app.end()
  await worker.end()
  await server.stop()
  await database.drop()
})

async function logIn(settings: object): Promise<pg.Client> {
  const client = new pg.Client({ ...settings, options: '-c search_path=commet,pg_temp' })
  await client.connect()
  return client
}

function readTables(): Promise<Table[]> {
  return database.owner<Table>(
    `select c.relname as name,
       exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'environment_id') as "hasEnvironment",
       coalesce((
         select array_agg(a.attname::text order by k.place)
         from pg_index i, unnest(i.indkey) with ordinality as k (number, place), pg_attribute a
         where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid and a.attnum = k.number
       ), '{}') as key
     from pg_class c where c.relnamespace = 'commet'::regnamespace and c.relkind in ('r', 'p') order by 1`,
  )
}

/** Runs statements in a transaction that has entered an environment, and takes them back. */
async function inside<T>(
  environmentId: string | undefined,
  work: () => Promise<T>,
  client = app,
): Promise<T> {
  await client.query('begin')
  try {
    if (environmentId !== undefined) {
      await client.query(`select set_config('commet.environment_id', $1, true)`, [environmentId])
    }
    return await work()
  } finally {
    await client.query('rollback')
  }
}

/** The rows of a table that a role sees; none where it may not even ask. */
async function visible(table: string, client = app): Promise<readonly Record<string, unknown>[]> {
  try {
    return (await client.query(`select * from commet.${table}`)).rows
  } catch (error) {
    expect((error as pg.DatabaseError).code).toBe('42501')
    return []
  }
}

const environments = async (rows: readonly Record<string, unknown>[]) =>
  new Set(rows.map(({ environment_id }) => environment_id))

describe('every table', () => {
  test('is known to this test, and there are some', () => {
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'api_keys',
        'audit_entries',
        'customers',
        'environments',
        'events',
        'organizations',
      ]),
    )
  })

  test('that belongs to tenants leads its primary key with the environment', () => {
    const wrong = tables.filter(({ hasEnvironment, key }) => hasEnvironment && key[0] !== 'environment_id')
    expect(wrong).toEqual([])
    const without = tables.filter(({ hasEnvironment }) => !hasEnvironment).map(({ name }) => name)
    expect(without).toEqual(['environments', 'invitations', 'members', 'migrations', 'organizations'])
  })

  test('that belongs to tenants leads every unique index and every list index with the environment', async () => {
    const indexes = await database.owner<{ name: string; first: string }>(
      `select i.indexrelid::regclass::text as name, a.attname::text as first
       from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       where i.indrelid::regclass::text = any ($1) and a.attname <> 'environment_id'`,
      [tables.filter(({ hasEnvironment }) => hasEnvironment).map(({ name }) => name)],
    )
    // The look-up of a key comes before its environment is known, and the purge works across all of them.
    expect(indexes.map(({ name }) => name).toSorted()).toEqual([
      'api_keys_secret_hash_key',
      'customer_deletions_due',
      'events_recorded',
      'idempotency_keys_oldest',
      'imports_due',
    ])
  })

  test('has row-level security, partitions included', async () => {
    const open = await database.owner<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'commet'::regnamespace
       and relkind in ('r', 'p') and not relrowsecurity`,
    )
    expect(open.map(({ name }) => name)).toEqual(['migrations'])
  })

  test('shows nothing to a transaction that has entered no environment', async () => {
    for (const { name } of tables) {
      await inside(undefined, async () => expect([name, (await visible(name)).length]).toEqual([name, 0]))
      await inside('', async () => expect([name, (await visible(name)).length]).toEqual([name, 0]))
    }
  })

  test('shows the rows of the environment that was entered and no others', async () => {
    for (const { name, hasEnvironment } of tables.filter((table) => table.hasEnvironment)) {
      expect(hasEnvironment).toBe(true)
      const rows = await inside(mine, () => visible(name))
      expect([name, [...(await environments(rows))].filter((id) => id !== mine)]).toEqual([name, []])
    }
    const ones = ['customers', 'events', 'idempotency_keys', 'api_keys', 'imports', 'import_chunks']
    for (const [name, many] of [...ones.map((one) => [one, 1] as const), ['audit_entries', 2] as const]) {
      expect([name, (await inside(mine, () => visible(name))).length]).toEqual([name, many])
    }
    const [environment, ...others] = await inside(mine, () => visible('environments'))
    expect([environment?.id, others]).toEqual([mine, []])
    expect(await inside(mine, () => visible('organizations'))).toHaveLength(1)
  })

  test('shows nothing at all to the worker', async () => {
    for (const { name } of tables) {
      await inside(mine, async () => expect([name, await visible(name, worker)]).toEqual([name, []]), worker)
    }
  })

  test('takes no row for another environment', async () => {
    for (const { name } of tables.filter((table) => table.hasEnvironment)) {
      const outcome = await inside(mine, () => copyRow(name))
      expect([name, outcome]).toEqual([name, '42501'])
    }
  })

  /** Writes a row of the other environment as it stands there, and answers the code of the refusal. */
  async function copyRow(table: string): Promise<string | undefined> {
    const columns = await database.owner<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0
       and not attisdropped and attidentity = ''`,
      [table],
    )
    const names = columns.map(({ name }) => name).join(', ')
    const sample = JSON.stringify({
      ...(await database.owner(`select * from ${table} where environment_id = $1 limit 1`, [theirs]))[0],
      environment_id: theirs,
    })
    return app
      .query(
        `insert into ${table} (${names}) select ${names} from jsonb_populate_record(null::${table}, $1)`,
        [sample],
      )
      .then(() => undefined)
      .catch((error: pg.DatabaseError) => error.code)
  }

  test('can neither be changed nor emptied in another environment, nor in none', async () => {
    for (const entered of [mine, undefined]) {
      for (const { name } of tables.filter((table) => table.hasEnvironment)) {
        for (const statement of [
          `update ${name} set environment_id = environment_id where environment_id = $1`,
          `delete from ${name} where environment_id = $1`,
        ]) {
          const changed = await inside(entered, () =>
            app.query(statement, [theirs]).then(
              ({ rowCount }) => rowCount,
              (error: pg.DatabaseError) => error.code,
            ),
          )
          expect([name, [0, '42501'].includes(changed ?? 0)]).toEqual([name, true])
        }
      }
    }
  })

  test('keeps its rows where they are: no row moves into another environment', async () => {
    for (const name of ['customers', 'api_keys']) {
      const moved = inside(mine, () => app.query(`update ${name} set environment_id = $1`, [theirs]))
      await expect(moved).rejects.toMatchObject({ code: '42501' })
    }
  })

  test('events and audit are only added to', async () => {
    for (const name of ['events', 'audit_entries', 'idempotency_keys']) {
      for (const statement of [`delete from ${name}`, `update ${name} set environment_id = environment_id`]) {
        await expect(inside(mine, () => app.query(statement))).rejects.toMatchObject({ code: '42501' })
      }
    }
  })
})

describe('the roles', () => {
  test('are bound by row-level security and own nothing', async () => {
    const roles = await database.owner<{ name: string }>(
      `select rolname as name from pg_roles where rolname in ('commet_app', 'commet_worker', 'commet_auth')
       and not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
    )
    expect(roles).toHaveLength(3)
    const owned = await database.owner(
      `select relname from pg_class where pg_get_userbyid(relowner) in ('commet_app', 'commet_worker', 'commet_auth')`,
    )
    expect(owned).toEqual([])
  })

  test.each([
    'create table commet.mine (a int)',
    'create function commet.f() returns int language sql return 1',
    'set role postgres',
    'alter role commet_app bypassrls',
    'alter table customers disable row level security',
  ])('may not: %s', async (statement) => {
    await expect(inside(mine, () => app.query(statement))).rejects.toMatchObject({ code: '42501' })
  })
})

describe('functions that see past row-level security', () => {
  test('are these, with a fixed search path, and for nobody else', async () => {
    const functions = await database.owner<{ name: string; config: string; everyone: boolean }>(
      `select proname as name, array_to_string(proconfig, ';') as config,
         coalesce(proacl::text like '%{=X%' or proacl::text like '%,=X%', true) as everyone
       from pg_proc where pronamespace = 'commet'::regnamespace and prosecdef order by 1`,
    )
    expect(functions.map(({ name }) => name)).toEqual([
      'drop_audit_month',
      'due_customer_deletions',
      'find_api_key',
      'find_customers',
      'find_invitation',
      'find_member',
      'first_organization',
      'measure_queues',
      'measure_upkeep',
      'prepare_audit_month',
      'purge_events',
      'purge_idempotency_keys',
      'purge_imports',
      'record_api_key_use',
      'record_requests',
      'take_import',
    ])
    for (const { name, config, everyone } of functions) {
      const paths = config.split(';').filter((setting) => !setting.startsWith('lock_timeout='))
      expect([name, paths, everyone]).toEqual([name, ['search_path=commet, pg_temp'], false])
    }
  })

  const find = (pattern: string | null, metadata: string | null) =>
    app.query(`select * from find_customers($1, $2, null, null, null, null, 'desc', null, null, 100)`, [
      pattern,
      metadata,
    ])

  test('find_customers shows the environment that was entered, and nothing without one', async () => {
    for (const [pattern, metadata] of [
      ['%same%', null],
      [null, '[[{"plan": "same"}]]'],
      [null, null],
    ] as const) {
      const rows = await inside(mine, async () => (await find(pattern, metadata)).rows)
      expect([rows.length, [...(await environments(rows))]]).toEqual([1, [mine]])
      expect(await inside(undefined, async () => (await find(pattern, metadata)).rows)).toEqual([])
      expect(await inside('', async () => (await find(pattern, metadata)).rows)).toEqual([])
      expect(await inside('env_unknown', async () => (await find(pattern, metadata)).rows)).toEqual([])
    }
  })

  test('find_customers takes what it is given for values, never for statements', async () => {
    const odd = [`%' or true --`, `%$1%`, `%"; drop table customers; --`]
    for (const pattern of odd)
      expect(await inside(mine, async () => (await find(pattern, null)).rows)).toEqual([])
    for (const text of odd) {
      const metadata = JSON.stringify([[{ [text]: text }]])
      expect(await inside(mine, async () => (await find(null, metadata)).rows)).toEqual([])
    }
    const direction = `desc; drop table customers`
    const rows = await inside(mine, async () =>
      app.query('select * from find_customers(null, null, null, null, null, null, $1, null, null, 100)', [
        direction,
      ]),
    )
    expect(rows.rows).toEqual([])
  })

  test('people and links are shown to the organization of the environment that was entered', async () => {
    for (const table of ['members', 'invitations']) {
      const organizations = (rows: readonly Record<string, unknown>[]) =>
        rows.map(({ organization_id }) => organization_id)
      for (const environment of [mine, theirs]) {
        const [own] = await inside(environment, () => visible('organizations'))
        const rows = await inside(environment, () => visible(table))
        expect([table, organizations(rows)]).toEqual([table, [own?.id]])
      }
      const [other] = await inside(theirs, () => visible('organizations'))
      const copy = table === 'members' ? copyMember : copyInvitation
      await expect(inside(mine, () => app.query(copy, [other?.id]))).rejects.toMatchObject({ code: '42501' })
    }
  })

  const copyMember = `insert into members values ($1, 'mem_x', 'usr_x', 'x', 'x', 'owner', now())`
  const copyInvitation = `insert into invitations values ($1, 'inv_x', 'x', 'owner', 'x', now(), now())`

  test('the worker may call its own and no others', async () => {
    await inside(undefined, () => worker.query('select purge_idempotency_keys(now(), 0)'), worker)
    for (const call of [
      `find_api_key('x')`,
      `find_customers(null, null, null, null, null, null, 'asc', null, null, 1)`,
      `record_api_key_use('{}', now())`,
    ]) {
      const attempt = inside(mine, () => worker.query(`select ${call}`), worker)
      await expect(attempt).rejects.toMatchObject({ code: '42501' })
    }
    const purge = inside(mine, () => app.query('select purge_idempotency_keys(now(), 1)'))
    await expect(purge).rejects.toMatchObject({ code: '42501' })
  })
})

describe('with 20,000 customers in each of two environments', () => {
  beforeAll(async () => {
    for (const environment of [mine, theirs]) {
      await database.owner(
        `insert into customers (environment_id, id, external_id, email, email_folded, full_name, timezone, metadata,
           search_text, created_at, updated_at)
         select $1, 'cus_' || lpad(n::text, 26, '0'), 'user_' || n, 'person' || n || '@example.com',
           'person' || n || '@example.com', 'Person ' || n, 'UTC', jsonb_build_object('number', n),
           E'\\nperson ' || n || E'\\nperson' || n || '@example.com' || E'\\nuser_' || n || E'\\nкириллица' || n || E'\\n' || n,
           now() - n * interval '1 second', now()
         from generate_series(1, 20000) n`,
        [environment],
      )
    }
    await database.owner('vacuum analyze customers')
  })

  const plan = async (statement: string, values: readonly unknown[]) => {
    const { rows } = await app.query(`explain (costs off) ${statement}`, [...values])
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }

  test.each([
    ['a customer by its ID', 'id = $2', ['cus_00000000000000000000000042'], 'customers_pkey'],
    [
      'a customer by its user ID',
      'external_id = $2 and deleted_at is null',
      ['user_42'],
      'customers_user_id',
    ],
    [
      'the list by e-mail',
      'email_folded = $2 and deleted_at is null order by created_at desc, id desc limit 26',
      ['person42@example.com'],
      'customers_of_email',
    ],
    [
      'the list, newest first',
      'deleted_at is null and (created_at, id) < ($2, $3) order by created_at desc, id desc limit 26',
      [new Date(), 'cus_1'],
      'customers_newest',
    ],
    [
      'the list, oldest first, from an instant on',
      'deleted_at is null and created_at > $2 order by created_at asc, id asc limit 26',
      [new Date(0)],
      'customers_newest',
    ],
  ])('%s is read through an index by the restricted role', async (_, condition, values, index) => {
    const text = await inside(mine, () =>
      plan(`select * from customers where environment_id = $1 and ${condition}`, [mine, ...values]),
    )
    expect(text).toContain(index)
    expect(text).not.toContain('Seq Scan')
    expect(text).not.toMatch(/^\s*(->\s*)?Sort/m)
  })

  /** How often an index was read and how many rows of the table were looked at, while `work` ran. */
  async function reads(index: string, work: () => Promise<unknown>) {
    const count = async () => {
      const [row] = await database.owner<{ scans: number; sequential: number }>(
        `select (select idx_scan from pg_stat_user_indexes where indexrelname = $1)::int as scans,
           (select seq_scan from pg_stat_user_tables where relname = 'customers')::int as sequential`,
        [index],
      )
      return row ?? { scans: 0, sequential: 0 }
    }
    const before = await count()
    await inside(mine, work)
    // A flush that finds the statistics locked is put off, so it is asked for until it is there.
    const flushed = async () => {
      await inside(mine, () => app.query('select pg_stat_force_next_flush()'))
      await app.query('select 1')
      return (await count()).scans
    }
    await expect.poll(flushed, { interval: 20, timeout: 10_000 }).toBeGreaterThan(before.scans)
    return (await count()).sequential - before.sequential
  }

  test.each([
    ['a whole e-mail address', '%person4242@example.com%'],
    ['a user ID', '%user\\_4242%'],
    ['three letters that nobody has', '%zqx%'],
    ['letters that are no Latin ones', '%кириллица4242%'],
    ['the start of a word that nobody has', '%\nzq%'],
  ])('search for %s reads the trigram index through find_customers', async (_, pattern) => {
    expect(await reads('customers_search', () => find(pattern, null))).toBe(0)
  })

  test('a metadata filter reads its index through find_customers', async () => {
    expect(await reads('customers_metadata', () => find(null, '[[{"number": 4242}]]'))).toBe(0)
  })

  const find = (pattern: string | null, metadata: string | null) =>
    app.query(`select * from find_customers($1, $2, null, null, null, null, 'desc', null, null, 26)`, [
      pattern,
      metadata,
    ])
})
