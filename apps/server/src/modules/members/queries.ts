import type { Invitation, Member, Session } from '@commet/contract'
import type { QueryContext } from '../../kernel/command.ts'
import { type Page, pageOf, readCursor } from '../../kernel/paging.ts'
import { personOf } from './person.ts'
import { presentInvitation, presentMember } from './present.ts'
import * as store from './store.ts'

type PageQuery = { readonly limit: number; readonly cursor?: string | undefined }

/** Members of the organization, newest first. */
export async function listMembers(ctx: QueryContext, input: PageQuery): Promise<Page<Member>> {
  const { organizationId } = ctx.caller.environment
  const rows = await store.listMembers(ctx.tx, organizationId, input.limit + 1, afterOf(input))
  return pageOf(rows, input.limit, 'desc', presentMember)
}

/** Links that still work, newest first. */
export async function listInvitations(ctx: QueryContext, input: PageQuery): Promise<Page<Invitation>> {
  const query = { limit: input.limit + 1, after: afterOf(input), at: new Date() }
  const rows = await store.listInvitations(ctx.tx, ctx.caller.environment.organizationId, query)
  return pageOf(rows, input.limit, 'desc', presentInvitation)
}

function afterOf({ cursor }: PageQuery) {
  return cursor === undefined ? undefined : readCursor(cursor, 'desc')
}

/** Who asks. */
export async function getSession(ctx: QueryContext): Promise<Session> {
  const { environment } = ctx.caller
  const { name, email, role, memberId } = personOf(ctx.caller)
  return {
    name,
    email,
    role,
    memberId,
    organizationId: environment.organizationId,
    object: 'session',
    livemode: environment.mode === 'live',
  }
}
