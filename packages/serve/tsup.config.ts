import { buildPackage } from '../../tsup.base'

export default buildPackage(
  { index: 'src/index.ts', 'model-worker': 'src/workers/model-worker.ts' },
  { platform: 'node' },
)
