import { z } from 'zod'
import type { Operation } from '../operation.ts'
import { pageQuery } from '../paging.ts'
import { instant } from '../text.ts'
import { role } from './members.ts'

/** Stricter than that of a customer: it is what a person signs in with. */
const email = z
  .email('must be an e-mail address, such as colleague@example.com')
  .max(200, 'must be at most 200 characters')

/** Invitations: links that make one person a member. Nothing is mailed; who invites passes the link on. */

const fields = {
  id: z.string().meta({ examples: ['inv_01k0a2b3c4d5e6f7g8h9jkmnpq'] }),
  email: z.string(),
  role,
  createdAt: instant,
  expiresAt: instant,
  object: z.literal('invitation'),
}

const invitation = z
  .strictObject(fields)
  .meta({ id: 'Invitation', description: 'An invitation that is open, without its link.' })

const createdInvitation = z
  .strictObject({
    ...fields,
    token: z.string().meta({ description: 'The secret of the link /accept#token. Shown once.' }),
  })
  .meta({ id: 'CreatedInvitation', description: 'A new invitation with its link.' })

const deletedInvitation = z
  .strictObject({ id: z.string(), deleted: z.literal(true), object: z.literal('invitation') })
  .meta({ id: 'DeletedInvitation', description: 'Says that the link no longer works.' })

export const invitationOperations = [
  {
    id: 'invitations.list',
    method: 'GET',
    path: '/invitations',
    summary: 'List invitations',
    description: 'Invitations that are open, newest first.',
    scope: 'members:read',
    internal: true,
    query: z.strictObject(pageQuery),
    data: invitation,
    list: true,
    answers: { 200: 'A page of invitations.' },
    errors: [],
  },
  {
    id: 'invitations.create',
    method: 'POST',
    path: '/invitations',
    summary: 'Invite a person',
    description:
      'Makes a link that works once and for seven days, for this e-mail address. An earlier link for the same address stops working.',
    scope: 'members:write',
    internal: true,
    body: z
      .strictObject({ email, role })
      .meta({ id: 'CreateInvitation', description: 'Whom to invite, and as what.' }),
    data: createdInvitation,
    secretAnswer: true,
    answers: { 201: 'The invitation with its link.' },
    errors: ['duplicate'],
    exampleBody: { email: 'colleague@example.com', role: 'member' },
  },
  {
    id: 'invitations.delete',
    method: 'DELETE',
    path: '/invitations/{id}',
    summary: 'Revoke an invitation',
    description: 'The link stops working at once.',
    scope: 'members:write',
    internal: true,
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    data: deletedInvitation,
    answers: { 200: 'The link no longer works.' },
    errors: ['not_found'],
  },
] as const satisfies readonly Operation[]

export type Invitation = z.output<typeof invitation>
export type CreatedInvitation = z.output<typeof createdInvitation>
export type DeletedInvitation = z.output<typeof deletedInvitation>
