// Completes package-lock.json: names every platform's build of a package that comes in one build per platform.
// A registry mirror may carry only some of them; npm then leaves the others out of the lock file, and `npm ci` refuses it.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const file = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'windows',
]
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
]

const added = []
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (place === '' || !/^\d/.test(version) || isKnown(place, name)) continue
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      dev: entry.dev,
      license: entry.license,
      optional: true,
    }
    added.push(name)
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(
  added.length === 0 ? 'The lock file is complete.' : `Added ${added.length} builds for other platforms.`,
)

function isKnown(place, name) {
  return (
    lock.packages[`node_modules/${name}`] !== undefined ||
    lock.packages[`${place}/node_modules/${name}`] !== undefined
  )
}

/** Names of such builds end in the system and the processor they are for. */
function platformOf(name) {
  const parts = name.split('/').at(-1).split('-')
  const system = systems.find((candidate) => parts.includes(candidate))
  const processor = processors.find((candidate) => parts.includes(candidate))
  const libc = parts.includes('musl') ? ['musl'] : parts.includes('gnu') ? ['glibc'] : undefined
  if (processor === undefined) throw new Error(`Which platform is ${name} for?`)
  return {
    cpu: [processor],
    ...(system === undefined ? {} : { os: [system === 'windows' ? 'win32' : system] }),
    ...(libc === undefined ? {} : { libc }),
  }
}
