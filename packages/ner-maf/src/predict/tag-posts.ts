import { type Lattice, viterbi } from '@mafjs/crf'
import type { WordTokenizer } from '@mafjs/encoders'
import { type Batch, collate, type Example } from '../data'
import { createEagerRunner } from '../engine/eager-runner'
import type { ModelRunner } from '../engine/model-runner'
import { batchArrays, type LoadPictures } from '../model/batch-arrays'
import type { MafConfig } from '../model/config'
import type { Maf, MafParts } from '../model/maf'
import { latticeOf } from './lattice-of'
import { type ScoredEntity, scoredEntities } from './scored-entities'

/** What the model says of one post. */
export interface TaggedPost {
  /** One label per word of the post; words cut off by the length limit are `O`. */
  labels: string[]
  entities: ScoredEntity[]
  /** Probability that text and picture belong together; null without a picture or a matching module. */
  match: number | null
  /** Words that did not fit into the model's length; none of them can be part of an entity. */
  cutWords: number
}

/** What tagging asks of a model beside its emissions. */
export interface TaggingModel {
  config: MafConfig
  parts: Pick<MafParts, 'crf'>
}

/** What tags posts. */
export type TaggerOptions = {
  tokenizer: WordTokenizer
  /** The pictures of some posts; without it no post has one. */
  loadPictures?: LoadPictures
} & (
  | {
      model: TaggingModel
      /** Runs this model. @default kernel by kernel on the active tfjs backend, where the model is whole */
      runner: ModelRunner
    }
  | { model: Maf; runner?: undefined }
)

/** The label of every kept word from the path of a sentence. */
function wordLabels({ config }: TaggingModel, batch: Batch, row: number, path: readonly number[]): string[] {
  const kept = batch.keptWords[row]!
  return Array.from({ length: kept }, (_, word) => {
    const step = config.steps === 'words' ? word : batch.firstPieces[row * batch.words + word]!
    const label = config.labels[path[step]!]!
    // The published scheme also has labels for padding, continuation pieces and the two special tokens.
    return /^[BI]-/.test(label) ? label : 'O'
  })
}

/** Where each kept word begins among the CRF's steps, and where the last one ends. */
function wordSteps({ config }: TaggingModel, batch: Batch, row: number, lattice: Lattice): number[] {
  const kept = batch.keptWords[row]!
  const starts = Array.from({ length: kept }, (_, word) =>
    config.steps === 'words' ? word : batch.firstPieces[row * batch.words + word]!,
  )
  // [SEP] is a step of its own in the published scheme.
  return [...starts, config.steps === 'words' ? kept : lattice.lengths[row]! - 1]
}

/** Tags one batch of posts; the order of the results is that of the posts. */
export async function tagPosts(examples: readonly Example[], options: TaggerOptions): Promise<TaggedPost[]> {
  const { model, tokenizer, loadPictures } = options
  const runner = options.runner === undefined ? createEagerRunner(options.model) : options.runner
  const batch = collate(examples, { tokenizer, padTo: model.config.padTo })
  const loaded = await loadPictures?.(examples)
  // Absent pictures come out as exact zeros; where all are absent the image encoder need not run to find that.
  const pictures = loaded?.present.some(one => one > 0) ? loaded : undefined
  const arrays = batchArrays(model.config, batch, pictures)
  const { emissions, match } = await runner.infer(arrays)
  // Paths and probabilities are found on the numbers: no engine is needed for them, and none has to wait.
  const lattice = await latticeOf(model.parts.crf, emissions, arrays.wordMask ?? arrays.text.mask)
  const { paths } = viterbi(lattice)
  const sentences = paths.map((path, row) => ({
    path,
    labels: wordLabels(model, batch, row, path),
    steps: wordSteps(model, batch, row, lattice),
  }))
  const entities = scoredEntities(sentences, lattice, model.config.labels)
  return examples.map(({ words }, row) => {
    const { labels } = sentences[row]!
    const cutWords = words.length - labels.length
    return {
      labels: [...labels, ...new Array<string>(cutWords).fill('O')],
      entities: entities[row]!,
      match: match && pictures?.present[row] ? match[row]! : null,
      cutWords,
    }
  })
}
