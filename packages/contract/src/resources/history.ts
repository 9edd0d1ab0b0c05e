import { z } from 'zod'
import type { Operation } from '../operation.ts'
import { pageQuery } from '../paging.ts'
import { instant } from '../text.ts'
import { oneCustomer } from './customers.ts'

/** Who did what and when: the timeline of one customer, and what happened lately in an environment. */

/** Who is behind something. A key or a person that is gone keeps its name. */
export const actorShown = z
  .strictObject({
    kind: z.enum(['api_key', 'user', 'system']),
    id: z.string().nullable(),
    name: z.string().nullable().meta({ description: 'Name of the key or the person, where it is known.' }),
    hint: z.string().nullable().meta({ description: "The first characters of the key's secret." }),
  })
  .meta({ id: 'Actor', description: 'A key, a person or the server itself.' })

const fieldChange = z
  .strictObject({
    field: z.string().meta({ examples: ['email', 'metadata.plan'] }),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'FieldChange', description: 'One field, before and after. null stands for nothing.' })

const moment = {
  requestId: z.string().nullable(),
  occurredAt: instant.meta({ description: "By the environment's clock." }),
  recordedAt: instant.meta({ description: 'In real time.' }),
  livemode: z.boolean(),
}

const timelineEntry = z
  .strictObject({
    id: z.string(),
    kind: z.enum(['created', 'updated', 'deleted', 'event']),
    operation: z
      .string()
      .nullable()
      .meta({ description: 'What was asked for; null for an event of which nothing else is kept.' }),
    events: z.array(z.string()).meta({ description: 'Events that came of it.' }),
    actor: actorShown.nullable(),
    changes: z.array(fieldChange),
    ...moment,
    object: z.literal('timeline_entry'),
  })
  .meta({ id: 'TimelineEntry', description: 'Something that happened to one thing.' })

const activity = z
  .strictObject({
    id: z.string(),
    operation: z.string(),
    subject: z.strictObject({
      id: z.string(),
      name: z
        .string()
        .nullable()
        .meta({ description: 'Name of the customer or key; null once it is deleted.' }),
    }),
    fields: z.array(z.string()).meta({ description: 'Names of the fields that changed, without values.' }),
    actor: actorShown,
    ...moment,
    object: z.literal('activity'),
  })
  .meta({ id: 'Activity', description: 'Something that happened in the environment.' })

export const historyOperations = [
  {
    id: 'timeline.list',
    method: 'GET',
    path: '/customers/{id}/timeline',
    summary: 'List what happened to a customer',
    description: 'Everything that happened to the customer, newest first: who did it, and what changed.',
    scope: 'customers:read',
    internal: true,
    params: oneCustomer,
    query: z.strictObject(pageQuery),
    data: timelineEntry,
    list: true,
    answers: { 200: 'A page of the timeline.' },
    errors: ['customer_not_found'],
  },
  {
    id: 'activity.list',
    method: 'GET',
    path: '/activity',
    summary: 'List what happened lately',
    description:
      'What happened in the environment, newest first. It names what changed, and shows no values.',
    scope: 'activity:read',
    internal: true,
    query: z.strictObject(pageQuery),
    data: activity,
    list: true,
    answers: { 200: 'A page of what happened.' },
    errors: [],
  },
] as const satisfies readonly Operation[]

export type ActorShown = z.output<typeof actorShown>
export type FieldChange = z.output<typeof fieldChange>
export type TimelineEntry = z.output<typeof timelineEntry>
export type Activity = z.output<typeof activity>
