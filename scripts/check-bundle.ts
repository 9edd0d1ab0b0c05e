import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { prepareDashboard } from '../apps/server/src/dashboard-build.ts'

/**
 * How much JavaScript a browser fetches before it can draw a page of the dashboard, compressed as the server sends it.
 * Counted for each page: what every page needs, and the page's own, with all that these import.
 */

const limitBytes = 250_000

type Chunk = { readonly file: string; readonly isEntry?: boolean; readonly imports?: readonly string[] }
type Manifest = Readonly<Record<string, Chunk>>

const folder = await prepareDashboard()
const manifest = JSON.parse(await readFile(path.join(folder, '.vite/manifest.json'), 'utf8')) as Manifest
const sizes = new Map(
  await Promise.all(Object.values(manifest).map(async ({ file }) => [file, await compressed(file)] as const)),
)
const entry = Object.keys(manifest).filter((name) => manifest[name]?.isEntry)
const pages = Object.keys(manifest)
  .filter((name) => name.startsWith('src/pages/'))
  .map((name) => ({ name, bytes: sum(filesOf([...entry, name])) }))
  .toSorted((a, b) => b.bytes - a.bytes)
const [heaviest] = pages
if (heaviest === undefined) throw new Error('The build names no pages')
console.log(
  `measured: at most ${kilobytes(heaviest.bytes)} of JavaScript, compressed, for a first page ` +
    `(${path.basename(heaviest.name)}; ${kilobytes(sum(filesOf(entry)))} of it for all pages; limit ${kilobytes(limitBytes)})`,
)
process.exitCode = heaviest.bytes <= limitBytes ? 0 : 1

async function compressed(file: string): Promise<number> {
  return gzipSync(await readFile(path.join(folder, file))).byteLength
}

/** The files of these chunks and of everything that they import at once. */
function filesOf(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const visit = (name: string) => {
    if (seen.has(name)) return
    seen.add(name)
    for (const imported of manifest[name]?.imports ?? []) visit(imported)
  }
  for (const name of names) visit(name)
  return new Set([...seen].flatMap((name) => manifest[name]?.file ?? []))
}

function sum(files: ReadonlySet<string>): number {
  return [...files].reduce((total, file) => total + (sizes.get(file) ?? 0), 0)
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`
}
