import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['commet-source'] },
  ssr: { resolve: { conditions: ['commet-source'], externalConditions: ['commet-source'] } },
  test: {
    include: ['{apps,packages,sdks}/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    // Most of what tests do is wait for processes they started: more of them at once than there are cores.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for comes when the machine gets to it.
    expect: { poll: { timeout: 10_000 } },
  },
})
