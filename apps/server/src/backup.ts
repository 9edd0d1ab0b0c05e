import path from 'node:path'
import { backUp } from './backup-folder.ts'
import { runOperatorCommand, withEmbeddedOwner } from './operator-command.ts'
import { StartRefused } from './start-refused.ts'

/** `npm run backup -- FOLDER`: copies the embedded database, beside a running server and without one. */

await runOperatorCommand('npm run backup -- FOLDER', async (argument, config) => {
  if (config.databaseUrl !== undefined) {
    throw new StartRefused(
      'DATABASE_URL leads to a PostgreSQL of your own; back it up with pg_dump or pg_basebackup. This command copies the embedded database.',
    )
  }
  const target = path.resolve(argument)
  await withEmbeddedOwner(config, async (connection, folder) => {
    const { customers } = await backUp(folder.path, connection, target)
    console.log(`Backed up to ${target}, and checked by starting a copy of it: ${customers} customers.`)
    console.log(`It holds the secret of this installation: keep it as safe as the data folder.`)
  })
})
