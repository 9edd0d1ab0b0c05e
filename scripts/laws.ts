import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { tableOwners } from '../apps/server/src/db/owners.ts'

/**
 * The laws of the house that a look at the sources decides. Laws 9 (every operation has a handler) and 10 (spec/ equals
 * what `npm run gen` writes) are checked by the compiler and by `gen --check`.
 */

/** Source files by their path from the root, such as `apps/server/src/main.ts`. */
export type Sources = ReadonlyMap<string, string>

export type Breach = { readonly law: number; readonly file: string; readonly why: string }

type Facts = {
  readonly file: string
  /** Paths from the root for our own files, package names otherwise. */
  readonly imports: readonly string[]
  /** Names used without being declared in the file, and members such as `Math.random`. */
  readonly names: ReadonlySet<string>
  /** Texts of string and template literals. */
  readonly texts: readonly string[]
}

const server = 'apps/server/src/'
const modulesFolder = `${server}modules/`

/** Every breach of laws 1 to 8 in these sources. */
export function findBreaches(sources: Sources): readonly Breach[] {
  const facts = [...sources].map(([file, text]) => readFacts(file, text))
  return facts.flatMap((one) => laws.flatMap((law) => law(one)))
}

const laws: readonly ((facts: Facts) => readonly Breach[])[] = [
  engineImportsNothing,
  contractImportsZod,
  modulesStayApart,
  onlyFlowsCompose,
  onlyKernelKnowsThePool,
  sqlHasItsPlaces,
  noNetworkInTransactions,
  environmentIsReadOnce,
]

const impure = new Set([
  ...[
    'Date',
    'Math.random',
    'Temporal.Now',
    'performance',
    'process',
    'globalThis',
    'fetch',
    'crypto',
    'console',
  ],
  ...['setTimeout', 'setInterval', 'queueMicrotask', 'navigator'],
])

function engineImportsNothing({ file, imports, names }: Facts): readonly Breach[] {
  if (!file.startsWith('packages/engine/src/')) return []
  const foreign = imports.filter((name) => !name.startsWith('packages/engine/src/'))
  const used = [...names].filter((name) => impure.has(name))
  return [...foreign, ...used].map((name) => ({ law: 1, file, why: `the engine uses ${name}` }))
}

function contractImportsZod({ file, imports }: Facts): readonly Breach[] {
  if (!file.startsWith('packages/contract/src/')) return []
  const foreign = imports.filter((name) => name !== 'zod' && !name.startsWith('packages/contract/src/'))
  return foreign.map((name) => ({ law: 2, file, why: `the contract imports ${name}` }))
}

function moduleOf(file: string): string | undefined {
  return file.startsWith(modulesFolder) ? file.slice(modulesFolder.length).split('/')[0] : undefined
}

function modulesStayApart({ file, imports }: Facts): readonly Breach[] {
  const own = moduleOf(file)
  if (own === undefined) return []
  const upper = ['http/', 'worker/', 'flows/'].map((folder) => server + folder)
  const wrong = imports.filter((name) => {
    const other = moduleOf(name)
    return (other !== undefined && other !== own) || upper.some((folder) => name.startsWith(folder))
  })
  return wrong.map((name) => ({ law: 3, file, why: `module ${own} imports ${name}` }))
}

/** The table of handlers and the roots that put the server together name modules; they hold no rules. */
const tables = new Set(['http/handlers.ts', 'server.ts', 'keys.ts', 'demo.ts'].map((file) => server + file))

function onlyFlowsCompose({ file, imports }: Facts): readonly Breach[] {
  if (!file.startsWith(server) || file.startsWith(`${server}flows/`) || tables.has(file)) return []
  const modules = new Set(imports.flatMap((name) => moduleOf(name) ?? []))
  if (file.startsWith(`${server}kernel/`) && modules.size > 0) {
    return [{ law: 4, file, why: 'the kernel knows no module' }]
  }
  return modules.size > 1 ? [{ law: 4, file, why: `imports the modules ${[...modules].join(' and ')}` }] : []
}

/** The pool, and the round trips it makes. */
const driversOwn = new Set(['kernel/db.ts', 'kernel/trip.ts'].map((file) => server + file))

function onlyKernelKnowsThePool({ file, imports }: Facts): readonly Breach[] {
  if (!file.startsWith(server) || !imports.includes('pg')) return []
  if (driversOwn.has(file) || file.startsWith(`${server}db/`)) return []
  return [{ law: 5, file, why: 'imports pg' }]
}

const statement =
  /^\s*(select\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s|create\s+(table|index|role)|alter\s|begin\b|commit\b)/i
const write = /\b(?:insert\s+into|update|delete\s+from)\s+([a-z_]+)\b(?!\s+skip)/gi

function sqlHasItsPlaces({ file, texts }: Facts): readonly Breach[] {
  if (!file.startsWith(server)) return []
  const statements = texts.filter((text) => statement.test(text))
  if (statements.length > 0 && !mayHoldSql(file))
    return [{ law: 6, file, why: `holds SQL: ${firstLine(statements[0])}` }]
  return statements.flatMap((text) => foreignWrites(file, text))
}

function mayHoldSql(file: string): boolean {
  const place = file.slice(server.length)
  const makesTheCluster = place === 'embedded/cluster.ts'
  return makesTheCluster || /^(kernel|db|worker)\//.test(place) || /^modules\/[^/]+\/store\.ts$/.test(place)
}

function foreignWrites(file: string, text: string): readonly Breach[] {
  const writer = moduleOf(file) ?? file.slice(server.length).split('/')[0]
  const written = [...text.matchAll(write)].flatMap(([, table]) => table ?? [])
  return written
    .filter((table) => tableOwners[table] !== undefined && tableOwners[table] !== writer)
    .map((table) => ({ law: 6, file, why: `writes ${table}, which ${tableOwners[table]} owns` }))
}

function firstLine(text = ''): string {
  return text.trim().split('\n')[0] ?? ''
}

const network = new Set([
  'node:http',
  'node:https',
  'node:http2',
  'node:net',
  'node:tls',
  'node:dgram',
  'undici',
  'nodemailer',
])

function noNetworkInTransactions({ file, imports, names }: Facts): readonly Breach[] {
  const inside = ['modules/', 'flows/', 'kernel/'].some((folder) => file.startsWith(server + folder))
  if (!inside) return []
  const wrong = imports.filter((name) => network.has(name) || name.startsWith(`${server}providers/`))
  return [...wrong, ...(names.has('fetch') ? ['fetch'] : [])].map((name) => ({
    law: 7,
    file,
    why: `reaches the network by ${name}`,
  }))
}

function environmentIsReadOnce({ file, names }: Facts): readonly Breach[] {
  if (file === `${server}config.ts` || !names.has('process.env')) return []
  if (!file.startsWith(server) && !/^packages\/(contract|engine|codegen)\/src\//.test(file)) return []
  return [{ law: 8, file, why: 'reads the environment' }]
}

/** Parses one file into what the laws ask about. */
function readFacts(file: string, text: string): Facts {
  const parsed = parseSync(file, text)
  const names = new Set<string>()
  const texts: string[] = []
  const visitor = new Visitor({
    Identifier: ({ name }) => void names.add(name),
    MemberExpression: ({ object, property }) => {
      if (object.type === 'Identifier' && property.type === 'Identifier')
        names.add(`${object.name}.${property.name}`)
    },
    Literal: ({ value }) => void (typeof value === 'string' && texts.push(value)),
    TemplateLiteral: ({ quasis }) => void texts.push(quasis.map(({ value }) => value.raw).join('$')),
  })
  visitor.visit(parsed.program)
  const requests = parsed.module.staticImports.map(({ moduleRequest }) => moduleRequest.value)
  const again = parsed.module.staticExports.flatMap(({ entries }) =>
    entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
  )
  return { file, imports: [...requests, ...again].map((request) => resolve(file, request)), names, texts }
}

function resolve(file: string, request: string): string {
  return request.startsWith('.') ? path.posix.join(path.posix.dirname(file), request) : request
}

/** The sources that the laws speak of. */
export async function readSources(root: string): Promise<Sources> {
  const folders = ['apps/server/src', 'packages/contract/src', 'packages/engine/src', 'packages/codegen/src']
  const files = (await Promise.all(folders.map((folder) => listSources(root, folder)))).flat()
  return new Map(
    await Promise.all(
      files.map(async (file) => [file, await readFile(path.join(root, file), 'utf8')] as const),
    ),
  )
}

async function listSources(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(root, folder), { recursive: true }).catch(() => [])
  return entries.filter((name) => name.endsWith('.ts')).map((name) => path.posix.join(folder, name))
}
