import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Context, Env, Hono } from 'hono'
import { Refusal } from '../kernel/refusal.ts'
import { guard } from './guards.ts'
import { takesGzip } from './takes-gzip.ts'

/**
 * Serves the pages of the dashboard from the folder of its build. Its addresses all get the one page that draws them;
 * files of the build have their content in their name and are kept by browsers for good.
 */

const pages = ['/', '/sign-in', '/accept', '/sandbox', '/sandbox/*', '/live', '/live/*']

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

export function mountDashboard<E extends Env>(app: Hono<E>, folder: string): void {
  const page = async (c: Context) => {
    guard(c)
    return c.body(await readFile(path.join(folder, 'index.html'), 'utf8'), 200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    })
  }
  for (const one of pages) app.get(one, page)
  const assets = openAssets(path.join(folder, 'assets'))
  app.get('/assets/:name', async (c) => {
    guard(c)
    const name = c.req.param('name')
    const asset = await assets(name)
    if (asset === undefined) throw new Refusal('not_found', 'There is no such file. Load the page again.')
    const compressed = takesGzip(c.req.header('accept-encoding'))
    return c.body(compressed ? asset.gzipped : asset.plain, 200, {
      'content-type': asset.type,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      ...(compressed ? { 'content-encoding': 'gzip' } : {}),
    })
  })
}

type Asset = {
  readonly type: string
  readonly plain: Buffer<ArrayBuffer>
  readonly gzipped: Buffer<ArrayBuffer>
}

/** Finds files of the build by name; each is read and compressed once. */
function openAssets(folder: string): (name: string) => Promise<Asset | undefined> {
  const known = new Map<string, Asset>()
  return async (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const type = types[path.extname(name)]
    if (type === undefined || path.basename(name) !== name) return undefined
    const plain = await readFile(path.join(folder, name)).catch(() => undefined)
    if (plain === undefined) return undefined
    const asset = { type, plain, gzipped: Buffer.from(await promisify(gzip)(plain)) }
    known.set(name, asset)
    return asset
  }
}
