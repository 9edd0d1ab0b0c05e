import { z } from 'zod'
import type { Operation } from '../operation.ts'
import { instant } from '../text.ts'
import { timezone } from './customers.ts'

/** The figures of the first page. What they cost is bounded, however many customers there are. */

const day = z
  .strictObject({
    date: z.iso.date().meta({ description: 'In the time zone asked for.', examples: ['2026-07-11'] }),
    created: z.int().min(0).meta({ description: 'Customers created on this day that exist today.' }),
    isMore: z.boolean().meta({ description: 'There are more than were counted.' }),
  })
  .meta({ id: 'DayOfCustomers', description: 'One day.' })

const home = z
  .strictObject({
    customers: z.strictObject({
      total: z.int().min(0),
      isMore: z.boolean().meta({ description: 'There are more than were counted.' }),
      days: z.array(day).meta({ description: 'The last 30 days, oldest first.' }),
    }),
    keys: z.strictObject({
      exist: z.boolean().meta({ description: 'A key could be used right now.' }),
      lastUsedAt: instant.nullable().meta({ description: 'null while none was ever used.' }),
    }),
    object: z.literal('home'),
    livemode: z.boolean(),
  })
  .meta({ id: 'Home', description: 'What the first page of an environment shows.' })

export const homeOperations = [
  {
    id: 'home.get',
    method: 'GET',
    path: '/home',
    summary: 'Get the figures of the first page',
    description: 'Customers over time, and whether a key was used yet.',
    scope: 'customers:read',
    internal: true,
    query: z.strictObject({
      timezone: timezone
        .default('UTC')
        .meta({ description: 'IANA time zone whose days are counted.', examples: ['Europe/Berlin'] }),
    }),
    data: home,
    answers: { 200: 'The figures.' },
    errors: [],
  },
] as const satisfies readonly Operation[]

export type Home = z.output<typeof home>
export type DayOfCustomers = z.output<typeof day>
