import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['commet-source'] },
  ssr: { resolve: { conditions: ['commet-source'], externalConditions: ['commet-source'] } },
  test: {
    include: ['{apps,packages,sdks}/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['packages/testkit/src/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
