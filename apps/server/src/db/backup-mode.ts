import pg from 'pg'
import type { ConnectionSettings } from '../kernel/db.ts'

/**
 * A running PostgreSQL whose files are being copied. Between start and stop it writes whole pages to its log, so that a copy
 * made meanwhile is mended by replaying that log; a slot keeps the log from being recycled under the copy.
 */

export type BackupMode = {
  /** The first segment of the log that the copy needs. */
  readonly firstSegment: string
  /** Ends the backup; answers the last segment needed, and the file that must lie beside the copy as `backup_label`. */
  stop(): Promise<{ readonly lastSegment: string; readonly label: string }>
  /** Closes the connection; a backup that was not stopped is over with it. */
  close(): Promise<void>
}

export async function startBackupMode(owner: ConnectionSettings): Promise<BackupMode> {
  const client = new pg.Client({ ...owner, application_name: 'commet backup' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(
      `select pg_create_physical_replication_slot('commet_backup_' || pg_backend_pid(), true, true)`,
    )
    const { rows } = await client.query<{ segment: string }>(
      `select pg_walfile_name(pg_backup_start('commet backup', true)) as segment`,
    )
    return {
      firstSegment: rows[0]?.segment ?? '',
      stop: () => stopBackupMode(client),
      close: () => client.end(),
    }
  } catch (error) {
    await client.end()
    throw error
  }
}

async function stopBackupMode(client: pg.Client): ReturnType<BackupMode['stop']> {
  const { rows } = await client.query<{ segment: string; label: string }>(
    'select pg_walfile_name(lsn) as segment, labelfile as label from pg_backup_stop(true)',
  )
  return { lastSegment: rows[0]?.segment ?? '', label: rows[0]?.label ?? '' }
}

/** Reads every row of every table of ours, which checks the checksum of every page. Answers the number of customers. */
export async function readEverything(owner: ConnectionSettings): Promise<number> {
  const client = new pg.Client({ ...owner, application_name: 'commet backup' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('commet', 'commet_auth') order by 1`,
    )
    for (const { name } of tables) await client.query(`select count(t::text) from ${name} as t`)
    const { rows } = await client.query<{ count: string }>(
      'select count(*) from commet.customers where deleted_at is null',
    )
    return Number(rows[0]?.count)
  } finally {
    await client.end()
  }
}
