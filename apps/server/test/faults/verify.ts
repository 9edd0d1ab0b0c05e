import pg from 'pg'
import { type Ledger, replay } from './stream.ts'

/**
 * Reads the database as its owner and compares it with what the clients know: every acknowledged write is there, nothing
 * is half-written, and an idempotency key stands exactly where its effect does. Answers what is wrong, one line each.
 */

export type Owner = pg.ClientConfig

const batchSize = 5
const replaysAsked = 40

export async function findFaults(
  owner: Owner,
  ledger: Ledger,
  target: { readonly address: string; readonly apiKey: string },
): Promise<readonly string[]> {
  const client = new pg.Client({ ...owner, options: '-c search_path=commet,public' })
  await client.connect()
  try {
    return [
      ...ledger.unexpected,
      ...(await halfWritten(client)),
      ...(await keysWithoutEffect(client)),
      ...(await lostWrites(client, ledger)),
      ...(await otherReplays(ledger, target)),
    ]
  } finally {
    await client.end()
  }
}

/** Rows, events and audit entries come together: each customer has one creation in each, and its changes in both. */
async function halfWritten(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(`
    with seen as (
      select environment_id, subject_id as id,
        count(*) filter (where type = 'customer.created') as created,
        count(*) filter (where type = 'customer.updated') as updated
      from events where type like 'customer.%' group by 1, 2
    ), noted as (
      select environment_id, subject_id as id,
        count(*) filter (where operation = 'customers.create') as created,
        count(*) filter (where operation = 'customers.update') as updated
      from audit_entries where operation like 'customers.%' group by 1, 2
    )
    select coalesce(c.id, s.id, n.id) as id
    from customers c
    full join seen s using (environment_id, id)
    full join noted n using (environment_id, id)
    where c.id is null or s.created is distinct from 1 or n.created is distinct from 1
      or s.updated is distinct from n.updated`)
  return rows.map(({ id }) => `${id} is half-written: its row, events and audit entries do not agree`)
}

/** Keys are named after what they do, so that keys and effects can be held against each other both ways. */
async function keysWithoutEffect(client: pg.Client): Promise<readonly string[]> {
  const { rows: creates } = await client.query<{ name: string }>(`
    select coalesce(c.external_id, k.key) as name
    from (select external_id from customers where external_id like 'user\\_%') c
    full join (select substr(key, 8) as external_id, key from idempotency_keys where key like 'create:%') k
      using (external_id)
    where c.external_id is null or k.key is null`)
  const { rows: batches } = await client.query<{ name: string }>(`
    select coalesce(c.number, k.number) as name
    from (
      select split_part(external_id, '_', 2) as number, count(*) as members
      from customers where external_id like 'batch\\_%' group by 1
    ) c
    full join (select substr(key, 7) as number from idempotency_keys where key like 'batch:%') k using (number)
    where c.number is null or k.number is null or c.members <> ${batchSize}`)
  const { rows: updates } = await client.query<{ name: string }>(`
    select c.external_id as name
    from customers c
    left join (
      select split_part(key, ':', 2) as external_id, count(*) as times, max(split_part(key, ':', 3)::int) as last
      from idempotency_keys where key like 'update:%' group by 1
    ) k using (external_id)
    left join (
      select environment_id, subject_id as id, count(*) as times
      from events where type = 'customer.updated' group by 1, 2
    ) e using (environment_id, id)
    where c.external_id like 'user\\_%'
      and (k.times is distinct from e.times or coalesce(k.last, 0) <> (c.metadata->>'sequence')::int)`)
  return [...creates, ...batches, ...updates].map(
    ({ name }) => `${name}: an idempotency key without its effect, or the other way round`,
  )
}

/** What was acknowledged stands under its key, byte for byte. */
async function lostWrites(client: pg.Client, { acknowledged }: Ledger): Promise<readonly string[]> {
  const { rows } = await client.query<{ key: string; status: number; body: Buffer }>(
    'select key, status, body from idempotency_keys',
  )
  const stored = new Map(rows.map(({ key, status, body }) => [key, `${status} ${body.toString()}`]))
  return acknowledged
    .filter(({ key, status, text }) => stored.get(key) !== `${status} ${text}`)
    .map(({ key, status }) => `${key}, acknowledged with ${status}, is stored as ${stored.get(key)}`)
}

/** The newest writes are answered again as they were. */
async function otherReplays(
  { acknowledged }: Ledger,
  target: { readonly address: string; readonly apiKey: string },
): Promise<readonly string[]> {
  const newest = acknowledged.slice(-replaysAsked)
  const wrong = await Promise.all(
    newest.map(async (write) => {
      const { status, text, replayed } = await replay(target, write)
      const same = status === write.status && text === write.text && replayed
      return same ? [] : [`${write.key}, sent again, is answered ${status} ${text}`]
    }),
  )
  return wrong.flat()
}
