import { buildPackage } from '../../tsup.base'

export default buildPackage({
  index: 'src/index.ts',
  calibration: 'src/calibration/index.ts',
  evaluations: 'src/evaluations/index.ts',
})
