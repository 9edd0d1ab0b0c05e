import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { defaultVersion, isVersion, latestVersion } from '@commet/contract'
import { takesGzip } from './takes-gzip.ts'

/**
 * Scalar's script, served by this server and by no one else. It is kept compressed, and is sent as it lies to whoever
 * takes gzip, which is every browser.
 */

const folder = path.resolve(import.meta.dirname, '../../assets/scalar')

export type Script = { readonly body: Uint8Array<ArrayBuffer>; readonly encoding: 'gzip' | undefined }

export async function scalarScript(acceptEncoding: string | undefined): Promise<Script> {
  const compressed = await readFile(path.join(folder, 'standalone.js.gz'))
  if (takesGzip(acceptEncoding)) return { body: compressed, encoding: 'gzip' }
  return { body: await promisify(gunzip)(compressed), encoding: undefined }
}

/** Changes with every version of the script, so that browsers may keep it for good under one name. */
export async function scalarVersion(): Promise<string> {
  const about: unknown = JSON.parse(await readFile(path.join(folder, 'about.json'), 'utf8'))
  return String((about as { readonly version: unknown }).version)
}

/**
 * The script that starts Scalar, with nothing that would leave this server: the asked version of the API, else the default
 * one, and beside it those that most readers want.
 */
export function startScript(base: string, asked: string | undefined): string {
  const first = asked !== undefined && isVersion(asked) ? asked : defaultVersion
  const shown = [...new Set([first, defaultVersion, latestVersion])]
  const configuration = { ...settings, sources: shown.map((date) => sourceOf(base, date)) }
  return `Scalar.createApiReference('#reference', ${JSON.stringify(configuration)})\n`
}

function sourceOf(base: string, date: string) {
  return {
    title: titleOf(date),
    slug: date,
    url: `${base}/openapi.json?version=${date}`,
    agent: { disabled: true },
  }
}

function titleOf(date: string): string {
  if (date === defaultVersion) return `${date} (default)`
  return date === latestVersion ? `${date} (latest)` : date
}

const settings = {
  theme: 'default',
  layout: 'modern',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  mcp: { disabled: true },
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
}
