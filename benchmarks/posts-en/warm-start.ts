import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonl, type Post, readDataset } from '@mafjs/data'
import { percent } from '@mafjs/evaluate'
import { evaluateRun } from '@mafjs/ner-maf'
import { permutation } from '@mafjs/tensor/random'
import { describeMachine } from '../machine'
import { trainUntil } from '../training/train-until'
import { writeResult } from '../write-result'
import type { Options } from './options'
import { SETTINGS } from './settings'

/** So few posts of one's own, and half as many to stop by. */
const POSTS = 200

/** Of which validation chooses, for either start. */
const RATES = [5e-5, 1e-4, 2e-4] as const

/** What some posts of one's own give from one start. */
export interface WarmStart {
  from: string
  learningRate: number
  validation: number
  /** Strict F1 on the test split. */
  test: number
}

/** Draws posts that are to be one's own from Twitter-2017, with its test split beside them. */
async function writeOwnPosts(data: string, out: string): Promise<void> {
  const dataset = await readDataset({ data, required: ['train', 'valid', 'test'] })
  const some = (posts: readonly Post[], count: number): Post[] =>
    permutation(posts.length, { seed: SETTINGS.seed, site: 'own posts' })
      .slice(0, count)
      .map(at => posts[at]!)
  const splits = {
    train: some(dataset.train!.examples, POSTS),
    valid: some(dataset.valid!.examples, POSTS / 2),
    test: dataset.test!.examples,
  }
  await mkdir(out, { recursive: true })
  for (const [split, posts] of Object.entries(splits)) {
    const lines = posts.map(({ id, words, labels, source }) => jsonl.write({ id, words, labels, source }))
    await writeFile(join(out, `${split}.jsonl`), lines.join(''))
  }
}

/** Trains on 200 posts of one's own, from the text encoder and from the model of the package, and scores both on the test split. */
export async function measureWarmStart(options: Options, signal: AbortSignal): Promise<void> {
  const { encoder, work, threads, results } = options
  const folder = join(work, 'warm')
  const data = join(folder, 'data')
  await writeOwnPosts(join(options.data, 'twitter2017'), data)
  const model = join(options.package, 'model')
  const starts = { 'all-MiniLM-L6-v2': { textEncoder: encoder }, '@mafjs/model-posts-en': { init: model } }
  const scored: WarmStart[] = []
  for (const [from, start] of Object.entries(starts)) {
    let best: { rate: number; f1: number; out: string } | undefined
    for (const rate of RATES) {
      const out = join(folder, `${'init' in start ? 'model' : 'encoder'}-${rate}`)
      const settings = { ...SETTINGS, epochs: 10, patience: 3, batchSize: 16, learningRate: rate }
      const epochs = await trainUntil({ ...settings, ...start, data, threads, out, signal })
      const f1 = Math.max(...epochs.map(({ strict }) => strict))
      if (!best || f1 > best.f1) best = { rate, f1, out }
    }
    const { report } = await evaluateRun({ model: best!.out, data, threads })
    const { f1: test } = report.strict.micro
    scored.push({ from, learningRate: best!.rate, validation: best!.f1, test })
    console.log(`${POSTS} posts from ${from}: test F1 ${percent(test)}`)
  }
  const { report } = await evaluateRun({ model, data, threads })
  console.log(`none of them, ${model}: ${percent(report.strict.micro.f1)}`)
  await writeResult(results, 'posts-en-warm-start', {
    ...{ data: 'twitter2017', posts: POSTS, rates: RATES, scored, untrained: report.strict.micro.f1 },
    machine: describeMachine(),
  })
}
