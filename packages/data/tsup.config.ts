import { buildPackage } from '../../tsup.base'

export default buildPackage({ index: 'src/index.ts', doctor: 'src/doctor/index.ts' }, { platform: 'node' })
