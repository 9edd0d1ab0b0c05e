// Owns: the settings the embedded PostgreSQL runs with.
// Does not own: where it listens (doorway.ts).
// Always: a commit that was acknowledged is on disk, unless a caller says otherwise.

import { createHash } from 'node:crypto'

/** PostgreSQL settings by name, as they stand on its command line. */
export type Settings = Readonly<Record<string, string>>

/** What every embedded PostgreSQL runs with unless overridden. */
export const DEFAULT_SETTINGS: Settings = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  // Physical backups (pg_backup_start) and standbys need it.
  wal_level: 'replica',
  shared_buffers: '128MB',
  max_connections: '60',
  random_page_cost: '1.1',
  // Compiling a plan costs more than any of our short statements takes.
  jit: 'off',
  // Recovery flushes the file system in one call instead of every file of the cluster in turn: a third of the time.
  ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // Errors of statements go to whoever sent them: refused duplicates are daily business here, and a logged
  // statement would carry customers' data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  logging_collector: 'off',
}

/**
 * The name that marks the processes of one cluster: PostgreSQL shows it in the title of each, so that what a
 * kill left behind can be told from any other PostgreSQL, also inside containers that may not look into other
 * users' processes.
 */
export function clusterName(clusterFolder: string): string {
  return `commet-${createHash('sha256').update(clusterFolder).digest('hex').slice(0, 16)}`
}

/** Settings as arguments of the `postgres` program. */
export function settingArguments(settings: Settings): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
