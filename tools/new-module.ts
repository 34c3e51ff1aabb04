import { makeCommand } from './new-module/make-command'
import { makeModule } from './new-module/make-module'

// npm run new-module NAME: makes packages/NAME with a small module that works and all that CONTRIBUTING.md asks of one.
await makeCommand(
  'new-module',
  makeModule,
  name => `packages/${name} works as it is:
  npx vitest run --project ${name}
  npm run check
Now make it yours: the formula and its source, the module, its tests, README.md, the description in package.json and the
sentence in .changeset/first-${name}.md; then its line in the tables of README.md and of CONTRIBUTING.md.`,
)
