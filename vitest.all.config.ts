import { mergeConfig } from 'vitest/config'
import { testPackage } from './vitest.base.ts'

/**
 * All tests, as `npm test` runs them: by two processes for all packages together, so that what they share is loaded and made
 * fast twice, and not twice for each of them.
 */
export default mergeConfig(testPackage('all'), {
  test: {
    include: ['{packages/*,examples/*,tools,benchmarks}/test/**/*.test.ts'],
    globalSetup: 'packages/ner-maf/test/own-cache-folder.ts',
  },
})
