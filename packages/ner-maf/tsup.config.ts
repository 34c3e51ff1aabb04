import { buildPackage } from '../../tsup.base'

const index = 'src/index.ts'

// What a page loads is built by tools/page-worker; its types are written here.
export default buildPackage(
  { index },
  { platform: 'node', dts: { entry: { index, browser: 'src/browser/index.ts' } } },
)
