import { buildPackage } from '../../tsup.base'

export default buildPackage({ index: 'src/index.ts' })
