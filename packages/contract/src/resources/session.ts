import { z } from 'zod'
import type { Operation } from '../operation.ts'
import { role } from './members.ts'

/** Who is signed in, and where. */

const session = z
  .strictObject({
    name: z.string(),
    email: z.string(),
    role,
    memberId: z.string(),
    organizationId: z.string(),
    object: z.literal('session'),
    livemode: z.boolean(),
  })
  .meta({ id: 'Session', description: 'The person who is signed in.' })

export const sessionOperations = [
  {
    id: 'session.get',
    method: 'GET',
    path: '/session',
    summary: 'Say who is signed in',
    description: 'The person, the role and the environment that the request acts in.',
    scope: 'session:read',
    internal: true,
    data: session,
    answers: { 200: 'The person who is signed in.' },
    errors: [],
  },
] as const satisfies readonly Operation[]

export type Session = z.output<typeof session>
