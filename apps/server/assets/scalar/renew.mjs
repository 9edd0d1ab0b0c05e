// Fetches the browser bundle of one version of @scalar/api-reference and puts it here, compressed.
// Usage: node apps/server/assets/scalar/renew.mjs 1.72.1
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

const name = '@scalar/api-reference'
const [version] = process.argv.slice(2)
if (version === undefined) throw new Error('Name the version, such as 1.72.1')

const folder = mkdtempSync(path.join(tmpdir(), 'scalar-'))
try {
  const packed = execFileSync('npm', ['pack', `${name}@${version}`, '--json', '--loglevel=error'], {
    cwd: folder,
  })
  const [{ filename, integrity }] = Object.values(JSON.parse(packed.toString()))
  execFileSync('tar', ['-xzf', filename], { cwd: folder })
  const bundle = readFileSync(path.join(folder, 'package/dist/browser/standalone.js'))
  const script = Buffer.from(bundle.toString().replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'))
  const sha256 = createHash('sha256').update(script).digest('hex')
  const about = { name, version, integrity, file: 'dist/browser/standalone.js', sha256, license: 'MIT' }
  writeFileSync(path.join(import.meta.dirname, 'standalone.js.gz'), gzipSync(script, { level: 9 }))
  writeFileSync(path.join(import.meta.dirname, 'about.json'), `${JSON.stringify(about, null, 2)}\n`)
  console.log(`${name} ${version}: ${script.length} bytes`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
