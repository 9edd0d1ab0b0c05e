import { searchTerms } from './search-terms.ts'
import { seededRandom } from './statistics.ts'

/**
 * The HTTP request of each operation. Our server, the floor and the bare server that sends our statements get the very
 * same requests, so that what differs is what they do with them.
 */

export const operationNames = ['get', 'list', 'search', 'replay', 'create', 'recreate', 'batch'] as const
export type OperationName = (typeof operationNames)[number]

/** Operations that leave rows behind, which are tidied away after each round. */
export const writes: ReadonlySet<OperationName> = new Set(['create', 'recreate', 'batch'])

export type HttpRequest = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
  readonly headers: Readonly<Record<string, string>>
}

/** A customer of the seed. */
export type Sample = { readonly id: string; readonly external_id: string; readonly email: string }

export type RequestSource = {
  readonly apiKey: string
  readonly samples: readonly Sample[]
  /** Makes the names of new customers and keys unlike those of any other run. */
  readonly label: string
}

export const batchSize = 100
const prepared = 2_000
/** Replays take turns among so many keys, so that no two of one key run at once: that is refused. */
export const replayedKeys = 500

/** Answers a function that gives one request of the operation after the other. */
export function requestsOf(operation: OperationName, source: RequestSource): () => HttpRequest {
  const { apiKey, samples, label } = source
  const read = { 'x-api-key': apiKey }
  const write = (key: string) => ({ ...read, 'content-type': 'application/json', 'idempotency-key': key })
  const random = seededRandom(1)
  const anyone = () => samples[Math.floor(random() * samples.length)] as Sample
  let number = 0
  const freshToken = () => `${label}${operation}x${number++}`
  switch (operation) {
    case 'get':
      return cycle(() => ({ method: 'GET', path: `/api/v1/customers/${anyone().id}`, headers: read }))
    case 'list':
      return cycle(() => ({ method: 'GET', path: '/api/v1/customers?limit=25', headers: read }))
    case 'search': {
      const terms = searchTerms(samples, prepared)
      return cycle((index) => searchRequest(terms[index]?.term ?? '', apiKey))
    }
    case 'create':
      return () => {
        const token = freshToken()
        return { method: 'POST', path: '/api/v1/customers', body: newCustomer(token), headers: write(token) }
      }
    case 'recreate':
      return () => {
        const { external_id, email } = anyone()
        const body = JSON.stringify({ id: external_id, email })
        return { method: 'POST', path: '/api/v1/customers', body, headers: write(freshToken()) }
      }
    case 'replay':
      return () => {
        const token = `replayed${number++ % replayedKeys}`
        return { method: 'POST', path: '/api/v1/customers', body: newCustomer(token), headers: write(token) }
      }
    case 'batch':
      return () => {
        const token = freshToken()
        return {
          method: 'POST',
          path: '/api/v1/customers/batch',
          body: `{"customers":[${Array.from({ length: batchSize }, (_, place) => newCustomer(`${token}y${place}`)).join(',')}]}`,
          headers: write(token),
        }
      }
  }
}

export function searchRequest(term: string, apiKey: string): HttpRequest {
  const path = `/api/v1/customers?limit=25&search=${encodeURIComponent(term)}`
  return { method: 'GET', path, headers: { 'x-api-key': apiKey } }
}

/** Making a request must cost the generator little: reads are prepared once and sent in turn. */
function cycle(make: (index: number) => HttpRequest): () => HttpRequest {
  const requests = Array.from({ length: prepared }, (_, index) => make(index))
  let next = 0
  return () => requests[next++ % prepared] as HttpRequest
}

/** New customers are named by a token that starts with `new`; tidying knows them by it. */
function newCustomer(token: string): string {
  return `{"email":"new.${token}@example.com","id":"new_${token}","fullName":"Ada Lovelace","metadata":{"plan":"team","seats":12}}`
}
