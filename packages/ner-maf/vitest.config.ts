import { testPackage } from '../../vitest.base.ts'

export default testPackage('ner-maf')
