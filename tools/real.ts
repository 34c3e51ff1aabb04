import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeEngine, type EngineName } from '@mafjs/compile/engine'
import { startGoldenEngine } from './golden/engine/start-engine'
import { readTwitter } from './real/read-twitter'
import { trainOnPosts } from './real/train-on-posts'
import { trainTextOnly } from './real/train-text-only'

// npm run real -- [--engine auto|onnx|tfjs]: real tweets and their pictures, where they are at hand. Nothing of them is
// kept or committed.
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const shared = join(root, '../shared')
const needed = ['data/twitter-mner-38', 'data/twitter2015', 'data/twitter2017', 'models/vocab']
const absent = needed.filter(folder => !existsSync(join(shared, folder)))
const isHere = (folder: string): boolean => !absent.includes(folder)

if (absent.length > 0) {
  console.warn(`SKIPPED, NOT CHECKED: ${absent.map(folder => `../shared/${folder}`).join(', ')} is not here.`)
}
const work = await mkdtemp(join(tmpdir(), 'maf-real-'))
const problems: string[] = []

/** Runs one check; what it throws is a problem like any other, and the next check still runs. */
async function attempt(check: Promise<readonly string[]>): Promise<void> {
  problems.push(...(await check.catch(error => [String(error)])))
}

try {
  const { values } = parseArgs({ options: { engine: { type: 'string' } } })
  const { engine, golden } = await startGoldenEngine({ engine: values.engine as EngineName | undefined })
  console.log(describeEngine(engine))
  const setting = { root, shared, work, engine, golden }
  if (isHere('data/twitter2015') && isHere('data/twitter2017')) await attempt(readTwitter(shared))
  if (isHere('data/twitter-mner-38') && isHere('models/vocab')) {
    await attempt(trainOnPosts(setting))
  }
  if (isHere('data/twitter2015') && isHere('models/vocab')) {
    await attempt(trainTextOnly(setting))
  }
} finally {
  await rm(work, { recursive: true, force: true })
}
for (const problem of problems) console.error(`FAIL ${problem}`)
console.log(`\n${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0
