import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const conditions = ['@mafjs/source', 'module', 'node', 'development|production', 'import', 'default']

/** Set by `npm run test:tensorflow`. */
const onTensorflow = process.env['MAF_TEST_BACKEND'] === 'tensorflow'
const setupFiles = onTensorflow
  ? [fileURLToPath(new URL('tools/tfjs-node/test-on-tensorflow.ts', import.meta.url))]
  : []

/** The one test recipe of every package: source through the export condition, two cores, no watch. */
export const testPackage = (name: string) =>
  defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      watch: false,
      include: ['test/**/*.test.ts'],
      setupFiles,
      pool: 'forks',
      maxWorkers: 2,
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  })
