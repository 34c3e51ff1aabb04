import { buildPackage } from '../../tsup.base'

export default buildPackage({
  index: 'src/index.ts',
  page: 'src/page/index.ts',
  view: 'src/view/index.ts',
})
