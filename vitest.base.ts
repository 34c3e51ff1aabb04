import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const conditions = ['@mafjs/source', 'module', 'node', 'development|production', 'import', 'default']

/** What `npm run test:tensorflow` adds: tests run on tfjs's backend `tensorflow`, and those about `wasm` do not run. */
const onTensorflow = {
  setupFiles: [fileURLToPath(new URL('tools/tfjs-node/test-on-tensorflow.ts', import.meta.url))],
  testNamePattern: /^(?!.*\bwasm\b)/,
  isolate: true,
}
const backend = process.env['MAF_TEST_BACKEND']
if (backend !== undefined && backend !== 'tensorflow') {
  throw new Error(`MAF_TEST_BACKEND must be tensorflow, or not be set. Received: ${backend}.`)
}

// Where programs that tests start are kept in one piece, for this run alone.
if (process.env['MAF_BUNDLES'] === undefined) {
  const bundles = mkdtempSync(join(tmpdir(), 'maf-bundles-'))
  process.env['MAF_BUNDLES'] = bundles
  process.once('exit', () => rmSync(bundles, { recursive: true, force: true }))
}

/**
 * The one test recipe of every package: source through the export condition, two cores, no watch. The test files of a package
 * share their processes, so that each module is loaded, and its code made fast, once; a file that changes its process, or must
 * find it fresh, says so in its first line: `@vitest-environment-options { "processOf": "its name" }`.
 */
export const testPackage = (name: string) =>
  defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      watch: false,
      include: ['test/**/*.test.ts'],
      pool: 'forks',
      // Most code of a test runs too seldom to be worth the optimising compiler; a tenth of the processor's time less. Threads
      // take no such flags.
      execArgv: process.argv.includes('threads') ? [] : ['--always-sparkplug', '--interrupt-budget=600000'],
      isolate: false,
      setupFiles: [fileURLToPath(new URL('tools/workspace/as-if-alone.ts', import.meta.url))],
      maxWorkers: 2,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      ...(backend && onTensorflow),
    },
  })
