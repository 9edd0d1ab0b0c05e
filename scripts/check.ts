import { type Outcome, runNode } from './run-programs.ts'

/** `npm run check`: format, lint, types, laws, dead code, generated files, container files, vulnerabilities. Prints only what is wrong. */

// Keys stand in the order in which people read them, and the formatter chooses the quotes.
const notOurs = ['service-keys-order', 'services-alphabetical-order', 'require-quotes-in-ports']
const lintCompose = ['compose.yaml', '--max-warnings=0', '--disable-rule', ...notOurs]
const compiler = 'node_modules/typescript/bin/tsc'

const checks: readonly (readonly [name: string, run: () => Promise<Outcome>])[] = [
  [
    'format and lint',
    () => runNode('node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']),
  ],
  ['types', () => runNode(compiler, ['-p', 'tsconfig.json'])],
  ['types of the dashboard', () => runNode(compiler, ['-p', 'apps/dashboard'])],
  ['types of the engine', () => runNode(compiler, ['-p', 'packages/engine'])],
  ['laws', () => runNode('scripts/check-laws.ts')],
  ['generated files', () => runNode('packages/codegen/src/main.ts', ['--check'])],
  ['JavaScript of the dashboard', () => runNode('scripts/check-bundle.ts')],
  ['Dockerfile', () => runNode('node_modules/dockerfile-utils/bin/dockerfile-utils', ['lint', 'Dockerfile'])],
  ['compose file', () => runNode('node_modules/dclint/bin/dclint.cjs', lintCompose)],
  ['known vulnerabilities', () => runNode('scripts/check-audit.ts')],
  ['dead code', () => runNode('node_modules/knip/bin/knip.js', ['--no-progress'])],
]

const outcomes = await Promise.all(checks.map(async ([name, run]) => ({ name, ...(await run()) })))
for (const { name, code, output, seconds } of outcomes) {
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`)
  if (code !== 0 || /^(skipped|measured):/.test(output)) console.log(output.trimEnd())
}
process.exitCode = outcomes.every(({ code }) => code === 0) ? 0 : 1
