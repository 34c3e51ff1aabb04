import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { percent } from '@mafjs/evaluate'
import { runShown } from '../../tools/processes'
import { describeMachine } from '../machine'
import { writeResult } from '../write-result'
import { scoreTagged, scoreTaggedSets, type TaggedSets, taggedLine } from './score-tagged'
import { SOURCES } from './sources'

const SCRIPT = fileURLToPath(new URL('../real-data/pytorch/finetune.py', import.meta.url))

/** Those of the real data's opponent with the same encoder, which validation chose there; but for the rate and the epochs. */
const SETTINGS = {
  epochs: 4,
  'batch-size': 32,
  'layer-decay': 0.85,
  'head-rate': 1e-3,
  warmup: 0.1,
  seed: 37,
}

/** Of which the validation split chooses after one epoch. */
const RATES = [2e-4, 4e-4] as const

/** Two implementations of one rule. */
const SAME = 1e-9

/** An opponent's run. */
export interface OpponentOptions {
  /** The folder that `writePosts` wrote. */
  posts: string
  /** Folder of Hugging Face. */
  encoder: string
  /** With torch and transformers. */
  python: string
  threads: number
  /** For all that is trained; what is finished is not done again. */
  work: string
  /** For the JSON. */
  results: string
  signal?: AbortSignal | undefined
}

interface Epoch {
  epoch: number
  loss: number
  strict: number
  seconds: number
}

const readJson = async (file: string) => JSON.parse(await readFile(file, 'utf8'))

/**
 * Fine-tunes PyTorch and transformers on the posts of all sets, with one of two rates by validation, and scores the epoch that is
 * best by validation on every test split with our scorer.
 *
 * @throws Error where its own validation score is not what our scorer gives.
 */
export async function trainPostsOpponent(options: OpponentOptions): Promise<TaggedSets> {
  const { posts, encoder, python, threads, work, results, signal } = options
  const folderOf = (rate: number): string => join(work, `opponent-${rate}`)
  const tune = async (rate: number, ...more: string[]): Promise<void> => {
    const flags = { ...SETTINGS, 'learning-rate': rate, posts, encoder, out: folderOf(rate), threads }
    const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])
    await runShown(python, [SCRIPT, ...words, ...more], { signal })
  }
  const validation: Record<string, number> = {}
  for (const rate of RATES) {
    const history = join(folderOf(rate), 'history.json')
    if (!existsSync(history)) await tune(rate, '--until', '1')
    const [first] = (await readJson(history)) as Epoch[]
    validation[rate] = first!.strict
  }
  const chosen = RATES.reduce((best, rate) => (validation[rate]! > validation[best]! ? rate : best))
  const folder = folderOf(chosen)
  const run = join(folder, 'run.json')
  if (!existsSync(run)) await tune(chosen, '--predict', ...SOURCES.map(({ name }) => `${name}/test`))
  const { history, bestEpoch, torch } = await readJson(run)

  const { strict } = await scoreTagged(join(posts, 'valid.jsonl'), join(folder, 'valid.jsonl'))
  const ours = strict.micro.f1
  const theirs = (history as Epoch[])[bestEpoch - 1]!.strict
  if (Math.abs(ours - theirs) > SAME)
    throw new Error(`${folder}: strict F1 ${theirs} by finetune.py, ${ours} by our scorer`)

  const test = await scoreTaggedSets({ posts, labels: folder })
  await writeResult(results, 'posts-en-opponent', {
    model: 'all-MiniLM-L6-v2 with a linear head, transformers',
    settings: { ...SETTINGS, 'learning-rate': chosen },
    ...{ validation, epochs: history, bestEpoch, test },
    versions: { torch, node: process.version },
    machine: describeMachine(),
  })
  console.log(`PyTorch, validation ${percent(ours)}; test: ${taggedLine(test)}`)
  return test
}
