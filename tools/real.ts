import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, Option } from '@commander-js/extra-typings'
import { describeEngine, ENGINES, type Engine } from '@mafjs/compile/engine'
import { runCommand, withFolder } from './command'
import { startComputer } from './engine/computer'
import { runNerMaf } from './processes'
import { readTwitter } from './real/read-twitter'
import { trainOnPosts } from './real/train-on-posts'
import { writeBert } from './tiny-world/write-bert'

// npm run real: real tweets and their pictures, where they are at hand. Nothing of them is kept or committed.
const shared = fileURLToPath(new URL('../../shared', import.meta.url))
const command = new Command('npm run real --').addOption(new Option('--engine <name>').choices(ENGINES))

/** One short text-only training on Twitter-2015 from the command line, from random weights and with progress. */
async function trainTextOnly(work: string, engine: Engine): Promise<string[]> {
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

async function checkAll(work: string, options: ReturnType<typeof command.opts>): Promise<void> {
  const { engine, computer } = await startComputer(options)
  console.log(describeEngine(engine))
  /** The checks by what they need. */
  const checks: [needs: string[], check: () => Promise<string[]>][] = [
    [['data/twitter2015', 'data/twitter2017'], () => readTwitter(shared)],
    [['data/twitter-mner-38', 'models/vocab'], () => trainOnPosts({ shared, work, engine, computer })],
    [['data/twitter2015', 'models/vocab'], () => trainTextOnly(work, engine)],
  ]
  const isAbsent = (folder: string): boolean => !existsSync(join(shared, folder))
  const absent = new Set(checks.flatMap(([needs]) => needs.filter(isAbsent)))
  for (const folder of absent) console.warn(`SKIPPED, NOT CHECKED: ../shared/${folder} is not here.`)
  const problems: string[] = []
  for (const [needs, check] of checks) {
    // What a check throws is a problem like any other, and the next check still runs.
    if (!needs.some(isAbsent)) problems.push(...(await check().catch(error => [String(error)])))
  }
  for (const problem of problems) console.error(`FAIL ${problem}`)
  console.log(`\n${problems.length} problems`)
  if (problems.length > 0) process.exitCode = 1
}

await runCommand(command.action(async options => withFolder('real', work => checkAll(work, options))))
