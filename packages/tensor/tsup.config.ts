import { buildPackage } from '../../tsup.base'

export default buildPackage({
  index: 'src/index.ts',
  compose: 'src/compose/index.ts',
  errors: 'src/errors.ts',
  files: 'src/files/index.ts',
  gradients: 'src/gradients/index.ts',
  json: 'src/json/index.ts',
  layers: 'src/layers/index.ts',
  lifetime: 'src/lifetime.ts',
  processes: 'src/processes/index.ts',
  random: 'src/random.ts',
  safetensors: 'src/safetensors/index.ts',
  testing: 'src/testing/index.ts',
})
