import type { Context, Env, Hono } from 'hono'
import { Refusal } from '../kernel/refusal.ts'
import { createDocuments } from './reference-document.ts'
import {
  errorIndexPage,
  errorPage,
  isErrorCode,
  type Page,
  pagePolicy,
  referencePage,
  referencePolicy,
  siteOf,
  unknownErrorPage,
} from './reference-pages.ts'
import { scalarScript, scalarVersion, startScript } from './reference-scalar.ts'

/**
 * What the API says of itself: its OpenAPI document, the reference drawn from it, and a page for every error code. Open to
 * everyone, for there is nothing of anyone in it, and complete: no page loads anything from elsewhere.
 */
export function mountReference<E extends Env>(app: Hono<E>, publicUrl: string): void {
  const site = siteOf(publicUrl)
  const documentOf = createDocuments(publicUrl)
  app.get('/openapi.json', (c) => {
    const text = documentOf(c.req.query('version'))
    return c.body(text, 200, { ...guards, 'content-type': 'application/json', 'cache-control': brief })
  })
  app.get('/reference', async (c) =>
    page(c, referencePage(site, { script: await scalarVersion(), version: c.req.query('version') }), {
      policy: referencePolicy(publicUrl),
    }),
  )
  app.get('/reference/scalar.js', async (c) => {
    const { body, encoding } = await scalarScript(c.req.header('accept-encoding'))
    return c.body(body, 200, {
      ...script,
      vary: 'accept-encoding',
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    })
  })
  app.get('/reference/start.js', (c) =>
    c.body(startScript(site.base, c.req.query('version')), 200, { ...script, 'cache-control': brief }),
  )
  app.get('/reference/errors', (c) => page(c, errorIndexPage(site)))
  app.get('/reference/errors/:code', (c) => {
    const code = c.req.param('code')
    if (isErrorCode(code)) return page(c, errorPage(site, code))
    if (wantsHtml(c)) return page(c, unknownErrorPage(site, code), { status: 404 })
    throw new Refusal('not_found', `There is no error code ${JSON.stringify(code)}; see /reference/errors.`)
  })
}

/** Short, because a new version of the server may say something else under the same address. */
const brief = 'public, max-age=60'

const guards = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

const script = {
  ...guards,
  'content-type': 'text/javascript; charset=utf-8',
  'cache-control': 'public, max-age=31536000, immutable',
}

type PageExtras = { readonly status?: 200 | 404; readonly policy?: string }

async function page(
  c: Context,
  content: Page,
  { status = 200, policy = pagePolicy }: PageExtras = {},
): Promise<Response> {
  return c.body(String(await content), status, {
    ...guards,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': brief,
  })
}

function wantsHtml(c: Context): boolean {
  return (c.req.header('accept') ?? '').includes('text/html')
}
