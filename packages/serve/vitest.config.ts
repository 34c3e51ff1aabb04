import { mergeConfig } from 'vitest/config'
import { testPackage } from '../../vitest.base.ts'

export default mergeConfig(testPackage('serve'), {
  test: { globalSetup: '../ner-maf/test/own-cache-folder.ts' },
})
