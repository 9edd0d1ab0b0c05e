import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A relay between a server and its PostgreSQL that counts what passes: statements (messages Execute and Query) and round
 * trips (the client speaks again after it has heard something). Only what requests do is counted, by their login: the worker's
 * has work of its own. Every byte is passed on as it came.
 */

export type WireCount = { readonly statements: number; readonly roundTrips: number }

export type WireCounter = {
  /** The DATABASE_URL that leads through the relay. */
  readonly url: string
  /** What passed while `work` ran. */
  during(work: () => Promise<unknown>): Promise<WireCount>
  close(): Promise<void>
}

export async function countWire(databaseUrl: string): Promise<WireCounter> {
  const target = new URL(databaseUrl.replace('@/', '@localhost/'))
  const host = target.searchParams.get('host') ?? target.hostname
  const port = target.searchParams.get('port') ?? target.port
  const count = { statements: 0, roundTrips: 0 }
  const sockets = new Set<Socket>()
  const relay = createServer((client) => {
    const database = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(Number(port), host)
    for (const socket of [client, database]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    let heard = true
    let ofRequests: boolean | undefined
    const messages = createMessageReader((type) => {
      if (ofRequests && (type === 'E' || type === 'Q')) count.statements++
    })
    client.on('data', (chunk: Buffer) => {
      // The first message of a connection says who logs in.
      ofRequests ??= chunk.includes('\0commet_app\0')
      if (ofRequests && heard) count.roundTrips++
      heard = false
      messages(chunk)
      database.write(chunk)
    })
    database.on('data', (chunk: Buffer) => {
      heard = true
      client.write(chunk)
    })
    client.on('close', () => database.destroy())
    database.on('close', () => client.destroy())
  })
  await listen(relay)
  target.hostname = '127.0.0.1'
  target.port = String((relay.address() as AddressInfo).port)
  target.search = ''
  return {
    url: target.href,
    during: async (work) => {
      const before = { ...count }
      await work()
      return {
        statements: count.statements - before.statements,
        roundTrips: count.roundTrips - before.roundTrips,
      }
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        relay.close(() => resolve())
      }),
  }
}

function listen(relay: Server): Promise<void> {
  return new Promise((resolve) => relay.listen(0, '127.0.0.1', () => resolve()))
}

/** Finds the types of the messages of one client. The first message has no type, only a length. */
function createMessageReader(found: (type: string) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let started = false
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const head = started ? 1 : 0
      if (rest.length < head + 4) return
      const length = rest.readUInt32BE(head)
      if (rest.length < head + length) return
      if (started) found(String.fromCharCode(rest[0] ?? 0))
      started = true
      rest = rest.subarray(head + length)
    }
  }
}
