import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startTestServer, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** What every answer that a browser may show tells the browser to refuse. */

let folder: string
let server: TestServer

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'commet-pages-'))
  await mkdir(path.join(folder, 'assets'))
  await writeFile(path.join(folder, 'index.html'), '<!doctype html><title>Commet</title>')
  await writeFile(path.join(folder, 'assets/main-1a2b.js'), 'export {}')
  await writeFile(path.join(folder, 'assets/main-1a2b.css'), 'body { margin: 0 }')
  server = await startTestServer({ dashboard: Promise.resolve(folder) })
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

const sources = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
}

function policyOf({ headers }: Response): Readonly<Record<string, string>> {
  const parts = (headers.get('content-security-policy') ?? '').split('; ')
  return Object.fromEntries(
    parts.map((part) => {
      const [name = '', ...rest] = part.split(' ')
      return [name, rest.join(' ')]
    }),
  )
}

/** `posted` is empty where the address is only asked for. */
type Case = readonly [kind: string, status: number, type: string, address: string, posted: string]

const html = 'text/html; charset=utf-8'
const json = 'application/json'
const cases: readonly Case[] = [
  ['the first page', 200, html, '/', ''],
  ['the page to sign in', 200, html, '/sign-in', ''],
  ['the page of a link', 200, html, '/accept', ''],
  ['a page of an environment', 200, html, '/live/customers', ''],
  ['a page that the pages do not know', 200, html, '/sandbox/nothing/here', ''],
  ['a script', 200, 'text/javascript; charset=utf-8', '/assets/main-1a2b.js', ''],
  ['a style', 200, 'text/css; charset=utf-8', '/assets/main-1a2b.css', ''],
  ['a file that is gone', 404, json, '/assets/main-0000.js', ''],
  ['an address where nothing is', 404, json, '/nothing', ''],
  ['a refused sign-in', 401, json, '/auth/sign-in', '{"email":"a@b.co","password":"x"}'],
  ['a sign-in that cannot be read', 400, json, '/auth/sign-in', '{'],
  ['a sign-out', 200, json, '/auth/sign-out', '{}'],
]

function ask(address: string, posted: string): Promise<Response> {
  if (posted === '') return fetch(server.address + address)
  const headers = { 'content-type': 'application/json', origin: server.address }
  return fetch(server.address + address, { method: 'POST', body: posted, headers })
}

test.each(cases)(
  '%s takes everything from this server, stays out of frames and keeps its type',
  async (_, status, type, address, posted) => {
    const answer = await ask(address, posted)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type])
    expect(policyOf(answer)).toEqual(sources)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  },
)

test('a page is asked for anew each time, a file with its content in its name never again', async () => {
  const cacheControl = async (address: string) =>
    (await fetch(server.address + address)).headers.get('cache-control')
  expect(await cacheControl('/sandbox')).toBe('no-cache')
  expect(await cacheControl('/assets/main-1a2b.js')).toBe('public, max-age=31536000, immutable')
  expect(await cacheControl('/assets/main-0000.js')).not.toBe('public, max-age=31536000, immutable')
})
