import path from 'node:path'
import { findBreaches, readSources } from './laws.ts'

/** Prints every breach of the laws and fails when there is one. */
const breaches = findBreaches(await readSources(path.resolve(import.meta.dirname, '..')))
for (const { law, file, why } of breaches) console.error(`Law ${law}: ${file}: ${why}`)
process.exitCode = breaches.length === 0 ? 0 : 1
