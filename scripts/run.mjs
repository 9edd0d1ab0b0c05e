// Runs a script of this project on the Node that package.json pins, after installing what is missing.
// Plain JavaScript without dependencies: it must work on any Node from 20 on, before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const stamp = path.join(root, 'node_modules', '.commet-installed')
const [script, ...rest] = process.argv.slice(2)

if (Number(process.versions.node.split('.')[0]) < 20) {
  end(`Commet needs Node 20 or newer to start; this is ${process.version}.`)
}
if (script === undefined) end('Usage: node scripts/run.mjs SCRIPT [ARGUMENTS]')
// An image holds what is needed, on the pinned Node, and lets nobody add to it.
if (process.env.COMMET_INSTALLED === '1') run(process.execPath)
else {
  installOnce()
  run(pinnedNode())
}

/** Installs exactly what the lock file says, unless that very lock file was installed before. */
function installOnce() {
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.error('Installing dependencies (once)…')
  const npm = process.env.npm_execpath
  const [command, ...first] = npm === undefined ? ['npm'] : [process.execPath, npm]
  const install = spawnSync(command, [...first, 'ci', '--loglevel=error', '--no-fund', '--no-audit'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
    shell: npm === undefined && process.platform === 'win32',
  })
  if (install.status !== 0) end('Installing dependencies failed; see above, and run the command again.')
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

function pinnedNode() {
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  const node = path.join(root, 'node_modules', 'node', 'bin', program)
  if (!existsSync(node))
    end(`The pinned Node is missing at ${node}; remove node_modules and run the command again.`)
  return node
}

/** Hands over to a Node. Signals reach it: what we are told to do, it is told. */
function run(node) {
  const child = spawn(
    node,
    [
      '--conditions=commet-source',
      '--disable-warning=ExperimentalWarning',
      path.resolve(root, script),
      ...rest,
    ],
    {
      stdio: 'inherit',
      env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` },
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  if (process.env.npm_lifecycle_event !== undefined) endWithParent(child)
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)))
}

/** npm passes signals to a shell between us, which dies of them and tells nobody: then our parent is another one. */
function endWithParent(child) {
  const parent = process.ppid
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 250).unref()
}

function end(message) {
  console.error(message)
  process.exit(1)
}
