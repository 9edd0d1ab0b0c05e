import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { Trip, type TripStatement } from '../apps/server/src/kernel/trip.ts'
import { startServer } from '../apps/server/src/server.ts'
import { patternOf } from './parts.ts'
import { type HttpRequest, type OperationName, operationNames, requestsOf, type Sample } from './requests.ts'
import type { Script, Scripts, SentStatement, SentValue } from './scripts.ts'

/**
 * Records what our server sends to PostgreSQL for each operation: statements, values, and where it waits. The bare server
 * of the second ratio sends the same, so that it compares with what we really do, whatever that is today.
 */
export async function recordScripts(databaseUrl: string, secret: string, apiKey: string): Promise<Scripts> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'commet-bench-'))
  const quiet = { info() {}, warn() {}, error() {} }
  const server = await startServer(
    {
      ...{ databaseUrl, secret, apiKey, dataFolder, port: 0, host: '127.0.0.1', demo: false },
      ...{
        publicUrl: undefined,
        worker: false,
        rateLimitPerMinute: 0,
        trustedProxies: [],
        eventRetentionDays: 0,
        auditRetentionMonths: 0,
        metricsToken: undefined,
        warnings: [],
      },
    },
    quiet,
  )
  try {
    const scripts: Partial<Record<OperationName, Script>> = {}
    for (const operation of operationNames) {
      scripts[operation] = await recordOne(server.address, apiKey, operation)
    }
    return { scripts: scripts as Record<OperationName, Script>, connection: lastConnection }
  } finally {
    await server.stop()
    await rm(dataFolder, { recursive: true, force: true })
  }
}

const recordedTerm = 'recordedterm'
const recordedSample: Sample = { id: '', external_id: 'user_0', email: 'recorded@example.com' }

async function recordOne(address: string, apiKey: string, operation: OperationName): Promise<Script> {
  const label = 'recorded'
  const source = { apiKey, label, samples: [await sample(address, apiKey)] }
  const next = requestsOf(operation, source)
  const request = operation === 'search' ? searchFor(next()) : next()
  if (operation === 'replay') await send(address, request)
  const trips = listenToTrips()
  const { status, body } = await send(address, request)
  return { trips: trips(), token: tokenOf(operation, request, label), status, body }
}

function searchFor(request: HttpRequest): HttpRequest {
  return { ...request, path: request.path.replace(/search=.*/, `search=${recordedTerm}`) }
}

/** Something to get and to create again; it is made with the first recording. */
async function sample(address: string, apiKey: string): Promise<Sample> {
  const request: HttpRequest = {
    method: 'POST',
    path: '/api/v1/customers',
    body: JSON.stringify({ id: recordedSample.external_id, email: recordedSample.email }),
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
  }
  const { body } = await send(address, request)
  return { ...recordedSample, id: (JSON.parse(body) as { readonly data: { readonly id: string } }).data.id }
}

async function send(address: string, request: HttpRequest): Promise<{ status: number; body: string }> {
  const { method, path: target, headers, body } = request
  const answer = await fetch(address + target, { method, headers, ...(body === undefined ? {} : { body }) })
  return { status: answer.status, body: await answer.text() }
}

function tokenOf(operation: OperationName, { path: target }: HttpRequest, label: string): string {
  switch (operation) {
    case 'get':
      return target.slice(target.lastIndexOf('/') + 1)
    case 'search':
      return patternOf(recordedTerm)
    case 'list':
      return ''
    case 'replay':
      return 'replayed0'
    case 'recreate':
      return recordedSample.external_id
    case 'create':
    case 'batch':
      return `${label}${operation}x0`
  }
}

let lastConnection: Readonly<Record<string, unknown>> = {}

/** Notes what the app role sends until the function it answers is called; the log of requests is written by another. */
function listenToTrips(): () => Script['trips'] {
  const trips: { shared: boolean; statements: SentStatement[] }[] = []
  const query = pg.Client.prototype.query as (...given: unknown[]) => unknown
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [trip] = given
    if (
      trip instanceof Trip &&
      this.user === 'commet_app' &&
      !trip.statements.some(({ name }) => name === 'organizations.record_key_use')
    ) {
      trips.push({ shared: isRead(trip.statements), statements: trip.statements.map(sent) })
      lastConnection = connectionOf(this)
    }
    return query.apply(this, given)
  } as typeof pg.Client.prototype.query
  return () => {
    pg.Client.prototype.query = query as typeof pg.Client.prototype.query
    return trips
  }
}

/** Reads go over the connections that all requests share. */
function isRead([first]: readonly TripStatement[]): boolean {
  return first?.name === 'kernel.enter_to_read'
}

function connectionOf(client: pg.Client): Readonly<Record<string, unknown>> {
  const { host, port, user, password, database } = client
  const { options } = (client as unknown as { connectionParameters: { options?: string } })
    .connectionParameters
  return { host, port, user, password, database, options }
}

function sent({ name, text, values }: TripStatement): SentStatement {
  return { ...(name === undefined ? {} : { name }), text, values: (values ?? []).map(plain) }
}

/** A value that can be handed to another process. */
function plain(value: unknown): SentValue {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('latin1') }
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (value === null || value === undefined) return null
  throw new Error(`A statement carries a value that cannot be recorded: ${typeof value}`)
}
