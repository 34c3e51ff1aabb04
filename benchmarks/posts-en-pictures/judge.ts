import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { percent, points, pValue } from '@mafjs/evaluate'
import { compareRuns, type EvaluationFolder } from '@mafjs/evaluate/evaluations'
import { evaluateRun } from '@mafjs/ner-maf'
import { withFolder } from '../../tools/command'
import { describeMachine } from '../machine'
import { writeResult } from '../write-result'
import { askModel } from './ask-model'
import { modelFolder } from './options'
import { readPhotographs } from './photographs'
import { type PairAnswers, pairAccuracy, pairPhotographs } from './probe'
import { judgeVariant, TEST } from './verdict'

/** What is judged, and with what. */
export interface JudgeOptions {
  /** Where the trained models are. */
  work: string
  /** Holds twitter-mner-38, coco-cc and imagenet-100. */
  data: string
  results: string
  threads: number
}

/** The real posts, of all splits of both sets, as one file. */
async function writeRealPosts(data: string, folder: string): Promise<void> {
  const parts = ['twitter2015', 'twitter2017'].flatMap(set =>
    ['train', 'valid', 'test'].map(split => join(data, 'twitter-mner-38', set, `${split}.txt`)),
  )
  const texts = await Promise.all(parts.map(part => readFile(part, 'utf8')))
  await writeFile(join(folder, 'test.txt'), texts.map(text => text.trimEnd()).join('\n\n'))
}

/** Every seed's evaluation on the real posts: the model of text alone, the variant without pictures, and with them. */
async function scoreRealPosts({ work, data, threads }: JudgeOptions) {
  return withFolder('real-posts', async folder => {
    await writeRealPosts(data, folder)
    const shared = { data: folder, threads, engine: 'onnx', featureCache: 'none' } as const
    const images = join(data, 'twitter-mner-38', 'images')
    const score = async (
      name: 'text' | 'pictures',
      seed: number,
      shown?: string,
    ): Promise<EvaluationFolder> => {
      const model = modelFolder(work, name, seed)
      const { report, predictions, brokenPictures } = await evaluateRun({ ...shared, model, images: shown })
      if (brokenPictures.length > 0) throw new Error(`Broken: ${JSON.stringify(brokenPictures)}`)
      return { evaluation: report, predictions }
    }
    const runs: Record<'text' | 'none' | 'own', EvaluationFolder[]> = { text: [], none: [], own: [] }
    for (const seed of TEST.seeds) {
      runs.text.push(await score('text', seed))
      runs.none.push(await score('pictures', seed))
      runs.own.push(await score('pictures', seed, images))
    }
    return runs
  })
}

/** Mean accuracies, of all pairs and by what is paired. */
function describeAnswers(answers: readonly PairAnswers[]) {
  const mean = (some: readonly PairAnswers[], side: 'own' | 'exchanged'): number =>
    some.reduce((sum, one) => sum + pairAccuracy(one)[side], 0) / some.length
  const kinds = (one: PairAnswers): string => one.pair.map(({ kind }) => kind).join(' ')
  return ['all', ...new Set(answers.map(kinds))].map(pairs => {
    const some = answers.filter(one => pairs === 'all' || kinds(one) === pairs)
    return { pairs, count: some.length, own: mean(some, 'own'), exchanged: mean(some, 'exchanged') }
  })
}

/**
 * Judges the variant by PROTOCOL.md, once: what it found stays, and decides.
 *
 * @throws Error where it was judged already, or a training is missing
 */
export async function judge(options: JudgeOptions): Promise<void> {
  const { work, data, results } = options
  const file = join(results, 'posts-en-pictures-judge.json')
  if (existsSync(file))
    throw new Error(`${file} is there already: the variant is judged once, and that decides.`)
  const missing = TEST.seeds.flatMap(seed =>
    (['text', 'pictures'] as const)
      .map(name => modelFolder(work, name, seed))
      .filter(folder => !existsSync(join(folder, 'report.md'))),
  )
  if (missing.length > 0) throw new Error(`Not trained to the end: ${missing.join(', ')}.`)
  const pairs = pairPhotographs(await readPhotographs(data), TEST.seed)
  const { text, none, own } = await scoreRealPosts(options)
  const bySeed: PairAnswers[][] = []
  for (const seed of TEST.seeds)
    bySeed.push(await askModel(modelFolder(work, 'pictures', seed), pairs, options))
  const against = (name: string, runs: EvaluationFolder[]) =>
    compareRuns(
      { a: { name, runs }, b: { name: 'with pictures', runs: own } },
      { rounds: TEST.rounds, seed: TEST.seed },
    )
  const posts = {
    'text only': against('text only', text),
    'without pictures': against('without pictures', none),
  }
  const { conditions, ships } = judgeVariant(posts, bySeed)
  await writeResult(results, 'posts-en-pictures-judge', {
    ...{ test: TEST, ships, conditions, posts },
    pairs: pairs.length,
    accuracy: bySeed.map(describeAnswers),
    machine: describeMachine(),
  })
  for (const { condition, found, p, bySeed: each, isMet } of conditions) {
    const seeds = each ? ` (${each.map(one => percent(one)).join(', ')})` : ''
    const value = condition.startsWith('real') ? points(found) : percent(found)
    console.log(
      `${isMet ? 'met' : 'NOT MET'}: ${condition}: ${value}${seeds}, p ${pValue(p!, 1 / TEST.rounds)}`,
    )
  }
  console.log(ships ? 'It may ship.' : 'It does not ship.')
}
