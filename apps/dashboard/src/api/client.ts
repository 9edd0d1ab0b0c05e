import { Commet } from '@commet/node'
import type { Environment } from './environment.ts'
import { watchedFetch } from './reach.ts'

/** The client library with the session's cookie, one for each environment. */

const clients = { sandbox: connect('sandbox'), live: connect('live') }

export function clientOf(environment: Environment): Commet {
  return clients[environment]
}

function connect(environment: Environment): Commet {
  return new Commet({ auth: { session: true }, environment, baseUrl: location.origin, fetch: watchedFetch })
}
