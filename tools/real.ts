import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeEngine, type EngineName } from '@mafjs/compile/engine'
import { startComputer } from './engine/computer'
import { runNerMaf } from './processes'
import { readTwitter } from './real/read-twitter'
import { trainOnPosts } from './real/train-on-posts'
import { writeBert } from './tiny-world/write-bert'

// npm run real -- [--engine auto|onnx|tfjs]: real tweets and their pictures, where they are at hand. Nothing of them is
// kept or committed.
const shared = fileURLToPath(new URL('../../shared', import.meta.url))
const { values } = parseArgs({ options: { engine: { type: 'string' } } })
const { engine, computer } = await startComputer({ engine: values.engine as EngineName | undefined })
console.log(describeEngine(engine))
const work = await mkdtemp(join(tmpdir(), 'maf-real-'))

/** One short text-only training on Twitter-2015 from the command line, from random weights and with progress. */
async function trainTextOnly(): Promise<string[]> {
  const vocab = await readFile(join(shared, 'models/vocab/bert-base-cased-vocab.txt'), 'utf8')
  const encoder = join(work, 'small-bert')
  const shape = { hidden: 64, layers: 2, heads: 4, intermediate: 128, maxPositions: 128 }
  await writeBert(encoder, shape, { vocab })
  console.log('\nner-maf train on Twitter-2015, text only, a small BERT from random weights, one epoch:')
  await runNerMaf('train', {
    ...{ data: join(shared, 'data/twitter2015'), out: join(work, 'text-only'), engine: engine.name },
    ...{ 'text-encoder': encoder, 'random-text-encoder': true, epochs: 1, 'batch-size': 32 },
    'learning-rate': '1e-3',
  })
  return []
}

/** The checks by what they need. */
const checks: [needs: string[], check: () => Promise<string[]>][] = [
  [['data/twitter2015', 'data/twitter2017'], () => readTwitter(shared)],
  [['data/twitter-mner-38', 'models/vocab'], () => trainOnPosts({ shared, work, engine, computer })],
  [['data/twitter2015', 'models/vocab'], trainTextOnly],
]
const absent = new Set(checks.flatMap(([needs]) => needs.filter(folder => !existsSync(join(shared, folder)))))
if (absent.size > 0)
  console.warn(
    `SKIPPED, NOT CHECKED: ${[...absent].map(folder => `../shared/${folder}`).join(', ')} is not here.`,
  )
const problems: string[] = []
try {
  for (const [needs, check] of checks) {
    // What a check throws is a problem like any other, and the next check still runs.
    if (!needs.some(folder => absent.has(folder)))
      problems.push(...(await check().catch(error => [String(error)])))
  }
} finally {
  await rm(work, { recursive: true, force: true })
}
for (const problem of problems) console.error(`FAIL ${problem}`)
console.log(`\n${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0
