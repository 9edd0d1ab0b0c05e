import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { generate } from './generate.ts'

/** `npm run gen` writes every generated file; `npm run gen -- --check` names those that differ and ends with 1. */

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
  const files = [...generate()]
  const differing = (await Promise.all(files.map(differs))).filter((file) => file !== undefined)
  if (checkOnly) return report(differing.map(([name]) => name))
  for (const [name, text] of differing) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true })
    await writeFile(path.join(root, name), text)
  }
  console.log(
    differing.length === 0 ? 'Nothing changed.' : `Wrote ${differing.map(([name]) => name).join(', ')}.`,
  )
}

async function differs(file: readonly [name: string, text: string]): Promise<typeof file | undefined> {
  const [name, text] = file
  const there = await readFile(path.join(root, name), 'utf8').catch(() => undefined)
  return there === text ? undefined : file
}

function report(names: readonly string[]): void {
  if (names.length === 0) {
    console.log('Generated files are up to date.')
    return
  }
  for (const name of names) console.error(`${name} differs from the contract.`)
  console.error('Run npm run gen and commit what it writes.')
  process.exitCode = 1
}
