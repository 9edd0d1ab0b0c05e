import type { ReadTransaction, Statement } from '../../kernel/db.ts'

/** All SQL of the first page. Every count ends at a limit, and reads an index only. */

const countDays: Statement = {
  name: 'home.count_days',
  text: `
    select (
      select count(*)::int from (
        select from customers c
        where c.environment_id = $1 and c.deleted_at is null and c.created_at >= d.begins and c.created_at < d.ends
        limit $4
      ) as counted
    ) as created
    from unnest($2::timestamptz[], $3::timestamptz[]) with ordinality as d (begins, ends, place)
    order by d.place`,
}

export type Span = { readonly begins: Date; readonly ends: Date }

/** Customers that were created in each span, counted up to a limit. */
export async function countCreated(
  tx: ReadTransaction,
  environmentId: string,
  spans: readonly Span[],
  atMost: number,
): Promise<readonly number[]> {
  const begins = spans.map((span) => span.begins)
  const ends = spans.map((span) => span.ends)
  const rows = await tx.many<{ created: number }>(countDays, [environmentId, begins, ends, atMost])
  return rows.map(({ created }) => created)
}

const countAll: Statement = {
  name: 'home.count_customers',
  text: `
    select count(*)::int as total from (
      select from customers where environment_id = $1 and deleted_at is null limit $2
    ) as counted`,
}

/** Customers, counted up to a limit. */
export async function countCustomers(
  tx: ReadTransaction,
  environmentId: string,
  atMost: number,
): Promise<number> {
  return (await tx.one<{ total: number }>(countAll, [environmentId, atMost]))?.total ?? 0
}

const findKeyUse: Statement = {
  name: 'home.find_key_use',
  text: `
    select coalesce(bool_or(revoked_at is null and (expires_at is null or expires_at > $2)), false) as exist,
      max(last_used_at) as last_used_at
    from api_keys where environment_id = $1`,
}

export type KeyUse = { readonly exist: boolean; readonly last_used_at: Date | null }

/** Whether there is a key that works at an instant, and when any key was last used. */
export async function keyUse(tx: ReadTransaction, environmentId: string, at: Date): Promise<KeyUse> {
  return (await tx.one<KeyUse>(findKeyUse, [environmentId, at])) ?? { exist: false, last_used_at: null }
}
