import { tableOwners } from '@commet/server/db/owners'
import type { TestServer } from '@commet/testkit'
import type { Place } from './tenancy-places.ts'

/** Whether anything of an environment is another than before. */

/**
 * A digest of every row of an environment, of its organization and of its people, as the owner of the database sees them. The
 * log of requests is not among them: it is written a moment after them. A table that names neither fails.
 */
export async function digestOf(server: TestServer, victim: Place, attacker?: Place): Promise<object> {
  const within = attacker?.organization.id === victim.organization.id
  const tables = Object.keys(tableOwners).filter((one) => !['migrations', 'request_log'].includes(one))
  const own = tables
    .filter((name) => !(within && ofOrganizations.has(name)))
    .map((name) => [name, ownRows(name)])
  const digests = [...own, ...(within ? [] : rowsOfPeople)].map(
    ([
      name,
      condition,
    ]) => `select '${name}' as name, coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest
      from (select to_jsonb(x) - 'last_used_at' as t from ${name} x where ${condition}) as rows`,
  )
  return server.database.owner(digests.join(' union all '), [victim.id])
}

/** What the environments of an organization share. */
const ofOrganizations = new Set(['organizations', 'invitations', 'members'])
const organization = '(select organization_id from environments where id = $1)'
const people = `(select user_id from members where organization_id = ${organization})`
const rowsOfPeople = [
  ['commet_auth.users', `id in ${people}`],
  ['commet_auth.accounts', `"userId" in ${people}`],
  // One that is over is swept away by whoever comes with it.
  ['commet_auth.sessions', `"userId" in ${people} and "expiresAt" > now()`],
]

/** Which rows of a table belong to the environment $1 or to its organization. */
function ownRows(table: string): string {
  if (table === 'organizations') return `id = ${organization}`
  if (table === 'environments') return 'id = $1'
  return ofOrganizations.has(table) ? `organization_id = ${organization}` : 'environment_id = $1'
}
