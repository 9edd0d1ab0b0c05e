import { z } from 'zod'
import type { Operation } from '../operation.ts'
import { pageQuery } from '../paging.ts'
import { instant } from '../text.ts'
import { actorShown } from './history.ts'

/** The last 1,000 requests of an environment, without bodies. */

const method = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], 'must be GET, POST, PUT, PATCH or DELETE')

const request = z
  .strictObject({
    id: z.string().meta({ examples: ['req_01k0a2b3c4d5e6f7g8h9jkmnpq'] }),
    method,
    path: z.string().meta({
      description: 'As it was sent. Of the query, values that may speak of a person are left out.',
      examples: ['/api/v1/customers?limit=25&search=…'],
    }),
    status: z.int(),
    errorCode: z.string().nullable(),
    durationMs: z.number(),
    apiVersion: z.string().meta({ description: 'The version it was answered in.' }),
    caller: actorShown,
    idempotentReplay: z.boolean().meta({ description: 'The answer was stored under its Idempotency-Key.' }),
    createdAt: instant.meta({ description: 'In real time.' }),
    object: z.literal('request'),
    livemode: z.boolean(),
  })
  .meta({ id: 'LoggedRequest', description: 'A request that was answered, without its body.' })

const listQuery = z.strictObject({
  ...pageQuery,
  status: z
    .enum(['2xx', '4xx', '5xx'], 'must be 2xx, 4xx or 5xx')
    .optional()
    .meta({ description: 'Answers of this class only.' }),
  method: method.optional().meta({ description: 'Requests with this method only.' }),
  callerId: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Requests of this API key or person only.' }),
})

export const requestOperations = [
  {
    id: 'requests.list',
    method: 'GET',
    path: '/requests',
    summary: 'List requests',
    description:
      'The last requests, newest first: all that came with a key, and writes of people. Written within a second or so.',
    scope: 'requests:read',
    internal: true,
    query: listQuery,
    data: request,
    list: true,
    answers: { 200: 'A page of requests.' },
    errors: [],
  },
  {
    id: 'requests.get',
    method: 'GET',
    path: '/requests/{id}',
    summary: 'Get a request',
    description: 'One request, by the ID that its answer carried in x-request-id.',
    scope: 'requests:read',
    internal: true,
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    data: request,
    answers: { 200: 'The request.' },
    errors: ['not_found'],
  },
] as const satisfies readonly Operation[]

export type LoggedRequest = z.output<typeof request>
export type ListRequests = z.output<typeof listQuery>
