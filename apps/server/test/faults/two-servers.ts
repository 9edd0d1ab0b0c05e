import { type Fault, type Installation, installOutside } from './scenarios.ts'
import { freePort, startServerProcess } from './server-process.ts'

/** Two servers on one PostgreSQL, to which clients write in turn. */

export type TwinInstallation = Installation & {
  /** kill -9 of the second server, and its start at the same place. */
  killTwin(): Promise<void>
  startTwin(): Promise<void>
}

export async function installTwins(): Promise<TwinInstallation> {
  const installation = await installOutside()
  const port = await freePort()
  const { dataFolder, env } = installation.settings
  const start = () => startServerProcess({ dataFolder: `${dataFolder}-twin`, port, env })
  let twin = await start()
  return {
    ...installation,
    addresses: [installation.address, twin.address],
    get server() {
      return installation.server
    },
    killTwin: () => twin.kill(),
    startTwin: async () => {
      twin = await start()
    },
    end: async () => {
      await twin.stop()
      await installation.end()
    },
  }
}

/** The other one goes on alone, and has nothing to say about it. */
export const twinFaults = {
  'kill -9 of one of two servers': {
    lay: async ({ killTwin, startTwin }) => {
      await killTwin()
      return startTwin
    },
    says: [],
    complaints: 0,
  },
} as const satisfies Readonly<Record<string, Fault<TwinInstallation>>>
