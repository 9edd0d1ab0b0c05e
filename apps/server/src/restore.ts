import path from 'node:path'
import { restore } from './backup-folder.ts'
import { runOperatorCommand } from './operator-command.ts'
import { StartRefused } from './start-refused.ts'

/** `npm run restore -- FOLDER`: puts a backup into an empty data folder. */

await runOperatorCommand('npm run restore -- FOLDER', async (argument, config) => {
  if (config.databaseUrl !== undefined) {
    throw new StartRefused(
      'DATABASE_URL is set; unset it, for this command restores the embedded database of a data folder.',
    )
  }
  const { customers } = await restore(path.resolve(argument), config.dataFolder)
  console.log(`Restored ${customers} customers to ${config.dataFolder}. Start the server with: npm start`)
})
