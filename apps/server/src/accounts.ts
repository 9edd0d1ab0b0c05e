import { hkdfSync, randomUUID } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { sqlState } from './kernel/database-errors.ts'
import type { AccountsDatabase } from './kernel/db.ts'
import { newId } from './kernel/ids.ts'

/**
 * Owns accounts, passwords and sessions, through Better Auth, in a schema that only its own login can read.
 * Does not know organizations, members or environments, and is never called while a command is open.
 * Nobody signs up here: accounts are made by whoever holds an invitation.
 */

export type Account = { readonly userId: string; readonly name: string; readonly email: string }

export type Accounts = {
  /** The account whose session these cookies carry. */
  find(cookies: string): Promise<Account | undefined>
  /** Answers the cookies of a new session; undefined where e-mail and password do not belong together. */
  signIn(credentials: Credentials): Promise<SignedIn | undefined>
  /** Makes an account; undefined when there is one with this e-mail already. */
  create(credentials: Credentials & { readonly name: string }): Promise<Account | undefined>
  /** Takes back an account that was made a moment ago. */
  discard(userId: string): Promise<void>
  /** Ends the session of these cookies and answers the cookies that clear them. */
  signOut(cookies: string): Promise<readonly string[]>
  /** Ends every session of the account, on every device. */
  signOutEverywhere(cookies: string): Promise<void>
  close(): Promise<void>
}

export type Credentials = { readonly email: string; readonly password: string }
export type SignedIn = { readonly userId: string; readonly setCookies: readonly string[] }

const sessionSeconds = 7 * 24 * 60 * 60
export const minPasswordLength = 10
export const maxPasswordLength = 128

/** What signs the cookies. Follows from COMMET_SECRET, so every server of an installation agrees. */
export function cookieSecret(secret: string): string {
  return Buffer.from(hkdfSync('sha256', secret, '', 'commet session cookies', 32)).toString('hex')
}

/** The settings of Better Auth; the tables of the migration follow from them. */
export function accountOptions(db: AccountsDatabase, secret: string, publicUrl: string) {
  return {
    appName: 'Commet',
    baseURL: publicUrl,
    secret: cookieSecret(secret),
    database: { dialect: db.dialect, type: 'postgres' as const },
    user: { modelName: 'users' },
    account: { modelName: 'accounts' },
    verification: { modelName: 'verifications' },
    session: { modelName: 'sessions', expiresIn: sessionSeconds, disableSessionRefresh: true },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength, maxPasswordLength },
    advanced: {
      cookiePrefix: 'commet',
      useSecureCookies: publicUrl.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' as const },
      database: { generateId: ({ model }: { readonly model: string }) => idOf(model) },
    },
    logger: { disabled: true },
    telemetry: { enabled: false },
  }
}

function idOf(model: string): string {
  return model === 'user' || model === 'users' ? newId('user') : randomUUID()
}

export function openAccounts(db: AccountsDatabase, secret: string, publicUrl: string): Accounts {
  const auth = betterAuth(accountOptions(db, secret, publicUrl))
  const headersOf = (cookies: string) => new Headers({ cookie: cookies })
  return {
    find: (cookies) =>
      db.uncovered(async () => {
        const found = await auth.api.getSession({ headers: headersOf(cookies) })
        return found === null ? undefined : accountOf(found.user)
      }),
    signIn: (credentials) =>
      db.uncovered(async () => {
        try {
          const { headers, response } = await auth.api.signInEmail({ body: credentials, returnHeaders: true })
          return { userId: response.user.id, setCookies: headers.getSetCookie() }
        } catch (error) {
          if (isWrongPassword(error)) return undefined
          throw error
        }
      }),
    // The password is the second of two rows. A user without one is left of an end in between, and made anew.
    create: async ({ name, email, password }) => {
      const { internalAdapter, password: passwords } = await auth.$context
      const known = await internalAdapter.findUserByEmail(email, { includeAccounts: true })
      if (known !== null && known.accounts.length > 0) return undefined
      if (known !== null) await internalAdapter.deleteUser(known.user.id)
      const hash = await passwords.hash(password)
      const user = await internalAdapter
        .createUser({ name, email, emailVerified: true }, { method: 'email-password' })
        .catch(undefinedWhereTaken)
      if (user === undefined) return undefined
      const { id } = user
      await internalAdapter.createAccount({
        userId: id,
        providerId: 'credential',
        accountId: id,
        password: hash,
      })
      return accountOf(user)
    },
    discard: async (userId) => (await auth.$context).internalAdapter.deleteUser(userId),
    signOut: (cookies) =>
      db.uncovered(async () => {
        const { headers } = await auth.api.signOut({ headers: headersOf(cookies), returnHeaders: true })
        return headers.getSetCookie()
      }),
    signOutEverywhere: (cookies) =>
      db.uncovered(async () => {
        await auth.api.revokeSessions({ headers: headersOf(cookies) })
      }),
    close: () => db.close(),
  }
}

function accountOf({ id, name, email }: { id: string; name: string; email: string }): Account {
  return { userId: id, name, email }
}

/** Two at once with one address: the other one has it. */
function undefinedWhereTaken(error: unknown): undefined {
  if (sqlState(error) !== '23505') throw error
}

function isWrongPassword(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 401
}
