import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

/** A Python environment with exactly the packages of requirements.txt, made once for each content of that file. */

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '../../../..')
const requirements = path.join(import.meta.dirname, 'requirements.txt')

/** Why there can be no environment on this machine; undefined where there can. */
export async function whyNoPython(): Promise<string | undefined> {
  try {
    await run('python3', ['-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 10)'])
    return undefined
  } catch {
    return 'python3 (3.10 or newer, with venv) is not installed'
  }
}

/** The interpreter of the environment, installed first where it is not there. */
export async function preparePython(): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16)
  const folder = path.join(root, 'node_modules/.cache/commet-python', hash)
  const python = path.join(folder, 'bin/python')
  const complete = path.join(folder, 'complete')
  const isThere = await access(complete).then(
    () => true,
    () => false,
  )
  if (isThere) return python
  await rm(folder, { recursive: true, force: true })
  await mkdir(path.dirname(folder), { recursive: true })
  await run('python3', ['-m', 'venv', folder])
  const install = ['install', '--quiet', '--no-deps', '--no-compile', '--requirement', requirements]
  await run(python, ['-m', 'pip', ...install])
  await writeFile(complete, '')
  return python
}
