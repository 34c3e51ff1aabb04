import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import type { Dataset } from '@mafjs/data'
import type { SeedRun, SeedsSummary } from '@mafjs/train'
import { runShown } from '../../tools/processes'
import { scoreLabels } from './score-labels'
import { splitsOf, writePosts } from './write-posts'

/** The opponent's run. */
export interface OpponentOptions {
  dataset: Dataset
  /** Folder of the data set, for the reports. */
  data: string
  /** Options of `pytorch/finetune.py`, as JSON. */
  config: string
  encoder: string
  random: boolean
  seeds: readonly number[]
  python: string
  threads: number
  /** The folder to write. */
  out: string
  /** Ends it; the same options go on from its last whole epoch. */
  signal?: AbortSignal | undefined
}

/** What `pytorch/finetune.py` says of a run. */
interface OpponentRun {
  torch: string
  options: Record<string, unknown>
  bestEpoch: number
  history: { epoch: number; strict: number }[]
  config: { hidden_size: number; num_hidden_layers: number }
}

const SCRIPT = fileURLToPath(new URL('pytorch/finetune.py', import.meta.url))

/** Its best validation F1 and ours of the same labels are two implementations of one rule. */
const SAME = 1e-9

const readRun = async (folder: string): Promise<OpponentRun | undefined> => {
  try {
    return JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as OpponentRun
  } catch {
    return undefined
  }
}

/** Whether a run was done with these options, but for the threads. */
function isOf(run: OpponentRun | undefined, flags: Record<string, unknown>): run is OpponentRun {
  const given = Object.entries(flags).filter(([name]) => name !== 'threads')
  return given.every(([name, value]) => isDeepStrictEqual(run?.options[name], value))
}

/**
 * Trains the opponent with several seeds and scores it with our scorer. What is finished is not trained again.
 *
 * @throws Error where its own validation score is not what our scorer gives.
 */
export async function trainOpponent(given: OpponentOptions): Promise<void> {
  const { dataset, data, config, encoder, random, seeds, python, threads, out, signal } = given
  const posts = join(out, 'posts')
  await writePosts(posts, dataset)
  const settings = JSON.parse(await readFile(config, 'utf8')) as Record<string, number>
  const runs: SeedRun[] = []
  for (const seed of seeds) {
    const folder = join(out, `seed-${seed}`)
    const flags = { ...settings, posts, encoder, out: folder, seed, threads }
    const words = Object.entries(flags)
    const byName = Object.fromEntries(words.map(([name, value]) => [name.replaceAll('-', '_'), value]))
    if (!isOf(await readRun(folder), { ...byName, random_encoder: random })) {
      const options = words.flatMap(([name, value]) => [`--${name}`, String(value)])
      const script = [SCRIPT, ...options, ...(random ? ['--random-encoder'] : [])]
      await runShown(python, script, { signal })
    }
    const run = (await readRun(folder))!
    const { hidden_size: hidden, num_hidden_layers: layers } = run.config
    const model = `torch ${run.torch}, finetune.py`
    const scored = { train: dataset.train!, data, seed, model, encoder: { name: encoder, layers, hidden } }
    for (const [name, split] of splitsOf(dataset)) {
      if (name === 'train') continue
      const last = join('evaluation', ...(name === 'test' || !dataset.test ? [] : [name]), `seed-${seed}`)
      const labels = join(folder, `${name}.jsonl`)
      const { strict } = await scoreLabels({ ...scored, labels, split: split!, out: join(out, last) })
      const claimed = Math.max(...run.history.map(epoch => epoch.strict))
      if (name === 'valid' && Math.abs(claimed - strict.micro.f1) > SAME) {
        throw new Error(`${labels}: strict F1 ${claimed} by finetune.py, ${strict.micro.f1} by our scorer`)
      }
    }
    runs.push({ seed, folder: `seed-${seed}`, digest: '', bestEpoch: run.bestEpoch, scores: {} })
  }
  const record = { fingerprints: {} }
  const summary: SeedsSummary = { kind: 'seeds', record, seeds: [...seeds], runs, scores: {} }
  await writeFile(join(out, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
}
