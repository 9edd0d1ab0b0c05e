import { z } from 'zod'
import type { Operation } from '../operation.ts'
import { instant } from '../text.ts'
import { defaultVersion, isVersion, versions } from '../versions/index.ts'

/** The environment that a request acts in: its clock, and the API version it is pinned to. */

const date = z
  .string()
  .refine(isVersion, `must be one of ${versions.map((version) => version.date).join(', ')}, or null`)
  .meta({ examples: ['2026-07-31'] })

const environment = z
  .strictObject({
    id: z.string().meta({ examples: ['env_01k0a2b3c4d5e6f7g8h9jkmnpq'] }),
    now: instant.meta({ description: "What the environment's clock says." }),
    simulatedTime: instant
      .nullable()
      .meta({ description: 'Where the test clock of a sandbox stands; null while it runs with real time.' }),
    apiVersion: z
      .string()
      .nullable()
      .meta({ description: 'The pinned version: it answers requests that name none. null: the default.' }),
    defaultVersion: z.string(),
    versions: z.array(z.strictObject({ date: z.string(), notes: z.array(z.string()) })).meta({
      description: 'Every version, newest first, with what it changed.',
    }),
    object: z.literal('environment'),
    livemode: z.boolean(),
  })
  .meta({ id: 'EnvironmentSettings', description: 'What holds in one environment.' })

export const environmentOperations = [
  {
    id: 'environment.get',
    method: 'GET',
    path: '/environment',
    summary: 'Get the environment',
    description: 'Its clock, and the API version that answers requests that name none.',
    scope: 'environment:read',
    internal: true,
    data: environment,
    answers: { 200: 'The environment.' },
    errors: [],
  },
  {
    id: 'environment.update',
    method: 'PATCH',
    path: '/environment',
    summary: 'Pin the API version',
    description: 'Holds from the next request on, in every process. null unpins it.',
    scope: 'environment:write',
    internal: true,
    body: z
      .strictObject({ apiVersion: date.nullable() })
      .meta({ id: 'UpdateEnvironment', description: 'The version to pin.' }),
    data: environment,
    answers: { 200: 'The environment after the change.' },
    errors: [],
    exampleBody: { apiVersion: defaultVersion },
  },
] as const satisfies readonly Operation[]

export type EnvironmentSettings = z.output<typeof environment>
