import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { snippetsOf } from '@commet/codegen/snippets'
import { operations } from '@commet/contract'
import { runProgram } from './run-programs.ts'
import { snippetCases } from './snippet-cases.ts'
import { type Program, programs } from './snippet-programs.ts'
import { type Recorded, type Recorder, startRecorder } from './snippet-recorder.ts'

/**
 * Compiles and runs what the dashboard shows as code, in the languages named on the command line (all without one), and
 * holds what it sends against what was meant.
 */

const apiKey = 'ck_sandbox_0123456789abcdefghjkmnpqrstvwxyz'

async function checkLanguage(language: string, program: Program, recorder: Recorder): Promise<boolean> {
  const folder = await mkdtemp(path.join(tmpdir(), `commet-snippets-${language}-`))
  recorder.requests.length = 0
  try {
    await writeFiles(folder, { ...snippetsIn(language, program, recorder), ...(await program.around(count)) })
    const said = await runCommands(folder, program)
    const wrong = snippetCases.filter((_, index) => !isAsMeant(index, recorder.requests[index]))
    for (const { name } of wrong) console.log(`${language}: ${name} was not sent as meant`)
    if (said !== '' || recorder.requests.length !== count) console.log(said)
    if (wrong[0] !== undefined) showDifference(snippetCases.indexOf(wrong[0]), recorder)
    console.log(`${language}: ${count - wrong.length} passed, ${wrong.length} failed`)
    return wrong.length === 0 && said === ''
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const count = snippetCases.length

function snippetsIn(language: string, { fileOf, adapted }: Program, { address }: Recorder) {
  const files = snippetCases.map(({ operation, input = {} }, index) => {
    const snippets = snippetsOf({ operation, input, baseUrl: address })
    const { code = '' } = snippets.find(({ id }) => id === language) ?? {}
    return [fileOf(index), adapted === undefined ? code : adapted(code, index)]
  })
  return Object.fromEntries(files) as Readonly<Record<string, string>>
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), text)
  }
}

/** Answers what the first command that fails has printed. */
async function runCommands(folder: string, { commands, env = {} }: Program): Promise<string> {
  for (const [command, ...args] of await commands(count, folder)) {
    const place = command.includes('/') && !path.isAbsolute(command) ? path.join(folder, command) : command
    const outcome = await runProgram(place, args, { cwd: folder, env: { ...env, COMMET_API_KEY: apiKey } })
    if (outcome.code !== 0) return `${command} ${args.join(' ')}\n${outcome.output}`
  }
  return ''
}

function isAsMeant(index: number, recorded: Recorded | undefined): boolean {
  if (recorded === undefined) return false
  const { methods, ...meant } = meantBy(index)
  const { method, ...sent } = recorded
  return methods.includes(method) && isDeepStrictEqual(sent, { ...meant, apiKey })
}

/** What the contract says the call is, read apart from what writes the snippets. */
function meantBy(index: number) {
  const { operation: id, input = {} } = snippetCases[index] ?? { operation: '' }
  const operation = operations.find((one) => one.id === id)
  if (operation === undefined) throw new Error(`There is no operation ${id}`)
  const inPath = operation.path.includes('{id}')
  const rest = Object.entries(input).filter(([name]) => !(inPath && name === 'id'))
  const hasBody = 'body' in operation
  return {
    methods: [operation.method, ...('aliases' in operation ? operation.aliases : [])] as readonly string[],
    path: ['api', 'v1', ...operation.path.slice(1).split('/')].map((part) =>
      part === '{id}' ? String(input.id) : part,
    ),
    query: hasBody ? [] : rest.flatMap(([name, value]) => pairs(name, value)).toSorted(byName),
    body: hasBody ? plain(Object.fromEntries(rest)) : undefined,
  }
}

function pairs(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[name, String(value)]]
  return Object.entries(value).flatMap(([key, entry]) => pairs(`${name}[${key}]`, entry))
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1
}

/** As JSON reads it, so that prototypes do not matter. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

function showDifference(index: number, { requests }: Recorder): void {
  console.log('meant', JSON.stringify(meantBy(index)))
  console.log('sent ', JSON.stringify(requests[index]))
}

const { positionals } = parseArgs({ allowPositionals: true })
const recorder = await startRecorder()
try {
  for (const language of positionals.length === 0 ? Object.keys(programs) : positionals) {
    const program = programs[language]
    if (program === undefined) throw new Error(`There are no snippets in ${language}`)
    if (!(await checkLanguage(language, program, recorder))) process.exitCode = 1
  }
} finally {
  await recorder.stop()
}
