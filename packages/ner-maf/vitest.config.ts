import { mergeConfig } from 'vitest/config'
import { testPackage } from '../../vitest.base.ts'

export default mergeConfig(testPackage('ner-maf'), {
  test: { globalSetup: 'test/own-cache-folder.ts' },
})
