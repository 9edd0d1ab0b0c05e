import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openApiDocument } from '@commet/codegen'
import {
  defaultVersion,
  errors,
  isPublic,
  latestVersion,
  type OperationShape,
  operations,
  versions,
} from '@commet/contract'
import { startTestServer, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** What the API says of itself, asked without a key. */

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

const get = (target: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(server.address + target, { headers })

describe('/openapi.json', () => {
  test('is the document of the default version, with this server as its server', async () => {
    const response = await get('/openapi.json')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const document = await response.json()
    expect(document).toEqual(openApiDocument({ version: defaultVersion, serverUrl: server.address }))
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: server.address }] })
  })

  test('every operation is in the document, but for those that no key may do', async () => {
    const text = await (await get('/openapi.json')).text()
    for (const operation of operations as readonly OperationShape[]) {
      expect([operation.id, text.includes(`"operationId":"${operation.id}"`)]).toEqual([
        operation.id,
        isPublic(operation),
      ])
    }
  })

  test.each(versions.map(({ date }) => date))('the version %s has a document of its own', async (date) => {
    const document = await (await get(`/openapi.json?version=${date}`)).json()
    expect(document).toMatchObject({ info: { version: date } })
  })

  test('a version that does not exist is a validation error', async () => {
    const response = await get('/openapi.json?version=2020-01-01')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      success: false,
      error: { code: 'validation_error', param: 'version' },
    })
  })
})

describe('/reference', () => {
  test('is a page whose scripts all come from this server', async () => {
    const response = await get('/reference')
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const sources = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '')
    expect(sources.filter((source) => !source.startsWith('/') && source !== 'data:,')).toEqual([])
    for (const source of sources.filter((source) => source.startsWith('/'))) {
      expect((await get(source)).status, source).toBe(200)
    }
  })

  test('may reach nobody but this server', async () => {
    const policy = (await get('/reference')).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain(`connect-src 'self' ${server.address};`)
  })

  test('shows the version that was asked for, beside the default and the latest', async () => {
    expect(await (await get('/reference?version=2026-05-01')).text()).toContain(
      'start.js?version=2026-05-01"',
    )
    const script = await (await get('/reference/start.js?version=2026-05-01')).text()
    const shown = [...script.matchAll(/openapi\.json\?version=([\d-]+)/g)].map(([, date]) => date)
    expect(shown).toEqual(['2026-05-01', defaultVersion, latestVersion])
    expect(script).toContain('"withDefaultFonts":false,"telemetry":false')
  })

  test("a query cannot write into the page's scripts", async () => {
    const page = await (await get('/reference?version=%22%3E%3Cscript%3E')).text()
    const script = await (await get('/reference/start.js?version=%27)%3Balert(1)')).text()
    expect(page).not.toContain('"><script>')
    expect(script).not.toContain('alert')
  })

  test('the script is the published one, kept by browsers for good', async () => {
    const folder = path.resolve(import.meta.dirname, '../assets/scalar')
    const about = JSON.parse(await readFile(path.join(folder, 'about.json'), 'utf8'))
    const kept = gunzipSync(await readFile(path.join(folder, 'standalone.js.gz')))
    expect(createHash('sha256').update(kept).digest('hex')).toBe(about.sha256)
    for (const encoding of ['gzip', 'identity', 'gzip;q=0']) {
      const response = await get('/reference/scalar.js', { 'accept-encoding': encoding })
      expect(response.headers.get('content-encoding')).toBe(encoding === 'gzip' ? 'gzip' : null)
      expect(response.headers.get('cache-control')).toContain('immutable')
      expect(Buffer.from(await response.arrayBuffer()).equals(kept)).toBe(true)
    }
  })
})

describe('/reference/errors', () => {
  test.each(Object.entries(errors))('%s has a page', async (code, definition) => {
    const response = await get(`/reference/errors/${code}`)
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(text).toContain(`<h1><code>${code}</code></h1>`)
    expect(text).toContain(definition.meaning.replaceAll('"', '&quot;'))
    expect(text).toContain(`<dd>${definition.status}`)
    expect(text).not.toContain('<script')
  })

  test('the index names every code', async () => {
    const text = await (await get('/reference/errors')).text()
    for (const code of Object.keys(errors)) expect(text).toContain(`href="/reference/errors/${code}"`)
  })

  test('the policy lets the one style sheet of the page apply', async () => {
    const response = await get('/reference/errors')
    const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(await response.text()) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    expect(response.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`)
  })

  test('an unknown code is a page for people and an envelope for programs', async () => {
    const page = await get('/reference/errors/%3Cb%3E', { accept: 'text/html,*/*' })
    expect(page.status).toBe(404)
    expect(await page.text()).toContain('<code>&lt;b&gt;</code>')
    const envelope = await get('/reference/errors/toString', { accept: 'application/json' })
    expect(envelope.status).toBe(404)
    expect(await envelope.json()).toMatchObject({ error: { code: 'not_found' } })
  })

  test('the doc_url of a real error leads to its page', async () => {
    const answer = await get('/api/v1/customers')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('commet-version')).toBe(defaultVersion)
    const body = (await answer.json()) as { error: { doc_url: string } }
    const page = await fetch(body.error.doc_url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<h1><code>unauthorized</code></h1>')
  })
})

test('behind a proxy under a path, links carry that path', async () => {
  const publicUrl = 'https://example.com/billing'
  const other = await startTestServer({ publicUrl })
  try {
    const page = await (await fetch(`${other.address}/reference/errors/duplicate`)).text()
    expect(page).toContain('href="/billing/reference/errors"')
    expect(page).toContain(`${publicUrl}/reference/errors/duplicate`)
    const script = await (await fetch(`${other.address}/reference/start.js`)).text()
    expect(script).toContain('/billing/openapi.json')
  } finally {
    await other.stop()
  }
})
