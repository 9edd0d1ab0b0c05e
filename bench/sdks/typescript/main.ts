import { createInterface } from 'node:readline'
import { Commet } from '../../../sdks/typescript/src/index.ts'

/** Gets one customer again and again, through the SDK or with fetch, as standard input says: `sdk 100`, `plain 100`. */

const { COMMET_BASE_URL: baseUrl = '', COMMET_API_KEY: apiKey = '', BENCH_CUSTOMER_ID: id = '' } = process.env
const commet = new Commet({ apiKey, baseUrl })

async function throughSdk(): Promise<string> {
  return (await commet.customers.get({ id })).data.id
}

async function plain(): Promise<string> {
  const answer = await fetch(`${baseUrl}/api/v1/customers/${id}`, {
    headers: { accept: 'application/json', 'x-api-key': apiKey, 'commet-version': '2026-07-11' },
  })
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return ((await answer.json()) as { readonly data: { readonly id: string } }).data.id
}

console.log(JSON.stringify({ ready: `Node ${process.versions.node}, undici ${process.versions.undici}` }))
for await (const line of createInterface({ input: process.stdin })) {
  const [side, calls] = line.split(' ')
  const call = side === 'sdk' ? throughSdk : plain
  const started = performance.now()
  for (let made = 0; made < Number(calls); made += 1) {
    if ((await call()) !== id) throw new Error('another customer was answered')
  }
  console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000 }))
}
