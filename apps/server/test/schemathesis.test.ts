import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { latestVersion } from '@commet/contract'
import { startTestServer, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest'
import { preparePython, whyNoPython } from './schemathesis/python.ts'

/**
 * Schemathesis writes requests from the served document, valid ones and broken ones, and holds every answer against it:
 * nothing may fail on our side, and nothing may be answered that the document does not declare.
 */

const seed = '20260711'
const examplesPerOperation = '15'
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
]
const runMs = 120_000

const reason = await whyNoPython()
let server: TestServer
let python: string

beforeAll(async () => {
  if (reason !== undefined) return
  python = await preparePython()
  server = await startTestServer()
}, 300_000)
afterAll(() => server?.stop())

test('without a version, every answer is in the document', (context) => conforms(context, undefined), runMs)

test(
  'in the latest version, every answer is in its document',
  (context) => conforms(context, latestVersion),
  runMs,
)

async function conforms(context: TestContext, version: string | undefined): Promise<void> {
  if (reason !== undefined && process.env.CI !== 'true') context.skip(reason)
  expect(reason).toBeUndefined()
  const { sandbox } = await server.organization()
  // Schemathesis also leaves the header out: then it is the environment that asks for the version of the document.
  await server.database.owner('update environments set api_version = $2 where id = $1', [
    sandbox.id,
    version ?? null,
  ])
  const linesBefore = server.logLines.length
  const { json } = await sandbox.call('GET', '/api/v1/api-keys')
  const { code, output } = await schemathesis({ ...sandbox, apiKeyId: json.data[0].id, version })
  expect(output, 'what Schemathesis found').toMatch(/ generated, \d+ passed/)
  expect(code, output).toBe(0)
  expectThorough(server.logLines.slice(linesBefore))
}

/** Every operation was carried out at least once: a run of refusals alone would prove little. */
function expectThorough(lines: TestServer['logLines']): void {
  const carriedOut = new Set(
    lines
      .filter(({ status }) => status === 200 || status === 201)
      .map(({ method, route }) => `${String(method)} ${String(route)}`),
  )
  expect([...carriedOut].filter((name) => name.includes('/api/v1/')).sort()).toEqual([
    'DELETE /api/v1/api-keys/:id',
    'DELETE /api/v1/customers/:id',
    'GET /api/v1/api-keys',
    'GET /api/v1/customers',
    'GET /api/v1/customers/:id',
    'PATCH /api/v1/customers/:id',
    'POST /api/v1/api-keys',
    'POST /api/v1/customers',
    'POST /api/v1/customers/batch',
    'PUT /api/v1/customers/:id',
  ])
}

type Run = { readonly code: number; readonly output: string }

type RunOptions = {
  readonly apiKey: string
  readonly apiKeyId: string
  readonly version: string | undefined
}

async function schemathesis({ apiKey, apiKeyId, version }: RunOptions): Promise<Run> {
  const folder = await mkdtemp(path.join(tmpdir(), 'commet-schemathesis-'))
  const document = `${server.address}/openapi.json${version === undefined ? '' : `?version=${version}`}`
  const versionHeader = version === undefined ? [] : ['--header', `commet-version: ${version}`]
  const words = [
    ...['-m', 'schemathesis.cli', 'run', document],
    ...['--header', `x-api-key: ${apiKey}`, ...versionHeader],
    ...['--checks', checks.join(','), '--seed', seed, '--max-examples', examplesPerOperation],
    ...['--generation-database', 'none', '--no-color', '--workers', '1'],
  ]
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    PYTHONPATH: path.join(import.meta.dirname, 'schemathesis'),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONIOENCODING: 'utf-8',
    SCHEMATHESIS_HOOKS: 'hooks',
    COMMET_OWN_KEY_ID: apiKeyId,
  }
  try {
    return await new Promise((resolve) => {
      execFile(python, words, { cwd: folder, env: environment, maxBuffer: 64e6 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr })
      })
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
