import pg from 'pg'
import { gather } from '../apps/server/src/kernel/gather.ts'
import { type BareReply, type BareRequest, serveBare, settingsFromParent } from './bare-http.ts'
import { countedId } from './counted-ids.ts'
import { floorParts, patternOf } from './parts.ts'

/** A bare server that sends the statements of floor.sql: raw `pg`, prepared, pipelined, as the owner of the tables. */

const parts = floorParts()
const connection = await settingsFromParent<pg.ClientConfig>()

const readers = await Promise.all([connect(), connect()])
const writers = await Promise.all(Array.from({ length: 16 }, connect))
let readTurn = 0
let writeTurn = 0

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, pipeline: true, options: '-c timezone=UTC' })
  await client.connect()
  return client
}

/** Pipelined: statements wait for each other inside PostgreSQL, not for the round trip. */
function read(name: string, values: unknown[]): Promise<pg.QueryResult> {
  const client = readers[readTurn++ % readers.length] as pg.Client
  gather(client.connection.stream)
  return client.query({ name, text: parts[name] ?? '', values })
}

/** As many connections as the load has, so that commits share the disk's flush. */
function write(name: string, values: unknown[]): Promise<pg.QueryResult> {
  const client = writers[writeTurn++ % writers.length] as pg.Client
  gather(client.connection.stream)
  return client.query({ name, text: parts[name] ?? '', values })
}

type NewCustomer = {
  readonly id: string
  readonly email: string
  readonly fullName?: string
  readonly metadata?: unknown
}

/** What the floor's search has to find: a part of any of four fields, and the starts of the words in them. */
function searchText(id: string, { id: externalId, email, fullName }: NewCustomer): string {
  const fields = `\n${fullName ?? ''}\n${email}\n${externalId}\n${id}`.toLowerCase()
  return `${fields}\n${new Set(fields.match(/(?<=[^a-z0-9\n])[a-z0-9]{1,2}/g)).values().toArray().join('\n')}`
}

serveBare(async ({ operation, name, key, body }: BareRequest): Promise<BareReply> => {
  switch (operation) {
    case 'get':
      return json(200, (await read('get', [name])).rows[0])
    case 'list':
      return { status: 200, body: listOf((await read('list', [])).rows as { readonly customer: string }[]) }
    // Unnamed: a plan made for no term in particular is a bad plan for most of them.
    case 'search': {
      const client = readers[readTurn++ % readers.length] as pg.Client
      const { rows } = await client.query({ text: parts.search ?? '', values: [patternOf(name)] })
      return json(200, rows.slice(0, 25))
    }
    case 'create':
      return create(JSON.parse(body) as NewCustomer)
    case 'recreate': {
      const customer = JSON.parse(body) as NewCustomer
      const id = countedId('cus_')
      const values = [id, customer.id, customer.email, searchText(id, customer), new Date()]
      return json(200, (await write('recreate', values)).rows[0])
    }
    case 'replay':
      return { status: 201, body: (await read('replay', [key])).rows[0].body as string }
    case 'batch':
      return batch((JSON.parse(body) as { readonly customers: readonly NewCustomer[] }).customers)
  }
})

/** PostgreSQL writes the JSON: reading rows by the driver, to write them again, would be more than the least. */
function listOf(rows: readonly { readonly customer: string }[]): string {
  return `[${rows
    .slice(0, 25)
    .map(({ customer }) => customer)
    .join(',')}]`
}

async function create(customer: NewCustomer): Promise<BareReply> {
  const { id: external_id, email, fullName: full_name, metadata } = customer
  const id = countedId('cus_')
  const now = new Date()
  await write('create', [id, external_id, email, full_name, metadata, searchText(id, customer), now])
  return json(201, { id, external_id, email, full_name, metadata, created_at: now })
}

async function batch(customers: readonly NewCustomer[]): Promise<BareReply> {
  const rows = customers.map((customer) => {
    const { id: external_id, email, fullName: full_name, metadata } = customer
    const id = countedId('cus_')
    return { id, external_id, email, full_name, metadata, search_text: searchText(id, customer) }
  })
  await write('batch', [JSON.stringify(rows), new Date()])
  return json(200, rows)
}

function json(status: number, value: unknown): BareReply {
  return { status, body: JSON.stringify(value) }
}
