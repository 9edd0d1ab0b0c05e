import type { ApiKey, EnvironmentSettings, Organization } from '@commet/contract'
import type { QueryContext } from '../../kernel/command.ts'
import { invariant } from '../../kernel/invariant.ts'
import { type Page, pageOf, readCursor } from '../../kernel/paging.ts'
import { presentApiKey, presentEnvironment, presentOrganization } from './present.ts'
import * as store from './store.ts'

/** Keys that are not revoked, newest first. */
export async function listApiKeys(
  ctx: QueryContext,
  input: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<ApiKey>> {
  const { environment } = ctx.caller
  const after = input.cursor === undefined ? undefined : readCursor(input.cursor, 'desc')
  const rows = await store.listApiKeys(ctx.tx, environment.id, input.limit + 1, after)
  return pageOf(rows, input.limit, 'desc', (row) => presentApiKey(row, environment))
}

/** The environment that the request acts in. */
export async function getEnvironment(ctx: QueryContext): Promise<EnvironmentSettings> {
  const row = await store.getEnvironment(ctx.tx, ctx.caller.environment.id)
  invariant(row !== undefined, 'a caller has an environment')
  return presentEnvironment(row, new Date(), ctx.caller.environment)
}

/** The organization of the environment that the request acts in. */
export async function getOrganization(ctx: QueryContext): Promise<Organization> {
  const row = await store.getOrganization(ctx.tx, ctx.caller.environment.organizationId)
  invariant(row !== undefined, 'an environment belongs to an organization')
  return presentOrganization(row)
}
