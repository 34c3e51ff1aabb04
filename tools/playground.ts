import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { buildPlayground } from './playground/build-playground'
import { lookAtSite } from './playground/look-at-site'

// npm run playground -- --site DIR: trains the demo's model, where none is given, writes what the first page of a built site runs, and
// uses it in a browser.

const { values } = parseArgs({ options: { site: { type: 'string' }, model: { type: 'string' } } })
if (!values.site) throw new Error('Give --site, the folder of the built site.')
const root = fileURLToPath(new URL('..', import.meta.url))
const NER_MAF = ['--conditions=@mafjs/source', '--import', 'tsx', join(root, 'packages/cli/src/main.ts')]
const scratch = await mkdtemp(join(tmpdir(), 'maf-playground-'))
try {
  const model = values.model ?? join(scratch, 'model')
  if (!values.model) {
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, [...NER_MAF, ...args], { cwd: root })
    const corpus = join(scratch, 'corpus')
    await run('demo', '--quick', '--corpus', corpus)
    await run('train', '--config', join(corpus, 'run.yaml'), '--out', model)
  }
  await buildPlayground(model, join(values.site, 'playground'))
  await lookAtSite(values.site)
} finally {
  await rm(scratch, { recursive: true })
}
