import { readdir, symlink } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { root } from './run-programs.ts'

/**
 * How the snippets of a language are checked and run, all of them in one process where that saves time: the files around
 * them, and the commands, which find the libraries where the checks of the SDKs have built them.
 */

export type Command = readonly [command: string, ...args: string[]]

export type Program = {
  readonly fileOf: (index: number) => string
  /** Changes a snippet so that several fit beside each other. */
  readonly adapted?: (code: string, index: number) => string
  readonly around: (count: number) => Promise<Readonly<Record<string, string>>>
  readonly commands: (count: number, folder: string) => Promise<readonly Command[]>
  readonly env?: Readonly<Record<string, string>>
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)
const nothing = async () => ({})
const sdk = (name: string) => path.join(root, 'sdks', name)

const curl: Program = {
  fileOf: (index) => `case${index}.sh`,
  around: nothing,
  commands: async (count) => numbers(count).map((index) => ['sh', `case${index}.sh`]),
}

const typescript: Program = {
  fileOf: (index) => `case${index}.ts`,
  around: async (count) => ({
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({
      extends: path.join(root, 'tsconfig.base.json'),
      compilerOptions: { types: ['node'] },
      include: ['case*.ts'],
    }),
    'all.js': numbers(count)
      .map((index) => `await import('./case${index}.ts')`)
      .join('\n'),
  }),
  commands: async (_, folder) => {
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    return [
      [process.execPath, path.join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'],
      [process.execPath, '--conditions=commet-source', 'all.js'],
    ]
  },
}

const python: Program = {
  fileOf: (index) => `case${index}.py`,
  around: async (count) => ({
    'all.py': `import runpy\nfor index in range(${count}):\n    runpy.run_path(f"case{index}.py")\n`,
  }),
  commands: async () => [[await pythonWithHttpx(), 'all.py']],
  env: { PYTHONPATH: path.join(sdk('python'), 'src'), PYTHONDONTWRITEBYTECODE: '1' },
}

/** The interpreter of the library's checks, which has what the library needs. */
async function pythonWithHttpx(): Promise<string> {
  const cache = path.join(
    process.env.COMMET_CACHE_DIR ?? path.join(root, 'node_modules/.cache'),
    'commet-python-sdk',
  )
  const [venv] = (await readdir(cache)).filter((name) => name.startsWith('venv-'))
  if (venv === undefined)
    throw new Error('Run sdks/python/check.sh first: it installs what the library needs.')
  return path.join(cache, venv, 'bin/python')
}

const go: Program = {
  fileOf: (index) => `case${index}/main.go`,
  around: async () => ({
    'go.mod': [
      'module snippets',
      'go 1.22',
      'require github.com/commet-labs/commet-go v0.0.0',
      `replace github.com/commet-labs/commet-go => ${sdk('go')}`,
      '',
    ].join('\n'),
  }),
  commands: async (count) => [
    ['sh', '-c', 'gofmt -d . ; test -z "$(gofmt -l .)"'],
    ['go', 'vet', './...'],
    ['go', 'build', '-o', 'bin/', './...'],
    ...numbers(count).map((index): Command => [`bin/case${index}`]),
  ],
  env: { GOFLAGS: '-mod=mod', GOPROXY: 'off' },
}

const java: Program = {
  fileOf: (index) => `Case${index}.java`,
  adapted: (code, index) => code.replace('class Example', `class Case${index}`),
  around: async (count) => ({
    'All.java': [
      'public class All {',
      '  public static void main(String[] args) {',
      ...numbers(count).map((index) => `    Case${index}.main(args);`),
      '  }',
      '}',
    ].join('\n'),
  }),
  commands: async (count) => {
    const classes = [path.join(sdk('java'), 'target/classes'), ...(await jacksonJars())].join(':')
    const files = ['All.java', ...numbers(count).map((index) => `Case${index}.java`)]
    // Commet is closed by a program that goes on; these end.
    const strict = ['-Xlint:all,-try', '-Werror', '-proc:none', '-encoding', 'UTF-8']
    return [
      ['javac', ...strict, '-cp', classes, '-d', '.', ...files],
      ['java', '-cp', `.:${classes}`, 'All'],
    ]
  },
}

async function jacksonJars(): Promise<readonly string[]> {
  const folder = path.join(homedir(), '.m2/repository/com/fasterxml/jackson')
  const files = await readdir(folder, { recursive: true })
  return files.filter((name) => name.endsWith('.jar')).map((name) => path.join(folder, name))
}

const php: Program = {
  fileOf: (index) => `case${index}.php`,
  around: async (count) => ({
    'vendor/autoload.php': `<?php require ${JSON.stringify(path.join(sdk('php'), 'autoload.php'))};\n`,
    'all.php': `<?php for ($case = 0; $case < ${count}; $case++) { require "case$case.php"; }\n`,
  }),
  commands: async () => [['php', '-d', 'error_reporting=E_ALL', '-d', 'display_errors=1', 'all.php']],
}

export const programs: Readonly<Record<string, Program>> = { curl, typescript, python, go, java, php }
