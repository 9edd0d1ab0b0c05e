import { installationSecret, openDataFolder } from './data-folder.ts'
import { holdsData, moveData, notEmpty } from './db/move-data.ts'
import { prepareDatabase } from './db/prepare.ts'
import { startEmbeddedDatabase } from './embedded/embedded-database.ts'
import { runOperatorCommand } from './operator-command.ts'
import { StartRefused } from './start-refused.ts'

/** `npm run move -- DATABASE_URL`: copies the embedded database into a PostgreSQL of your own. The server must be stopped. */

await runOperatorCommand(
  'npm run move -- postgres://user:password@host:5432/database',
  async (url, config) => {
    if (config.databaseUrl !== undefined)
      throw new StartRefused(
        'Unset DATABASE_URL and give the address as the argument: the embedded database is moved.',
      )
    if (!/^(postgres|postgresql|socket):/.test(url))
      throw new StartRefused('The argument must look like postgres://user:password@host:5432/database.')
    const folder = await openDataFolder(config.dataFolder)
    const target = { connectionString: url }
    const secret = await installationSecret(folder, config.secret)
    const database = await startEmbeddedDatabase({ dataFolder: folder.path })
    try {
      await prepareDatabase(database.connection, secret)
      await prepareEmpty(target, secret)
      for (const { name, rows } of await moveData(database.connection, target)) {
        console.log(`${name}: ${rows} rows`)
      }
    } finally {
      await database.stop()
    }
    console.log(
      [
        '',
        'Moved, and every table counted on both sides. From now on start the server with',
        '  DATABASE_URL   the address you gave',
        config.secret === undefined
          ? `  COMMET_SECRET  the content of ${folder.path}/secret`
          : '  COMMET_SECRET  as it is now',
        `The data folder ${folder.path} is as it was; keep it until you are content.`,
        'API keys are the same as before.',
      ].join('\n'),
    )
  },
)

/** An address that cannot be reached is explained by the preparation. */
async function prepareEmpty(target: { readonly connectionString: string }, secret: string): Promise<void> {
  if (await holdsData(target).catch(() => false)) throw notEmpty()
  await prepareDatabase(target, secret)
}
