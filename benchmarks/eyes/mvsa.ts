import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { writeMobileNet } from '../real-data/mobilenet'
import { studyCleaning } from '../studies/clean-pairs'
import { studyExchange } from '../studies/exchange'
import { studyRetrieval } from '../studies/retrieval'
import { studySentiment } from '../studies/sentiment'
import { keepIn, type StudyOptions, type StudyResult } from '../studies/study'
import { drawnPairs, realPairs, type StudyPair } from '../studies/study-pairs'
import { studyWhySentiment } from '../studies/why-sentiment'
import { type Difference, differenceOf, type Side } from './differences'
import type { eyesCommand } from './options'
import { type EyesRecord, writeRecord } from './record'

export type Options = ReturnType<ReturnType<typeof eyesCommand>['opts']>

/** A study of MVSA and what of it is compared: within each pair of eyes, and between them. */
interface MvsaPart {
  study: (options: StudyOptions & { real: readonly StudyPair[] }) => Promise<StudyResult>
  measures: readonly string[]
  within: readonly (readonly [a: Side, b: Side])[]
  /** None: only the better eyes are measured. */
  between: readonly string[]
}

export const MVSA_PARTS: Readonly<Record<string, MvsaPart>> = {
  retrieval: {
    study: studyRetrieval,
    measures: ['T>I R@10', 'I>T R@10', 'AUC'],
    within: [['ridge regression', '@mafjs/align']],
    between: ['ridge regression', '@mafjs/align'],
  },
  matching: {
    study: studyCleaning,
    measures: ['AUC'],
    within: [['ridge', 'matching']],
    between: ['ridge', 'matching'],
  },
  sentiment: {
    study: studySentiment,
    measures: ['accuracy'],
    within: [
      ['majority', 'picture only'],
      ['text only', 'text and picture'],
      ['text only', 'pictures shuffled in training'],
      ['pictures shuffled in training', 'text and picture'],
      [['text and picture', 'exchanged'], 'text and picture'],
    ],
    between: ['picture only', 'text and picture'],
  },
  exchange: {
    study: studyExchange,
    measures: ['own above another'],
    within: [
      ['states', 'pictures'],
      ['states, residual', 'pictures, residual'],
      ['states, residual', 'pictures'],
    ],
    between: [],
  },
  why: {
    study: studyWhySentiment,
    measures: ['accuracy'],
    within: [['text', 'text and picture']],
    between: ['picture', 'text and picture'],
  },
}

/** The pairs as either eyes see them, each encoded once. */
const seen = new Map<string, Promise<StudyPair[]>>()

/** Runs a study of MVSA with EfficientNet-Lite0 and MobileNetV2, and writes its JSON. */
export async function runMvsa(part: string, options: Options): Promise<EyesRecord> {
  const { work, textEncoder, threads, results } = options
  const { study, measures, within, between } = MVSA_PARTS[part]!
  const engine = await useEngine({ engine: 'onnx', threads })
  const folder = join(options.data, 'mvsa')
  const encoders = {
    'EfficientNet-Lite0': options.imageEncoder,
    MobileNetV2: await writeMobileNet(join(work, 'mobilenetv2.onnx'), options.models),
  }
  const seeds = Array.from({ length: options.seeds }, (_, seed) => seed)
  const found: Record<string, StudyResult> = {}
  for (const [eyes, imageEncoder] of Object.entries(encoders).slice(0, between.length > 0 ? 2 : 1)) {
    const encoded = { folder, textEncoder, imageEncoder, engine, featureCache: join(work, 'features') }
    if (!seen.has(eyes)) seen.set(eyes, realPairs(encoded))
    const given = { folder, textEncoder, imageEncoder, threads }
    found[eyes] = await study({
      ...{ engine, real: await seen.get(eyes)!, drawn: drawnPairs, epochs: undefined, seeds },
      // What both eyes are not compared in is measured with the better ones.
      only: imageEncoder === options.imageEncoder ? undefined : between,
      keep: keepIn(join(work, part, eyes), given),
    })
  }
  const differences: (Difference & { eyes: string })[] = []
  for (const [eyes, { posts }] of Object.entries(found)) {
    for (const [a, b] of within) {
      // Of the lesser eyes only some ways are measured.
      if (![a, b].every(side => [side].flat()[0]! in posts)) continue
      for (const measure of measures) differences.push({ eyes, ...differenceOf(posts, a, b, measure) })
    }
  }
  const [ours, theirs] = Object.values(found).map(({ posts }) => posts)
  for (const way of between) {
    const both = { EfficientNet: ours![way]!, MobileNet: theirs![way]! }
    for (const measure of measures)
      differences.push({ eyes: way, ...differenceOf(both, 'MobileNet', 'EfficientNet', measure) })
  }
  const eyes = Object.fromEntries(
    Object.entries(found).map(([name, { posts: _, more: _more, ...figures }]) => [name, figures]),
  )
  return writeRecord(results, part, { part, seeds, eyes, differences })
}
