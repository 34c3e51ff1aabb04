import { buildPackage } from '../../tsup.base'

/** Leaves `#platform` to whoever imports the package: resolved here, a browser's bundle would have Node's side in it. */
const platformLater = {
  name: 'platform-later',
  setup(build: { onResolve(at: { filter: RegExp }, resolve: (found: { path: string }) => object): void }) {
    build.onResolve({ filter: /^#platform$/ }, ({ path }) => ({ path, external: true }))
  },
}

export default buildPackage(
  {
    index: 'src/index.ts',
    engine: 'src/engine/index.ts',
    'engine-worker': 'src/training/engine-worker.ts',
    'session-worker': 'src/session/session-worker.ts',
    'platform-node': 'src/platform/node.ts',
    'platform-browser': 'src/platform/browser.ts',
  },
  { platform: 'node', esbuildPlugins: [platformLater] },
)
