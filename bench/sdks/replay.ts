import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers every request as the real server answered one: what a client keeps in memory does not depend on who answers. */

export type Replay = { readonly address: string; stop(): Promise<void> }

const ownToConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'])

export async function startReplay(url: string, headers: Readonly<Record<string, string>>): Promise<Replay> {
  const answer = await fetch(url, { headers })
  const body = Buffer.from(await answer.arrayBuffer())
  const head = [...answer.headers].filter(([name]) => !ownToConnection.has(name)).flat()
  const server = createServer((_request, response) => {
    response.writeHead(answer.status, [...head, 'content-length', String(body.length)]).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
