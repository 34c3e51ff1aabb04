import { buildPackage } from '../../tsup.base'

export default buildPackage({ index: 'src/index.ts', onnx: 'src/onnx/index.ts' }, { platform: 'node' })
