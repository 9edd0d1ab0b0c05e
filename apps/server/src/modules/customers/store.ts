import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../../kernel/caller.ts'
import { compose } from '../../kernel/compose.ts'
import type { ComposedStatement, ReadTransaction, Statement, WriteTransaction } from '../../kernel/db.ts'
import type { Order, Place } from '../../kernel/paging.ts'

/** All SQL of customers. Deleted customers keep their row; every statement here leaves them out. */

export type CustomerAddress = {
  readonly line1: string
  readonly line2?: string | undefined
  readonly city: string
  readonly state?: string | undefined
  readonly postalCode: string
  readonly country: string
  readonly region?: string | undefined
}

export type CustomerRow = {
  readonly id: string
  readonly external_id: string | null
  readonly email: string
  readonly full_name: string | null
  readonly tax_document: string | null
  readonly address: CustomerAddress | null
  readonly timezone: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly created_at: Date
  readonly updated_at: Date
}

/** A customer is named by its `cus_` ID or by the caller's user ID, which never starts with `cus_`. */
export type CustomerReference = { readonly id: string } | { readonly externalId: string }

export function referenceOf(name: string): CustomerReference {
  return name.startsWith('cus_') ? { id: name } : { externalId: name }
}

const columns =
  'id, external_id, email, full_name, tax_document, address, timezone, metadata, created_at, updated_at'

const getById: Statement = {
  name: 'customers.get_by_id',
  text: `select ${columns} from customers where environment_id = $1 and id = $2 and deleted_at is null`,
}

const getByUserId: Statement = {
  name: 'customers.get_by_user_id',
  text: `select ${columns} from customers where environment_id = $1 and external_id = $2 and deleted_at is null`,
}

export function get(
  tx: ReadTransaction,
  environmentId: string,
  reference: CustomerReference,
): Promise<CustomerRow | undefined> {
  return 'id' in reference
    ? tx.one(getById, [environmentId, reference.id])
    : tx.one(getByUserId, [environmentId, reference.externalId])
}

const lockById: Statement = { name: 'customers.lock_by_id', text: `${getById.text} for update` }
const lockByUserId: Statement = { name: 'customers.lock_by_user_id', text: `${getByUserId.text} for update` }

/** Reads a customer and keeps others from changing it until the commit. */
export function lock(
  tx: WriteTransaction,
  environmentId: string,
  reference: CustomerReference,
): Promise<CustomerRow | undefined> {
  return 'id' in reference
    ? tx.one(lockById, [environmentId, reference.id])
    : tx.one(lockByUserId, [environmentId, reference.externalId])
}

const insertMany: Statement = {
  name: 'customers.insert',
  text: `
    insert into customers
      (environment_id, id, external_id, email, email_folded, full_name, tax_document, address, timezone, metadata,
       search_text, created_at, updated_at)
    select $1, c.id, c.external_id, c.email, coalesce(c.email_folded, c.email), c.full_name, c.tax_document, c.address,
       c.timezone, c.metadata, c.search_text, $3, $3
    from jsonb_to_recordset($2) as c
      (id text, external_id text, email text, email_folded text, full_name text, tax_document text, address jsonb,
       timezone text, metadata jsonb, search_text text)
    order by c.external_id
    on conflict (environment_id, external_id) where deleted_at is null do nothing
    returning id`,
}

/**
 * Inserts new customers whose user ID is free, and answers the IDs of those. In the order of user IDs, so that two batches
 * with the same IDs wait for each other instead of locking each other out.
 */
export async function insertFree(
  tx: WriteTransaction,
  environmentId: string,
  createdAt: Date,
  rows: readonly CustomerRow[],
): Promise<ReadonlySet<string>> {
  const sent = JSON.stringify(rows.map(stored))
  const inserted = await tx.many<{ id: string }>(insertMany, [environmentId, sent, createdAt])
  return new Set(inserted.map(({ id }) => id))
}

const getManyByUserId: Statement = {
  name: 'customers.get_many_by_user_id',
  text: `select ${columns} from customers
    where environment_id = $1 and external_id = any ($2) and deleted_at is null`,
}

export function getByUserIds(
  tx: ReadTransaction,
  environmentId: string,
  userIds: readonly string[],
): Promise<CustomerRow[]> {
  return tx.many(getManyByUserId, [environmentId, userIds])
}

const getManyById: Statement = {
  name: 'customers.get_many_by_id',
  text: `select ${columns} from customers
    where environment_id = $1 and id = any ($2) and deleted_at is null order by created_at, id`,
}

/** Those of these customers that there are, oldest first. */
export function getByIds(
  tx: ReadTransaction,
  environmentId: string,
  ids: readonly string[],
): Promise<CustomerRow[]> {
  return tx.many(getManyById, [environmentId, ids])
}

const updateOne: Statement = {
  name: 'customers.update',
  text: `
    update customers set
      external_id = c.external_id, email = c.email, email_folded = coalesce(c.email_folded, c.email), full_name = c.full_name,
      tax_document = c.tax_document, address = c.address, timezone = c.timezone, metadata = c.metadata,
      search_text = c.search_text, updated_at = $4
    from jsonb_to_record($3) as c
      (external_id text, email text, email_folded text, full_name text, tax_document text, address jsonb,
       timezone text, metadata jsonb, search_text text)
    where environment_id = $1 and customers.id = $2`,
}

export async function update(tx: WriteTransaction, environmentId: string, row: CustomerRow): Promise<void> {
  await tx.many(updateOne, [environmentId, row.id, JSON.stringify(stored(row)), row.updated_at])
}

/** The unique index that keeps one user ID with one customer. */
export const userIdIndex = 'customers_user_id'

const markDeleted: Statement = {
  name: 'customers.delete',
  text: 'update customers set deleted_at = $3 where environment_id = $1 and id = any ($2)',
}

export function sendDelete(
  tx: WriteTransaction,
  environmentId: string,
  ids: readonly string[],
  at: Date,
): void {
  tx.send(markDeleted, [environmentId, ids, at])
}

const lockMany: Statement = {
  name: 'customers.lock_many',
  text: `
    select ${columns} from customers where environment_id = $1 and id = any ($2) and deleted_at is null
    order by id for update`,
}

/** Locks those that exist, in the order of IDs, so that nobody who locks several waits in a circle. */
export function lockByIds(
  tx: WriteTransaction,
  environmentId: string,
  ids: readonly string[],
): Promise<CustomerRow[]> {
  return tx.many(lockMany, [environmentId, ids])
}

/** A deletion that is asked for and not yet carried out. */
export type DeletionRow = {
  readonly id: string
  readonly customer_ids: readonly string[]
  /** Whom the audit will name. */
  readonly requested_by: Actor
  readonly request_id: string | null
  readonly created_at: Date
  readonly due_at: Date
}

const deletionColumns = 'id, customer_ids, requested_by, request_id, created_at, due_at'

const insertDeletion: Statement = {
  name: 'customers.insert_deletion',
  text: `
    insert into customer_deletions (environment_id, id, customer_ids, requested_by, request_id, created_at, due_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
}

export function sendDeletion(tx: WriteTransaction, environmentId: string, row: DeletionRow): void {
  const { id, customer_ids, requested_by, request_id, created_at, due_at } = row
  const requestedBy = JSON.stringify(requested_by)
  tx.send(insertDeletion, [environmentId, id, customer_ids, requestedBy, request_id, created_at, due_at])
}

const findDeletionById: Statement = {
  name: 'customers.find_deletion',
  text: `select ${deletionColumns} from customer_deletions where environment_id = $1 and id = $2`,
}

export function findDeletion(
  tx: ReadTransaction,
  environmentId: string,
  id: string,
): Promise<DeletionRow | undefined> {
  return tx.one(findDeletionById, [environmentId, id])
}

const listDeletionsOf: Statement = {
  name: 'customers.list_deletions',
  text: `
    select ${deletionColumns} from customer_deletions
    where environment_id = $1 and ($3::timestamptz is null or (created_at, id) < ($3, $4))
    order by created_at desc, id desc limit $2`,
}

export function listDeletions(
  tx: ReadTransaction,
  environmentId: string,
  limit: number,
  after: Place | undefined,
): Promise<DeletionRow[]> {
  return tx.many(listDeletionsOf, [environmentId, limit, after?.createdAt ?? null, after?.id ?? null])
}

const takeDeletionById: Statement = {
  name: 'customers.take_deletion',
  text: 'delete from customer_deletions where environment_id = $1 and id = $2 returning customer_ids',
}

/** Removes a deletion, and answers what it would still delete; undefined for all but the first who asks. */
export async function takeDeletion(
  tx: WriteTransaction,
  environmentId: string,
  id: string,
): Promise<readonly string[] | undefined> {
  const row = await tx.one<{ customer_ids: readonly string[] }>(takeDeletionById, [environmentId, id])
  return row?.customer_ids
}

const keepWithUserId: Statement = {
  name: 'customers.keep',
  text: `
    update customer_deletions d set customer_ids = array(
      select unnest(d.customer_ids) except all select unnest(kept.ids)
    )
    from (
      select array_agg(id) as ids from customers
      where environment_id = $1 and deleted_at is null and (id = any ($2) or external_id = any ($2))
    ) as kept
    where d.environment_id = $1 and d.customer_ids && kept.ids`,
}

/**
 * Takes customers out of every deletion that waits, by ID or user ID. Where one is being carried out it waits for the
 * outcome: whoever reads a customer behind this statement reads one that stays.
 */
export function sendKeep(tx: WriteTransaction, environmentId: string, names: readonly string[]): void {
  tx.send(keepWithUserId, [environmentId, names])
}

export type CustomerFilter = {
  readonly externalId?: string | undefined
  readonly email?: string | undefined
  readonly search?: string | undefined
  readonly createdAfter?: Date | undefined
  readonly createdBefore?: Date | undefined
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly order: Order
  readonly after?: Place | undefined
  readonly limit: number
}

/**
 * Customers that pass the filter, newest or oldest first. Search and metadata run inside a function of the database,
 * because row-level security keeps their indexes from the statements of the app role.
 */
export function list(
  tx: ReadTransaction,
  environmentId: string,
  filter: CustomerFilter,
): Promise<CustomerRow[]> {
  const pattern = filter.search === undefined ? undefined : searchPattern(filter.search)
  if (pattern === undefined && filter.metadata === undefined)
    return isFiltered(filter)
      ? tx.manyComposed(listPlain(environmentId, filter))
      : tx.many(pageStatement(filter), [environmentId, ...placeOf(filter.after)])
  return tx.many(findCustomers, [
    pattern ?? null,
    filter.metadata === undefined ? null : metadataAlternatives(filter.metadata),
    filter.externalId ?? null,
    filter.email === undefined ? null : fold(filter.email),
    filter.createdAfter ?? null,
    filter.createdBefore ?? null,
    filter.order,
    filter.after?.createdAt ?? null,
    filter.after?.id ?? null,
    filter.limit,
  ])
}

const findCustomers: Statement = {
  name: 'customers.find',
  text: `select ${columns} from find_customers($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
}

/** What one metadata filter may be stored as: the text itself, or the number, boolean or null it spells. */
function metadataAlternatives(wanted: Readonly<Record<string, string>>): string {
  return JSON.stringify(
    Object.entries(wanted).map(([key, text]) => spellings(text).map((value) => ({ [key]: value }))),
  )
}

function spellings(text: string): readonly unknown[] {
  if (text === 'true' || text === 'false' || text === 'null') return [text, JSON.parse(text)]
  return isExactNumber(text) ? [text, Number(text)] : [text]
}

/** A number of JSON that JavaScript does not turn into another one. */
function isExactNumber(text: string): boolean {
  if (!/^-?(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][+-]?\d{1,3})?$/.test(text)) return false
  const number = Number(text)
  return (
    Number.isSafeInteger(number) || String(number) === text || (text.includes('.') && Number.isFinite(number))
  )
}

function isFiltered({ externalId, email, createdAfter, createdBefore }: CustomerFilter): boolean {
  return [externalId, email, createdAfter, createdBefore].some((value) => value !== undefined)
}

function placeOf(after: Place | undefined): readonly unknown[] {
  return after === undefined ? [] : [after.createdAt, after.id]
}

const pageStatements = new Map<string, Statement>()

/**
 * The whole list is what is read most: prepared, with the limit as a constant, without which PostgreSQL would plan it anew
 * every time. There are as many of these as limits and directions.
 */
function pageStatement({ order, after, limit }: CustomerFilter): Statement {
  const name = `customers.page_${order}_${limit}${after === undefined ? '' : '_after'}`
  const known = pageStatements.get(name)
  if (known !== undefined) return known
  const beyond = after === undefined ? '' : `and (created_at, id) ${order === 'desc' ? '<' : '>'} ($2, $3)`
  const text = `select ${columns} from customers where environment_id = $1 and deleted_at is null ${beyond}
    order by created_at ${order}, id ${order} limit ${limit}`
  const statement = { name, text }
  pageStatements.set(name, statement)
  return statement
}

function listPlain(environmentId: string, filter: CustomerFilter): ComposedStatement {
  const { externalId, email, createdAfter, createdBefore, after, order } = filter
  const conditions = [
    sql`environment_id = ${environmentId}`,
    sql`deleted_at is null`,
    ...(externalId === undefined ? [] : [sql`external_id = ${externalId}`]),
    ...(email === undefined ? [] : [sql`email_folded = ${fold(email)}`]),
    ...(createdAfter === undefined ? [] : [sql`created_at > ${createdAfter}`]),
    ...(createdBefore === undefined ? [] : [sql`created_at < ${createdBefore}`]),
    ...(after === undefined ? [] : [beyond(after, order)]),
  ]
  const direction = sql.raw(order)
  return compose(sql`
    select ${sql.raw(columns)} from customers
    where ${sql.join(conditions, sql` and `)}
    order by created_at ${direction}, id ${direction}
    limit ${filter.limit}`)
}

function beyond(place: Place, order: Order): RawBuilder<unknown> {
  const comparison = sql.raw(order === 'desc' ? '<' : '>')
  return sql`(created_at, id) ${comparison} (${place.createdAt}, ${place.id})`
}

/** A row as it is sent: with the columns that only the database sees, without what is null and what says nothing new. */
function stored(row: CustomerRow): object {
  const folded = fold(row.email)
  return {
    id: row.id,
    external_id: row.external_id ?? undefined,
    email: row.email,
    email_folded: folded === row.email ? undefined : folded,
    full_name: row.full_name ?? undefined,
    tax_document: row.tax_document ?? undefined,
    address: row.address ?? undefined,
    timezone: row.timezone,
    metadata: row.metadata,
    search_text: searchTextOf(row),
  }
}

const ascii = /^[\0-\x7f]*$/

/**
 * Folds case and width alike in every script; done here so that no database locale changes what is found. By way of
 * capitals, so that letters with several small forms meet (ß and ss, dotless i and i), and without regard to where in a
 * word a letter stands (the sigma at the end of Greek words) or to the dot that lower-casing leaves on the Turkish İ.
 */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  const small = text.normalize('NFKC').toUpperCase().toLowerCase()
  return small.replaceAll('ς', 'σ').replaceAll('i\u0307', 'i').normalize('NFC')
}

/**
 * What search looks at: each field on a line of its own, then how each further word of it starts. So a word starts where a
 * line starts, and a substring never reaches from one field into the next. Longer terms are looked for inside the fields.
 */
function searchTextOf({ full_name, email, external_id, id }: CustomerRow): string {
  const fields = [full_name, email, external_id, id].filter((field) => field !== null).map(oneLine)
  const text = `\n${fields.join('\n')}`
  const starts = text.match(furtherWords) ?? []
  return starts.reduce((lines, start) => (lines.includes(`\n${start}`) ? lines : `${lines}\n${start}`), text)
}

function oneLine(text: string): string {
  return fold(text).replace(/\s+/g, ' ').trim()
}

const shortestSubstring = 3
/** How words start that start no line: as many characters as a term may have that is too short for a substring. */
const furtherWords = new RegExp(
  `(?<![\\p{L}\\p{M}\\p{N}\\n])[\\p{L}\\p{M}\\p{N}]{1,${shortestSubstring - 1}}`,
  'gu',
)

/** The LIKE pattern of a search term: anywhere from three characters on, the start of a word below; none if empty. */
function searchPattern(term: string): string | undefined {
  const wanted = oneLine(term)
  if (wanted === '') return undefined
  const literal = wanted.replace(/[\\%_]/g, '\\$&')
  return [...wanted].length >= shortestSubstring ? `%${literal}%` : `%\n${literal}%`
}
