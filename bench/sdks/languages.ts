import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { type Outcome, root, runProgram } from '../../scripts/run-programs.ts'

/** How the program of each language is built, and with what it is run. */

export type Command = {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export type Language = {
  readonly name: string
  /** The plain client that the SDK is compared with. */
  readonly client: string
  /** Answers what is missing where it cannot be built here. */
  prepare(): Promise<Command | { readonly missing: string }>
}

const cache = path.join(root, 'node_modules/.cache')
const built = path.join(cache, 'commet-bench-sdks')
const programs = import.meta.dirname

export const languages: readonly Language[] = [
  { name: 'TypeScript', client: 'fetch', prepare: prepareTypeScript },
  { name: 'Python', client: 'httpx', prepare: preparePython },
  { name: 'Go', client: 'net/http', prepare: prepareGo },
  { name: 'Java', client: 'java.net.http', prepare: prepareJava },
  { name: 'PHP', client: 'cURL', prepare: preparePhp },
]

async function prepareTypeScript(): Promise<Command> {
  return {
    command: process.execPath,
    args: ['--conditions=commet-source', path.join(programs, 'typescript/main.ts')],
  }
}

/** httpx is in the virtual environments that the SDK's checks make. */
async function preparePython() {
  const folder = path.join(cache, 'commet-python-sdk')
  const interpreters = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.startsWith('venv-'))
    .map((name) => path.join(folder, name, 'bin/python'))
  for (const command of [...interpreters.toReversed(), 'python3']) {
    if (!(await works(command, ['-c', 'import httpx, anyio']))) continue
    const env = { PYTHONPATH: path.join(root, 'sdks/python/src'), PYTHONDONTWRITEBYTECODE: '1' }
    return { command, args: [path.join(programs, 'python/main.py')], env }
  }
  return { missing: 'python3 with httpx (sdks/python/check.sh installs it)' }
}

async function prepareGo() {
  if (!(await works('go', ['version']))) return { missing: 'go' }
  const binary = path.join(built, 'go')
  const env = { GOFLAGS: '-mod=mod', GOWORK: 'off', GOPROXY: 'off' }
  await mustRun('go', ['build', '-C', path.join(programs, 'go'), '-o', binary, '.'], env)
  return { command: binary, args: [] }
}

/** Compiled apart from Maven's own folder, so that both may run at once. */
async function prepareJava() {
  if (!existsSync(path.join(root, 'sdks/java/pom.xml'))) return { missing: 'sdks/java' }
  if (!(await works('javac', ['--version']))) return { missing: 'a JDK' }
  const jars = jacksonJars()
  if (!jars.every((jar) => existsSync(jar))) return { missing: 'Jackson (sdks/java/check.sh downloads it)' }
  const classes = path.join(built, 'java')
  await rm(classes, { recursive: true, force: true })
  const sources = ['main', 'generated'].flatMap((part) => javaFilesOf(`sdks/java/src/${part}/java`))
  const files = [...sources, path.join(programs, 'java/Main.java')]
  await mustRun('javac', ['-nowarn', '-proc:none', '-cp', jars.join(':'), '-d', classes, ...files])
  return { command: 'java', args: ['-Xmx64m', '-cp', [classes, ...jars].join(':'), 'Main'] }
}

function jacksonJars(): readonly string[] {
  const pom = readFileSync(path.join(root, 'sdks/java/pom.xml'), 'utf8')
  const [, version = ''] = /<jackson\.version>(.*?)</.exec(pom) ?? []
  return ['databind', 'core', 'annotations'].map((part) =>
    path.join(
      homedir(),
      `.m2/repository/com/fasterxml/jackson/core/jackson-${part}/${version}/jackson-${part}-${version}.jar`,
    ),
  )
}

function javaFilesOf(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.java'))
    .map((name) => path.join(root, folder, name))
}

async function preparePhp() {
  if (!existsSync(path.join(root, 'sdks/php/composer.json'))) return { missing: 'sdks/php' }
  if (!(await works('php', ['-r', 'exit(extension_loaded("curl") ? 0 : 1);']))) {
    return { missing: 'php with curl' }
  }
  return { command: 'php', args: [path.join(programs, 'php/main.php')] }
}

async function works(command: string, args: readonly string[]): Promise<boolean> {
  return (await runProgram(command, args)).code === 0
}

async function mustRun(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await mkdir(built, { recursive: true })
  const { code, output }: Outcome = await runProgram(command, args, { env })
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${output.slice(-2_000)}`)
}
