import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { StartRefused } from './start-refused.ts'

/**
 * The built pages of the dashboard: made at a start where there are none of these very sources. A build has a folder of its
 * own, named for what it is made of, so that servers that start together or run already are not disturbed.
 */

const root = path.resolve(import.meta.dirname, '../../..')
const project = path.join(root, 'apps/dashboard')
const builds = path.join(project, 'dist')

/** Answers the folder of a build that is up to date. */
export async function prepareDashboard(): Promise<string> {
  const folder = path.join(builds, await fingerprint())
  if (existsSync(folder)) return folder
  const unfinished = path.join(builds, `unfinished-${process.pid}`)
  try {
    await build(unfinished)
    await rename(unfinished, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}

/** What a build is made of: its sources, those of the workspaces it uses, and the versions of everything else. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  const used = ['sdks/typescript/src', 'packages/codegen/src'].map((folder) => path.join(root, folder))
  const folders = [path.join(project, 'src'), ...used]
  const sources = (await Promise.all(folders.map(filesIn))).flat()
  const others = ['index.html', 'vite.config.ts', 'package.json'].map((name) => path.join(project, name))
  for (const file of [...sources, ...others, path.join(root, 'package-lock.json')]) {
    hash.update(path.relative(root, file)).update('\0')
    hash.update(await readFile(file)).update('\0')
  }
  return hash.digest('hex').slice(0, 16)
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted()
}

function build(folder: string): Promise<void> {
  const vite = path.join(root, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--outDir', folder, '--logLevel', 'error'], {
    cwd: project,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(new StartRefused(`The dashboard could not be built.\n${said.trim()}`))
    })
  })
}
