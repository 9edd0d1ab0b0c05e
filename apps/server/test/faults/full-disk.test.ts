import { afterAll, describe, expect, test } from 'vitest'
import { diskFaults, installOnDisk, mountSmallDisk } from './full-disk.ts'
import { runFault } from './scenarios.ts'

/** The disk of the data folder fills up under a stream of writes, and is freed again. */

const disk = mountSmallDisk()
afterAll(() => disk?.unmount())

describe.skipIf(disk === undefined)(
  'writes are refused, none is lost, and they go on once there is room',
  () => {
    test('after each (needs the right to mount a disk)', { timeout: 120_000 }, async () => {
      if (disk === undefined) return
      const installation = await installOnDisk(disk)
      try {
        for (const fault of Object.values(diskFaults)) {
          expect((await runFault(installation, fault, 1)).faults).toEqual([])
        }
        expect(installation.server.process.exitCode).toBe(null)
      } finally {
        await installation.end()
      }
    })
  },
)
