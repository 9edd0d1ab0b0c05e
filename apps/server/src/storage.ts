import type { Config } from './config.ts'
import {
  type DataFolder,
  forgetRunningDatabase,
  installationSecret,
  noteRunningDatabase,
} from './data-folder.ts'
import { type PreparedDatabase, prepareDatabase } from './db/prepare.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded/embedded-database.ts'
import type { Log } from './kernel/log.ts'

/** The database that the settings ask for: the embedded one in the data folder, or the one of DATABASE_URL. */

export type Storage = PreparedDatabase & {
  readonly secret: string
  /** Resolves with the reason when the embedded database is gone for good. */
  readonly ended: Promise<string>
  stop(): Promise<void>
}

export async function openStorage(config: Config, folder: DataFolder, log: Log): Promise<Storage> {
  const secret = await installationSecret(folder, config.secret)
  if (config.databaseUrl !== undefined) {
    const prepared = await prepareDatabase({ connectionString: config.databaseUrl }, secret)
    return { ...prepared, secret, ended: new Promise(() => {}), stop: async () => {} }
  }
  const embedded = await startEmbeddedDatabase({
    dataFolder: folder.path,
    restartOnCrash: true,
    onNotice: (line) => log.info({ database: 'embedded' }, line),
  })
  return {
    ...(await prepareEmbedded(embedded, folder, secret)),
    secret,
    ended: embedded.ended,
    stop: () => stop(embedded, folder),
  }
}

async function prepareEmbedded(
  embedded: EmbeddedDatabase,
  folder: DataFolder,
  secret: string,
): Promise<PreparedDatabase> {
  try {
    const prepared = await prepareDatabase(embedded.connection, secret)
    const { host, port, database } = embedded.connection
    await noteRunningDatabase(folder, { host, port, database })
    return prepared
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

async function stop(embedded: EmbeddedDatabase, folder: DataFolder): Promise<void> {
  await forgetRunningDatabase(folder)
  await embedded.stop()
}
