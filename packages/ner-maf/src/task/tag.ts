import type { HostArray } from '@mafjs/compile'
import type { Program } from '@mafjs/compile/engine'
import { type Post, windowRows } from '@mafjs/data'
import { type BatchOptions, predictRows } from '@mafjs/train'
import type { BatchArrays } from '../model/batch-arrays'
import type { MafInputs } from '../model/maf'
import { decodePosts, type TaggedPost, type TaggingModel } from './decode-posts'
import { postsOf, type ReadingOptions, taggingTask } from './tagging-task'

/** What tags posts. */
export interface TagOptions extends ReadingOptions, BatchOptions {
  model: TaggingModel
  /** Computes the model's outputs: of `createMafProgram`, or an export's. */
  program: Program<MafInputs>
  /** Is told of every batch: its outputs and its arrays. @default nobody is */
  onBatch?: ((outputs: Record<string, HostArray>, batch: BatchArrays) => void) | undefined
  /** Whether each word comes with the probabilities of its labels and, as far as the program gives some, maps. @default false */
  explain?: boolean | undefined
  /** Word pieces that two windows of a long post share at most. @default a long post is cut */
  windowOverlap?: number | undefined
}

/**
 * Tags posts, in their order: what annotating, every report and the command line stand on.
 *
 * @throws the reason of a signal that is aborted before the last batch
 */
export async function tag(
  posts: readonly Post[],
  { model, program, onBatch, windowOverlap, batchSize, signal, explain, ...reading }: TagOptions,
): Promise<TaggedPost[]> {
  const { config } = model
  const rows = windowRows(posts, { config, tokenizer: reading.tokenizer, windowOverlap })
  reading.pictures?.expect?.(postsOf(rows))
  const task = taggingTask(config, { ...reading, explain })
  const scores = await predictRows(
    {
      ...task,
      decode(outputs, rows, arrays) {
        onBatch?.(outputs, arrays as BatchArrays)
        return task.decode(outputs, rows, arrays)
      },
    },
    rows,
    { program, batchSize, signal },
  )
  return decodePosts(model, rows, scores, { explain })
}
