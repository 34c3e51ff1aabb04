import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { makeModule } from './new-module/make-module'

// npm run new-module NAME: makes packages/NAME with a small module that works and all that CONTRIBUTING.md asks of one.
const interruption = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    process.exitCode = 128 + constants.signals[name]
    interruption.abort(new Error(`interrupted by ${name}; all is as it was`))
  })
}
const [name = '', ...others] = process.argv.slice(2)
try {
  if (others.length > 0) throw new Error(`one NAME is expected. Received: ${[name, ...others].join(' ')}.`)
  const root = fileURLToPath(new URL('..', import.meta.url))
  const paths = await makeModule({ root, name, signal: interruption.signal })
  console.log(`${paths.join('\n')}

packages/${name} works as it is:
  npx vitest run --project ${name}
  npm run check
Now make it yours: the formula and its source, the module, its tests, README.md, the description in package.json and the
sentence in .changeset/first-${name}.md; then its line in the tables of README.md and of CONTRIBUTING.md.`)
} catch (error) {
  process.exitCode ||= 1
  console.error(`new-module: ${(error as Error).message}`)
}
