import { isDeepStrictEqual } from 'node:util'
import {
  asSent,
  type CreateCustomer,
  type Customer,
  type CustomerBatch,
  createCustomer as createCustomerSchema,
  type FieldError,
  type UpdateCustomer,
} from '@commet/contract'
import type { CommandContext } from '../../kernel/command.ts'
import { isUniqueViolation } from '../../kernel/database-errors.ts'
import { fieldErrors } from '../../kernel/field-errors.ts'
import { invariant } from '../../kernel/invariant.ts'
import { Refusal, refuseFields } from '../../kernel/refusal.ts'
import { customerNotFound } from './not-found.ts'
import { presentCustomer } from './present.ts'
import * as store from './store.ts'

/**
 * Owns customers. Does not know what they subscribe to.
 * One user ID belongs to one customer at a time; every change leaves an event and an audit entry in its commit.
 */

/** Creates a customer, or answers the one that has the user ID already. */
export async function createCustomer(
  ctx: CommandContext,
  input: CreateCustomer,
): Promise<{ readonly created: boolean; readonly customer: Customer }> {
  const [resolved] = await createMany(ctx, [newRow(ctx, input)])
  if (resolved === undefined) throw new Error('Creating one customer resolves to one customer')
  return { created: resolved.created, customer: presentCustomer(resolved.row, ctx.caller.environment) }
}

/** Creates up to 100 customers in a constant number of statements. Items that break a rule are reported, not thrown. */
export async function createCustomers(
  ctx: CommandContext,
  items: readonly Readonly<Record<string, unknown>>[],
): Promise<CustomerBatch> {
  const parsed = items.map((item, index) => ({ item, index, ...readNewCustomer(item) }))
  const rows = parsed.flatMap(({ input }) => (input === undefined ? [] : [newRow(ctx, input)]))
  const resolved = await createMany(ctx, rows)
  const { environment } = ctx.caller
  return {
    successful: resolved.map(({ row }) => presentCustomer(row, environment)),
    failed: parsed.flatMap(({ item, index, input, problems }) =>
      input === undefined ? [{ index, error: refuseFields(problems).message, data: asSent(item) }] : [],
    ),
    object: 'customer_batch',
    livemode: environment.mode === 'live',
  }
}

/** What a request to create a customer asks for, or what is wrong with its fields. */
export type NewCustomer = {
  readonly input: CreateCustomer | undefined
  readonly problems: readonly FieldError[]
}

export function readNewCustomer(item: Readonly<Record<string, unknown>>): NewCustomer {
  const { success, data, error } = createCustomerSchema.safeParse(item)
  return success
    ? { input: data, problems: [] }
    : { input: undefined, problems: fieldErrors(error, item, createCustomerSchema) }
}

/** Creates these customers; says of each whether it is new, and not the one that had its user ID already. */
export async function createEach(
  ctx: CommandContext,
  inputs: readonly CreateCustomer[],
): Promise<readonly boolean[]> {
  const resolved = await createMany(
    ctx,
    inputs.map((input) => newRow(ctx, input)),
  )
  return resolved.map(({ created }) => created)
}

type Resolved = { readonly row: store.CustomerRow; readonly created: boolean }

/** Resolves every row to the customer that has its user ID: the new one, an older one, or a twin in the same call. */
async function createMany(
  ctx: CommandContext,
  rows: readonly store.CustomerRow[],
): Promise<readonly Resolved[]> {
  const found = new Map<string, Resolved>()
  let open = withoutTwins(rows)
  for (let attempt = 0; open.length > 0; attempt++) {
    invariant(attempt < maxAttempts, 'a user ID is either free or taken')
    for (const resolved of await insertOrFind(ctx, open)) found.set(keyOf(resolved.row), resolved)
    open = open.filter((row) => !found.has(keyOf(row)))
  }
  return rows.map((row) => {
    const resolved = found.get(keyOf(row))
    invariant(resolved !== undefined, 'every row was resolved')
    return { row: resolved.row, created: resolved.created && resolved.row.id === row.id }
  })
}

/** A holder deleted between our insert and our look frees its user ID: one more round finds it free. */
const maxAttempts = 5

async function insertOrFind(
  ctx: CommandContext,
  rows: readonly store.CustomerRow[],
): Promise<readonly Resolved[]> {
  const environmentId = ctx.caller.environment.id
  const inserted = await store.insertFree(ctx.tx, environmentId, ctx.now, rows)
  const created = rows.filter(({ id }) => inserted.has(id))
  for (const row of created) noteCreation(ctx, row)
  const taken = rows.flatMap(({ id, external_id }) =>
    inserted.has(id) || external_id === null ? [] : [external_id],
  )
  if (taken.length > 0) store.sendKeep(ctx.tx, environmentId, taken)
  const existing = taken.length === 0 ? [] : await store.getByUserIds(ctx.tx, environmentId, taken)
  return [
    ...created.map((row) => ({ row, created: true })),
    ...existing.map((row) => ({ row, created: false })),
  ]
}

/** What makes two rows the same customer: the user ID, or nothing but the row itself. User IDs never look like IDs. */
function keyOf({ id, external_id }: store.CustomerRow): string {
  return external_id ?? id
}

function withoutTwins(rows: readonly store.CustomerRow[]): readonly store.CustomerRow[] {
  const firsts = new Map<string, store.CustomerRow>()
  for (const row of rows) if (!firsts.has(keyOf(row))) firsts.set(keyOf(row), row)
  return [...firsts.values()]
}

function noteCreation(ctx: CommandContext, row: store.CustomerRow): void {
  const customer = presentCustomer(row, ctx.caller.environment)
  ctx.emit({ type: 'customer.created', subjectId: row.id, data: customer })
  ctx.audit({ operation: 'customers.create', subjectId: row.id, before: null, after: customer })
}

function newRow(ctx: CommandContext, input: CreateCustomer): store.CustomerRow {
  return {
    id: ctx.newId('customer'),
    external_id: userIdOf(input) ?? null,
    email: input.email,
    full_name: input.fullName ?? null,
    tax_document: input.taxDocument ?? null,
    address: input.address ?? null,
    timezone: input.timezone ?? 'UTC',
    metadata: input.metadata ?? {},
    created_at: ctx.now,
    updated_at: ctx.now,
  }
}

/** The user ID that a new customer is to have. */
export function userIdOf({ id, externalId }: CreateCustomer): string | undefined {
  return id ?? externalId
}

/** Changes what is sent and leaves the rest. A change that nobody could see leaves no trace. */
export async function updateCustomer(
  ctx: CommandContext,
  name: string,
  input: UpdateCustomer,
): Promise<Customer> {
  const { environment } = ctx.caller
  const before = await store.lock(ctx.tx, environment.id, store.referenceOf(name))
  if (before === undefined) throw customerNotFound(name)
  refuseOtherCustomer(before, input)
  store.sendKeep(ctx.tx, environment.id, [before.id])
  const after = changedRow(before, input, ctx.now)
  const changes = changedFields(presentCustomer(before, environment), presentCustomer(after, environment))
  if (changes === undefined) return presentCustomer(before, environment)
  await saveRow(ctx, after)
  const customer = presentCustomer(after, environment)
  ctx.emit({ type: 'customer.updated', subjectId: after.id, data: customer })
  ctx.audit({ operation: 'customers.update', subjectId: after.id, ...changes })
  return customer
}

/** `id` and `customerId` in the body may repeat who is meant, and nothing else. */
function refuseOtherCustomer(row: store.CustomerRow, input: UpdateCustomer): void {
  const wrong = (['id', 'customerId'] as const).filter((field) => {
    const value = input[field]
    return value !== undefined && value !== row.id && value !== row.external_id
  })
  if (wrong.length === 0) return
  const message =
    'names another customer than the path; leave it out, or send externalId to change the user ID'
  throw refuseFields(wrong.map((field) => ({ field, message })))
}

function changedRow(row: store.CustomerRow, input: UpdateCustomer, now: Date): store.CustomerRow {
  return {
    ...row,
    email: input.email ?? row.email,
    external_id: input.externalId === undefined ? row.external_id : input.externalId,
    full_name: input.fullName === undefined ? row.full_name : input.fullName,
    tax_document: input.taxDocument === undefined ? row.tax_document : input.taxDocument,
    address: input.address === undefined ? row.address : input.address,
    timezone: input.timezone ?? row.timezone,
    metadata: input.metadata === undefined ? row.metadata : (input.metadata ?? {}),
    updated_at: now,
  }
}

/** The fields that differ, before and after; undefined when none does. */
function changedFields(before: Customer, after: Customer) {
  const names = (Object.keys(after) as (keyof Customer)[]).filter(
    (name) => name !== 'updatedAt' && !isDeepStrictEqual(before[name], after[name]),
  )
  if (names.length === 0) return undefined
  const pick = (customer: Customer) => Object.fromEntries(names.map((name) => [name, customer[name]]))
  return { before: pick(before), after: pick(after) }
}

async function saveRow(ctx: CommandContext, row: store.CustomerRow): Promise<void> {
  try {
    await store.update(ctx.tx, ctx.caller.environment.id, row)
  } catch (error) {
    if (!isUniqueViolation(error, store.userIdIndex)) throw error
    throw new Refusal(
      'duplicate',
      `The user ID ${JSON.stringify(row.external_id)} belongs to another customer.`,
      {
        param: 'externalId',
      },
    )
  }
}
