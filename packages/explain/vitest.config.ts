import { testPackage } from '../../vitest.base.ts'

export default testPackage('explain')
