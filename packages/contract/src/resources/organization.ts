import { z } from 'zod'
import type { Operation } from '../operation.ts'
import { instant } from '../text.ts'

/** The organization that both environments belong to. */

const name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'must be at most 200 characters')
  .meta({ examples: ['Analytical Engines'] })

const organization = z
  .strictObject({
    id: z.string().meta({ examples: ['org_01k0a2b3c4d5e6f7g8h9jkmnpq'] }),
    name: z.string(),
    createdAt: instant,
    object: z.literal('organization'),
  })
  .meta({ id: 'Organization', description: 'The organization, with its sandbox and its live environment.' })

export const organizationOperations = [
  {
    id: 'organization.get',
    method: 'GET',
    path: '/organization',
    summary: 'Get the organization',
    description: 'The same in both environments.',
    scope: 'organization:read',
    internal: true,
    data: organization,
    answers: { 200: 'The organization.' },
    errors: [],
  },
  {
    id: 'organization.update',
    method: 'PATCH',
    path: '/organization',
    summary: 'Rename the organization',
    description: 'Invited people read this name.',
    scope: 'organization:write',
    internal: true,
    body: z
      .strictObject({ name })
      .meta({ id: 'UpdateOrganization', description: 'The name to give to the organization.' }),
    data: organization,
    answers: { 200: 'The organization with its new name.' },
    errors: [],
    exampleBody: { name: 'Analytical Engines' },
  },
] as const satisfies readonly Operation[]

export type Organization = z.output<typeof organization>
