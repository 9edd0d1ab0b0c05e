import { z } from 'zod'
import type { Operation } from '../operation.ts'
import { pageQuery } from '../paging.ts'
import { instant } from '../text.ts'

/** The people of an organization. They sign in with an e-mail address and a password. */

export const role = z.enum(['owner', 'admin', 'member'], 'must be owner, admin or member').meta({
  description: 'Owners and admins may do everything; members read and write customers and read API keys.',
})

const member = z
  .strictObject({
    id: z.string().meta({ examples: ['mem_01k0a2b3c4d5e6f7g8h9jkmnpq'] }),
    name: z.string(),
    email: z.string(),
    role,
    createdAt: instant,
    object: z.literal('member'),
  })
  .meta({ id: 'Member', description: 'A person of the organization.' })

const deletedMember = z
  .strictObject({ id: z.string(), deleted: z.literal(true), object: z.literal('member') })
  .meta({ id: 'DeletedMember', description: 'Says that the person no longer belongs to the organization.' })

const params = z.strictObject({ id: z.string().min(1).max(100) })

export const memberOperations = [
  {
    id: 'members.list',
    method: 'GET',
    path: '/members',
    summary: 'List members',
    description: 'The people of the organization, newest first.',
    scope: 'members:read',
    internal: true,
    query: z.strictObject(pageQuery),
    data: member,
    list: true,
    answers: { 200: 'A page of members.' },
    errors: [],
  },
  {
    id: 'members.update',
    method: 'PATCH',
    path: '/members/{id}',
    summary: 'Change the role of a member',
    description: 'Only an owner makes owners or changes one. An organization keeps at least one owner.',
    scope: 'members:write',
    internal: true,
    params,
    body: z.strictObject({ role }).meta({ id: 'UpdateMember', description: 'The role to give.' }),
    data: member,
    answers: { 200: 'The member with the new role.' },
    errors: ['not_found'],
    exampleBody: { role: 'admin' },
  },
  {
    id: 'members.delete',
    method: 'DELETE',
    path: '/members/{id}',
    summary: 'Remove a member',
    description: 'Takes effect with the next request of that person.',
    scope: 'members:write',
    internal: true,
    params,
    data: deletedMember,
    answers: { 200: 'The person is no longer a member.' },
    errors: ['not_found'],
  },
] as const satisfies readonly Operation[]

export type Role = z.output<typeof role>
export type Member = z.output<typeof member>
export type DeletedMember = z.output<typeof deletedMember>
