import type { IncomingMessage } from 'node:http'
import type { BlockList } from 'node:net'
import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import {
  type Account,
  type Accounts,
  maxPasswordLength,
  minPasswordLength,
  type SignedIn,
} from '../accounts.ts'
import { command, type Kernel } from '../kernel/command.ts'
import { fieldErrors } from '../kernel/field-errors.ts'
import { Refusal, refuseFields } from '../kernel/refusal.ts'
import { acceptInvitation, linkIsOver } from '../modules/members/commands.ts'
import { hashOfToken } from '../modules/members/invitation-secret.ts'
import { findInvitation, findMembership, type OpenInvitation } from '../modules/members/store.ts'
import { readBody } from './body.ts'
import { clientAddress } from './client-address.ts'
import { guardAll } from './guards.ts'
import { assertSameOrigin } from './same-origin.ts'
import { belongsNowhere } from './sessions.ts'
import type { SignInLimit } from './sign-in-limit.ts'

/**
 * How a session begins and ends: signing in, using a link up, signing out here and everywhere. These are no operations
 * of the contract, because nobody is known yet who could call one.
 */

export type SignInServices = {
  readonly kernel: Kernel
  readonly accounts: Accounts
  readonly signInLimit: SignInLimit
  /** Whose word on where a request comes from is taken. */
  readonly proxies: BlockList
  /** Where pages of this server come from. */
  readonly origins: ReadonlySet<string>
}

type Env = { Bindings: HttpBindings }

const password = z
  .string()
  .min(minPasswordLength, `must have at least ${minPasswordLength} characters`)
  .max(maxPasswordLength, `must have at most ${maxPasswordLength} characters`)
const email = z.email('must be an e-mail address').max(200, 'must be at most 200 characters')
const token = z.string().min(1, 'must be the secret of a link').max(200, 'must be the secret of a link')

const credentials = z.strictObject({
  email,
  password: z.string().min(1, 'must not be empty').max(maxPasswordLength, 'is longer than any password'),
})

const acceptance = z.strictObject({
  token,
  name: z.string().trim().min(1, 'must not be empty').max(200, 'must be at most 200 characters'),
  /** For the first owner, whose link names no address. */
  email: email.optional(),
  password,
})

export function mountSignIn<E extends Env>(app: Hono<E>, services: SignInServices): void {
  app.use('/auth/*', guardAll)
  const route = <T extends z.ZodObject>(
    path: string,
    schema: T,
    work: (input: z.output<T>, c: Context) => Promise<object>,
  ) =>
    app.post(path, async (c) => {
      c.header('cache-control', 'no-store')
      const input = await readInput(c.env.incoming, services, schema)
      return c.json(await work(input, c))
    })
  const nothing = z.strictObject({})
  route('/auth/sign-in', credentials, (input, c) => signIn(services, input, c))
  route('/auth/link', z.strictObject({ token }), (input) => describeLink(services, input.token))
  route('/auth/accept', acceptance, (input, c) => accept(services, input, c))
  route('/auth/sign-out', nothing, async (_, c) => {
    setCookies(c, await services.accounts.signOut(cookiesOf(c)))
    return { signedOut: true }
  })
  route('/auth/sign-out-everywhere', nothing, async (_, c) => {
    const cookies = cookiesOf(c)
    if ((await services.accounts.find(cookies)) !== undefined) {
      await services.accounts.signOutEverywhere(cookies)
    }
    setCookies(c, await services.accounts.signOut(cookies))
    return { signedOut: true }
  })
}

/** The body of a page of ours, as the schema wants it. */
async function readInput<T extends z.ZodObject>(
  request: IncomingMessage,
  { origins }: SignInServices,
  schema: T,
): Promise<z.output<T>> {
  assertSameOrigin(request, origins)
  const body = (await readBody(request)) ?? {}
  const result = schema.safeParse(body)
  if (!result.success) throw refuseFields(fieldErrors(result.error, body, schema))
  return result.data
}

async function signIn(services: SignInServices, input: z.output<typeof credentials>, c: Context) {
  const session = await beginSession(services, input, c)
  const membership = await findMembership(services.kernel.db, session.userId, 'sandbox')
  if (membership === undefined) throw belongsNowhere()
  setCookies(c, session.setCookies)
  return { signedIn: true }
}

/** Begins a session, or says that e-mail and password do not belong together; never which of them is wrong. */
async function beginSession(
  { accounts, signInLimit, proxies }: SignInServices,
  input: z.output<typeof credentials>,
  c: Context<Env>,
): Promise<SignedIn> {
  const attempt = { email: input.email, address: clientAddress(c.env.incoming, proxies) }
  signInLimit.attempt(attempt)
  const session = await accounts.signIn({ email: input.email, password: input.password })
  if (session === undefined) {
    throw new Refusal('unauthorized', 'E-mail address and password do not belong together.')
  }
  signInLimit.succeeded(attempt)
  return session
}

/** The same, and the browser has it. */
async function startSession(
  services: SignInServices,
  input: z.output<typeof credentials>,
  c: Context<Env>,
): Promise<string> {
  const { userId, setCookies: cookies } = await beginSession(services, input, c)
  setCookies(c, cookies)
  return userId
}

/** What a link is for, so that its page can say so. */
async function describeLink({ kernel }: SignInServices, secret: string) {
  const { email, role, organizationName } = await openLink(kernel, secret)
  return { email, role, organization: organizationName }
}

async function openLink(kernel: Kernel, secret: string): Promise<OpenInvitation> {
  const invitation = await findInvitation(kernel.db, hashOfToken(secret), new Date())
  if (invitation === undefined) throw linkIsOver()
  return invitation
}

/**
 * Uses a link up. Who has an account already proves it with its password. The account comes first and the membership
 * second, each in a transaction of its own: an end in between leaves an account that reaches nothing, and the link open.
 */
async function accept(services: SignInServices, input: z.output<typeof acceptance>, c: Context) {
  const { kernel, accounts } = services
  const invitation = await openLink(kernel, input.token)
  const address = addressFor(invitation, input.email)
  const made = await accounts.create({ name: input.name, email: address, password: input.password })
  const userId = made?.userId ?? (await proveAccount(services, { ...input, email: address }, c))
  const newcomer = { userId, email: address, name: input.name }
  try {
    await joinOrganization(kernel, invitation, input.token, newcomer)
  } catch (error) {
    if (made !== undefined) await accounts.discard(made.userId)
    throw error
  }
  if (made !== undefined) await startSession(services, { email: address, password: input.password }, c)
  return { signedIn: true }
}

function addressFor(invitation: OpenInvitation, given: string | undefined): string {
  if (invitation.email === null) {
    if (given !== undefined) return given.toLowerCase()
    throw refuseFields([{ field: 'email', message: 'must be given: it is what you will sign in with' }])
  }
  if (given === undefined || given.toLowerCase() === invitation.email) return invitation.email
  throw refuseFields([{ field: 'email', message: `must be the one that was invited, ${invitation.email}` }])
}

async function proveAccount(
  services: SignInServices,
  input: z.output<typeof credentials>,
  c: Context,
): Promise<string> {
  return startSession(services, { email: input.email, password: input.password }, c)
}

async function joinOrganization(
  kernel: Kernel,
  { environment, role }: OpenInvitation,
  secret: string,
  newcomer: Account,
): Promise<void> {
  const { userId, name, email } = newcomer
  const actor = { kind: 'user', id: userId, memberId: '', name, email, role } as const
  const caller = { environment, actor, requestId: undefined }
  await command(kernel, caller, (ctx) => acceptInvitation(ctx, secret, newcomer))
}

function cookiesOf(c: Context<Env>): string {
  return c.req.header('cookie') ?? ''
}

function setCookies(c: Context, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
}
