import { buildPackage } from '../../tsup.base'

export default buildPackage({ index: 'src/index.ts', browser: 'src/browser/index.ts' }, { platform: 'node' })
