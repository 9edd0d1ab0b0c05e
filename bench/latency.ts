import { Client } from 'undici'
import type { BenchDatabase } from './database.ts'
import type { HttpRequest, Sample } from './requests.ts'
import { searchRequest } from './requests.ts'
import { searchTerms, type TermKind, termKinds, unbounded } from './search-terms.ts'
import { median, percentile } from './statistics.ts'

/** How long single requests take when nobody else is served: pages deep in the list, and the mix of searches. */

async function timed(
  client: Client,
  { method, path, headers }: HttpRequest,
): Promise<{ ms: number; body: string }> {
  const started = performance.now()
  const { statusCode, body } = await client.request({ method, path, headers })
  const text = await body.text()
  if (statusCode !== 200) throw new Error(`${path} was answered ${statusCode}: ${text}`)
  return { ms: performance.now() - started, body: text }
}

export type DeepPage = { readonly firstMs: number; readonly deepMs: number; readonly depth: number }

/** Alternates between the first page and one so many pages deep. */
export async function deepPage(
  origin: string,
  apiKey: string,
  database: BenchDatabase,
  rows: number,
  times: number,
): Promise<DeepPage> {
  const pages = Math.min(4_000, Math.floor(rows / 25) - 1)
  const [place] = await database.owner<{ at: Date; id: string }>(
    `select created_at as at, id from commet.customers where deleted_at is null
     order by created_at desc, id desc offset $1 limit 1`,
    [pages * 25 - 1],
  )
  if (place === undefined) throw new Error('There are too few customers for a deep page')
  const cursor = Buffer.from(JSON.stringify(['desc', place.at.getTime(), place.id])).toString('base64url')
  const headers = { 'x-api-key': apiKey }
  const first: HttpRequest = { method: 'GET', path: '/api/v1/customers?limit=25', headers }
  const deep: HttpRequest = { ...first, path: `${first.path}&cursor=${cursor}` }
  const client = new Client(origin)
  for (const request of [first, deep]) assertFull((await timed(client, request)).body)
  const taken: { first: number[]; deep: number[] } = { first: [], deep: [] }
  for (let time = -50; time < times; time++) {
    const [one, other] = [await timed(client, first), await timed(client, deep)]
    if (time < 0) continue
    taken.first.push(one.ms)
    taken.deep.push(other.ms)
  }
  await client.close()
  return { firstMs: median(taken.first), deepMs: median(taken.deep), depth: pages }
}

/** A page of few rows, or of none, would be fast for the wrong reason. */
function assertFull(body: string): void {
  const { data } = JSON.parse(body) as { readonly data: readonly unknown[] }
  if (data.length !== 25) throw new Error(`A page of 25 was expected and one of ${data.length} came`)
}

export type KindLatency = { readonly p50Ms: number; readonly p99Ms: number; readonly mostMs: number }

export type SearchLatency = {
  readonly customers: number
  /** Of the whole mix but for the kinds that nothing bounds. */
  readonly p99Ms: number
  readonly kinds: Readonly<Record<TermKind, KindLatency>>
}

export async function searchLatency(
  origin: string,
  apiKey: string,
  samples: readonly Sample[],
  customers: number,
  times: number,
): Promise<SearchLatency> {
  const client = new Client(origin)
  const taken = new Map<TermKind, number[]>(termKinds.map((kind) => [kind, []]))
  for (const { term } of searchTerms(samples, 100)) await timed(client, searchRequest(term, apiKey))
  for (const { kind, term } of searchTerms(samples, times)) {
    const { ms } = await timed(client, searchRequest(term, apiKey))
    taken.get(kind)?.push(ms)
  }
  await client.close()
  const bounded = [...taken].flatMap(([kind, all]) => (unbounded.has(kind) ? [] : all))
  const kinds = [...taken].map(([kind, all]) => [
    kind,
    { p50Ms: median(all), p99Ms: percentile(all, 0.99), mostMs: Math.max(...all) },
  ])
  return { customers, p99Ms: percentile(bounded, 0.99), kinds: Object.fromEntries(kinds) }
}
