import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { generate } from './generate.ts'

/**
 * `npm run gen` writes every generated file and removes those that the contract no longer has; `npm run gen -- --check` names
 * those that differ or are left over, and ends with 1.
 */

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    /** Where the files are: this project, or a copy of it. */
    root: { type: 'string', default: path.resolve(import.meta.dirname, '../../..') },
  },
})
const { root } = values

await run(values.check)

async function run(checkOnly: boolean): Promise<void> {
  const files = generate()
  const differing = (await Promise.all([...files].map(differs))).filter((file) => file !== undefined)
  const left = await leftOver(files)
  if (checkOnly)
    return report(
      differing.map(([name]) => name),
      left,
    )
  for (const [name, text] of differing) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true })
    await writeFile(path.join(root, name), text)
  }
  for (const name of left) await rm(path.join(root, name))
  console.log(
    [
      differing.length === 0 ? [] : [`Wrote ${differing.map(([name]) => name).join(', ')}.`],
      left.length === 0 ? [] : [`Removed ${left.join(', ')}.`],
    ]
      .flat()
      .join('\n') || 'Nothing changed.',
  )
}

async function differs(file: readonly [name: string, text: string]): Promise<typeof file | undefined> {
  const [name, text] = file
  const there = await readFile(path.join(root, name), 'utf8').catch(() => undefined)
  return there === text ? undefined : file
}

/** Files that say that they were written here, next to those that are. */
async function leftOver(files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const folders = [...new Set([...files.keys()].map((name) => path.dirname(name)))]
  const found = await Promise.all(folders.map(namesIn))
  const others = found.flat().filter((name) => !files.has(name))
  const written = await Promise.all(others.map(saysWritten))
  return others.filter((_, place) => written[place])
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map(({ name }) => path.join(folder, name))
}

/** In its first lines: what a program says further down about generated files is no notice. */
async function saysWritten(name: string): Promise<boolean> {
  const text = await readFile(path.join(root, name), 'utf8')
  return /(?:Written|generated) by npm run gen from/.test(text.slice(0, 200))
}

function report(differing: readonly string[], left: readonly string[]): void {
  if (differing.length + left.length === 0) {
    console.log('Generated files are up to date.')
    return
  }
  for (const name of differing) console.error(`${name} differs from the contract.`)
  for (const name of left) console.error(`${name} is left over: the contract no longer has it.`)
  console.error('Run npm run gen and commit what it writes.')
  process.exitCode = 1
}
