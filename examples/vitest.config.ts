import { mergeConfig } from 'vitest/config'
import { testPackage } from '../vitest.base.ts'

/** Every example keeps its tests in a folder of its own. */
export default mergeConfig(testPackage('examples'), { test: { include: ['*/test/**/*.test.ts'] } })
