import { buildPackage } from '../../tsup.base'

export default buildPackage(
  { index: 'src/index.ts', doctor: 'src/doctor/index.ts', features: 'src/features/index.ts' },
  { platform: 'node' },
)
