import { defineConfig } from 'vitest/config'

const conditions = ['@mafjs/source', 'module', 'node', 'development|production', 'import', 'default']

/** The one test recipe of every package: source through the export condition, two cores, no watch. */
export const testPackage = (name: string) =>
  defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      watch: false,
      include: ['test/**/*.test.ts'],
      pool: 'forks',
      maxWorkers: 2,
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  })
