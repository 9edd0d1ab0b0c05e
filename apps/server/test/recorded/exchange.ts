import { readdirSync, readFileSync } from 'node:fs'
import type { Reply, TestEnvironment } from '@commet/testkit'

/**
 * Requests and answers of older clients, as files. What a server makes up stands in them by its kind and the order of its
 * appearance: cus_1, key_1, org_1, secret_1, cursor_1, an instant.
 */

type Json = Readonly<Record<string, unknown>>

export type Exchange = {
  readonly what: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: unknown
  }
  readonly response: { readonly status: number; readonly version: string; readonly body: Json }
}

export type Recording = { readonly era: string; readonly exchanges: readonly Exchange[] }

export function readRecordings(): readonly Recording[] {
  const folder = new URL('./', import.meta.url)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recording)
}

/** Names for what this run's server made up, both ways. */
export class Names {
  readonly #toName = new Map<string, string>()
  readonly #toReal = new Map<string, string>()
  readonly #counts = new Map<string, number>()

  /** An answer with names in place of what the server made up. */
  named(text: string): string {
    return text
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'an instant')
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://localhost:3000')
      .replaceAll(/ck_(sandbox|live)_[0-9a-z]{32}/g, (real) => this.#nameOf(real, 'secret'))
      .replaceAll(/ck_(sandbox|live)_[0-9a-z]{4}(?![0-9a-z])/g, 'ck_sandbox_xxxx')
      .replaceAll(/(cus|key|org)_[0-9a-z]{26}/g, (real, kind: string) => this.#nameOf(real, kind))
      .replaceAll(/(?<="nextCursor":")[\w-]+/g, (real) => this.#nameOf(real, 'cursor'))
  }

  /** A request of a recording with what this run's server made up. */
  real(text: string): string {
    return text.replaceAll(/\b(cus|key|org|secret|cursor)_\d+\b/g, (name) => this.#toReal.get(name) ?? name)
  }

  #nameOf(real: string, kind: string): string {
    const known = this.#toName.get(real)
    if (known !== undefined) return known
    const count = (this.#counts.get(kind) ?? 0) + 1
    const name = `${kind}_${count}`
    this.#counts.set(kind, count)
    this.#toName.set(real, name)
    this.#toReal.set(name, real)
    return name
  }
}

/** Sends a recorded request and answers what came back, in the words of recordings. */
export async function replay(
  { call }: TestEnvironment,
  request: Exchange['request'],
  names: Names,
): Promise<Exchange['response']> {
  const body =
    request.body === undefined ? {} : { body: JSON.parse(names.real(JSON.stringify(request.body))) }
  const reply: Reply = await call(request.method, names.real(request.path), {
    ...body,
    ...(request.headers === undefined ? {} : { headers: request.headers }),
  })
  return {
    status: reply.status,
    version: reply.headers.get('commet-version') ?? '',
    body: JSON.parse(names.named(reply.text)),
  }
}
