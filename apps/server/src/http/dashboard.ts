import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Context, Env, Hono } from 'hono'
import { Refusal } from '../kernel/refusal.ts'

/**
 * Serves the pages of the dashboard from the folder of its build. Its addresses all get the one page that draws them;
 * files of the build have their content in their name and are kept by browsers for good.
 */

const pages = ['/', '/sign-in', '/accept', '/sandbox', '/sandbox/*', '/live', '/live/*']

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** Everything comes from this server, nothing is written into a page, and no other site frames one. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const guards = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': policy,
}

export function mountDashboard<E extends Env>(app: Hono<E>, folder: string): void {
  const page = async (c: Context) =>
    c.body(await readFile(path.join(folder, 'index.html'), 'utf8'), 200, {
      ...guards,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    })
  for (const one of pages) app.get(one, page)
  app.get('/assets/:name', async (c) => {
    const name = c.req.param('name')
    const type = types[path.extname(name)]
    const content =
      type === undefined || path.basename(name) !== name
        ? undefined
        : await readFile(path.join(folder, 'assets', name)).catch(() => undefined)
    if (content === undefined || type === undefined) {
      throw new Refusal('not_found', 'There is no such file. Load the page again.')
    }
    return c.body(content, 200, {
      ...guards,
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
}
