import type { Caller, Environment } from '../../kernel/caller.ts'
import { command, type Kernel } from '../../kernel/command.ts'
import type { Database } from '../../kernel/db.ts'
import { hashOf, modeOf, newSecret } from './api-key-secret.ts'
import { keepSecret } from './commands.ts'
import { findBySecretHash, firstOrganization } from './store.ts'

/** The first organization of an installation and the keys that it starts with. */

export type Installation = {
  /** True for the one start that made the organization. */
  readonly created: boolean
  readonly sandbox: Environment
  readonly live: Environment
}

/** Finds the first organization, or makes it. Servers that start together agree on one. */
export async function findOrCreateInstallation(db: Database): Promise<Installation> {
  const row = await firstOrganization(db, 'My organization', new Date())
  const environment = (id: string, mode: Environment['mode']): Environment => ({
    id,
    organizationId: row.organization_id,
    mode,
    simulatedTime: null,
  })
  return {
    created: row.created,
    sandbox: environment(row.sandbox_id, 'sandbox'),
    live: environment(row.live_id, 'live'),
  }
}

export function systemCaller(environment: Environment): Caller {
  return { environment, actor: { kind: 'system' }, requestId: undefined }
}

/** Makes the first sandbox key of an installation. It does not expire: nobody would be there to renew it. */
export async function createFirstKey(kernel: Kernel, { sandbox }: Installation): Promise<string> {
  const secret = newSecret('sandbox')
  await addKey(kernel, sandbox, 'First key', secret)
  return secret
}

/** Adds the key of COMMET_API_KEY where it is not known yet. Answers false when it was revoked: then it stays so. */
export async function ensureKey(
  kernel: Kernel,
  installation: Installation,
  secret: string,
): Promise<boolean> {
  const environment = modeOf(secret) === 'live' ? installation.live : installation.sandbox
  if ((await findBySecretHash(kernel.db, hashOf(secret))) !== undefined) return true
  try {
    await addKey(kernel, environment, 'COMMET_API_KEY', secret)
    return true
  } catch (error) {
    if ((await findBySecretHash(kernel.db, hashOf(secret))) !== undefined) return true
    if (error instanceof Error && 'code' in error && error.code === '23505') return false
    throw error
  }
}

async function addKey(kernel: Kernel, environment: Environment, name: string, secret: string): Promise<void> {
  await command(kernel, systemCaller(environment), async (ctx) => {
    keepSecret(ctx, { name, secret, expiresAt: null })
  })
}
