import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { generate } from './generate.ts'

/** `npm run gen` writes every generated file; `npm run gen -- --check` names those that differ and ends with 1. */

const root = path.resolve(import.meta.dirname, '../../..')
const wanted = process.argv.slice(2)
const unknown = wanted.filter((word) => word !== '--check')

if (unknown.length > 0) {
  console.error(`Unknown argument: ${unknown.join(' ')}. Usage: npm run gen [-- --check]`)
  process.exitCode = 1
} else {
  await run(wanted.includes('--check'))
}

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
