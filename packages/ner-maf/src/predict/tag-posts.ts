import { type Lattice, viterbi } from '@mafjs/crf'
import type { WordTokenizer } from '@mafjs/encoders'
import * as tf from '@tensorflow/tfjs-core'
import { type Batch, collate, type Example, type PictureBatch } from '../data'
import { batchTensors } from '../model/batch-tensors'
import type { Maf, MafOutputs } from '../model/maf'
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

/** What tags posts. */
export interface TaggerOptions {
  model: Maf
  tokenizer: WordTokenizer
  /** The pictures of some posts; without it no post has one. */
  loadPictures?: (examples: readonly Example[]) => Promise<PictureBatch>
}

/** The label of every kept word from the path of a sentence. */
function wordLabels({ config }: Maf, batch: Batch, row: number, path: readonly number[]): string[] {
  const kept = batch.keptWords[row]!
  return Array.from({ length: kept }, (_, word) => {
    const step = config.steps === 'words' ? word : batch.firstPieces[row * batch.words + word]!
    const label = config.labels[path[step]!]!
    // The published scheme also has labels for padding, continuation pieces and the two special tokens.
    return /^[BI]-/.test(label) ? label : 'O'
  })
}

/** Where each kept word begins among the CRF's steps, and where the last one ends. */
function wordSteps({ config }: Maf, batch: Batch, row: number, lattice: Lattice): number[] {
  const kept = batch.keptWords[row]!
  const starts = Array.from({ length: kept }, (_, word) =>
    config.steps === 'words' ? word : batch.firstPieces[row * batch.words + word]!,
  )
  // [SEP] is a step of its own in the published scheme.
  return [...starts, config.steps === 'words' ? kept : lattice.lengths[row]! - 1]
}

/** Tags one batch of posts; the order of the results is that of the posts. */
export async function tagPosts(
  examples: readonly Example[],
  { model, tokenizer, loadPictures }: TaggerOptions,
): Promise<TaggedPost[]> {
  const batch = collate(examples, { tokenizer, padTo: model.config.padTo })
  const loaded = await loadPictures?.(examples)
  // Absent pictures come out as exact zeros; where all are absent the image encoder need not run to find that.
  const pictures = loaded?.present.some(one => one > 0) ? loaded : undefined
  const inputs = batchTensors(model.config, batch, pictures)
  let outputs: MafOutputs | undefined
  try {
    outputs = model.apply(inputs)
    const lattice = await model.parts.crf.lattice(outputs)
    const { paths } = viterbi(lattice)
    const matches = outputs.matching && (await outputs.matching.probability.data())
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
        match: matches && pictures?.present[row] ? matches[row]! : null,
        cutWords,
      }
    })
  } finally {
    if (outputs) tf.dispose(outputs as unknown as tf.TensorContainer)
    tf.dispose(inputs as unknown as tf.TensorContainer)
  }
}
