import { buildPackage } from '../../tsup.base'

export default buildPackage({
  index: 'src/index.ts',
  gradients: 'src/gradients/index.ts',
  layers: 'src/layers/index.ts',
  testing: 'src/testing/index.ts',
})
