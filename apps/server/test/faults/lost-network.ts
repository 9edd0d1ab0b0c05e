import { connect, createServer, type Socket } from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { callerWith } from '@commet/testkit'
import { type Fault, type Installation, installOutside, outage } from './scenarios.ts'

/** A network between server and PostgreSQL that swallows what is sent, and says nothing of it. */

type Network = {
  readonly port: number
  /** From now on nothing arrives, and nobody is told; answers how to end that, for the connections of old by cutting them. */
  swallow(): () => void
  close(): void
}

export type NetworkInstallation = Installation & { readonly network: Network }

export async function installBehindNetwork(): Promise<NetworkInstallation> {
  let network: Network | undefined
  const installation = await installOutside(async ({ host, port }) => {
    network = await openNetwork(path.join(host, `.s.PGSQL.${port}`))
    return { host: '127.0.0.1', port: network.port }
  })
  if (network === undefined) throw new Error('The way to the database was not asked for')
  const { close } = network
  return {
    ...installation,
    network,
    get server() {
      return installation.server
    },
    end: async () => {
      await installation.end()
      close()
    },
  }
}

function openNetwork(databaseSocket: string): Promise<Network> {
  const ends = new Set<Socket>()
  let swallows = false
  const server = createServer((near) => {
    const far = connect(databaseSocket)
    const both = [near, far]
    for (const end of both) {
      ends.add(end)
      end.on('error', () => undefined)
      end.on('close', () => {
        ends.delete(end)
        if (!swallows) for (const other of both) other.destroy()
      })
    }
    near.on('data', (bytes) => swallows || far.write(bytes))
    far.on('data', (bytes) => swallows || near.write(bytes))
  })
  const cutAll = () => {
    for (const end of ends) end.destroy()
  }
  const swallow = () => {
    swallows = true
    return () => {
      swallows = false
      cutAll()
    }
  }
  const close = () => {
    server.close()
    cutAll()
  }
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({ port, swallow, close })
    })
  })
}

export const networkFaults = {
  'a network that swallows what is sent to PostgreSQL': {
    strike: async (installation) => {
      const before = outages(installation)
      const restore = installation.network.swallow()
      await untilTold(installation, before)
      await expectRefusal(installation)
      restore()
    },
    says: outage,
    complaints: outage.length,
  },
} as const satisfies Readonly<Record<string, Fault<NetworkInstallation>>>

const outages = ({ server }: Installation) =>
  server.logLines.filter(({ message }) => outage[0].test(message)).length

const noticedWithinMs = 60_000

async function untilTold(installation: Installation, before: number): Promise<void> {
  const giveUpAt = performance.now() + noticedWithinMs
  while (outages(installation) === before) {
    if (performance.now() > giveUpAt) throw new Error('Nothing is answered, and the server does not notice')
    await delay(20)
  }
}

/** Once it is noticed nobody waits: what is asked is answered, and health says how it is. */
async function expectRefusal({ address, apiKey }: Installation): Promise<void> {
  const call = callerWith(address, apiKey)
  const statuses = await Promise.all([
    call('GET', '/api/v1/customers'),
    call('POST', '/api/v1/customers', { body: { email: 'away@example.com' } }),
    call('GET', '/health'),
  ]).then((replies) => replies.map(({ status }) => status))
  if (statuses.some((status) => status !== 503)) throw new Error(`During an outage: ${statuses}`)
}
