import type { Environment } from '../api/environment.ts'

/** What to send first, as commands that run against this very server. */

/** Its fields by the names of the wire. */
export const exampleCustomer = { email: 'billing@example.com', id: 'user_123' }

export function firstRequest(environment: Environment): string {
  return post(environment, '/customers', exampleCustomer)
}

/** Several customers at once. */
export function firstBatch(environment: Environment): string {
  return post(environment, '/customers/batch', { customers: [exampleCustomer] })
}

function post(environment: Environment, path: string, body: object): string {
  return [
    `curl -X POST ${location.origin}/api/v1${path}`,
    `-H "x-api-key: ck_${environment}_YOUR_KEY"`,
    '-H "Content-Type: application/json"',
    `-d '${JSON.stringify(body)}'`,
  ].join(' \\\n  ')
}
