import type { TestProject } from 'vitest/node'
import { startTestPostgres } from './postgres.ts'

/** Starts the PostgreSQL of a test run; the files find it through the environment. */
export async function setup(_project: TestProject): Promise<() => Promise<void>> {
  const kind = process.env.COMMET_TEST_POSTGRES === 'system' ? 'system' : 'embedded'
  const server = await startTestPostgres(kind)
  const { host, port, user, password } = server
  process.env.COMMET_TEST_CONNECTION = JSON.stringify({ host, port, user, password })
  return () => server.stop()
}
