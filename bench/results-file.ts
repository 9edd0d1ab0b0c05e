import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import path from 'node:path'

/** RESULTS.md: each program writes its own section between its own marks, and leaves the rest as it is. */

const file = path.join(import.meta.dirname, 'RESULTS.md')

export function writeSection(name: string, text: string): void {
  const section = new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`)
  const old = readFileSync(file, 'utf8')
  const place = `<!-- ${name} --><!-- /${name} -->\n`
  const withPlace = section.test(old) ? old : `${old.trimEnd()}\n\n${place}`
  writeFileSync(
    file,
    withPlace.replace(section, () => `<!-- ${name} -->\n${text}\n<!-- /${name} -->`),
  )
}

/** When, of what and on what a run was made. */
export function circumstances(): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`
  return `${new Date().toISOString().slice(0, 10)}, commit ${commit.trim()}: ${machine}, Node ${process.versions.node}`
}
