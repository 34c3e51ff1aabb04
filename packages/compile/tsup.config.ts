import { buildPackage } from '../../tsup.base'

export default buildPackage(
  {
    index: 'src/index.ts',
    'engine-worker': 'src/training/engine-worker.ts',
    'session-worker': 'src/session/session-worker.ts',
    'platform-node': 'src/platform/node.ts',
    'platform-browser': 'src/platform/browser.ts',
  },
  { platform: 'node' },
)
