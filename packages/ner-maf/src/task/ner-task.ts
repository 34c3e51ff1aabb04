import type { HostArray, RunKey } from '@mafjs/compile'
import {
  collate,
  fewLengths,
  goldLabels,
  isLabelledInPart,
  labelIds,
  padBatch,
  predictionsToScore,
  type WindowRow,
} from '@mafjs/data'
import { type EvaluationReport, evaluateLabels } from '@mafjs/evaluate'
import { exchangedRows, exchangesOf, mostExchanged } from '@mafjs/match'
import { defineTask, type Task } from '@mafjs/train'
import { batchArrays } from '../model/batch-arrays'
import { batchOptions } from '../model/batch-options'
import type { MafConfig } from '../model/config'
import type { Maf, MafInputs } from '../model/maf'
import { decodePosts } from './decode-posts'
import { mafOutputs } from './maf-outputs'
import { PARAMETER_ALIASES, textDepth } from './parameter-names'
import { examplesOf, postsOf, type ReadingOptions, taggingTask } from './tagging-task'
import type { WindowScores } from './window-scores'

/** How a model is trained and read. */
export interface NerTaskOptions extends ReadingOptions {
  /**
   * The rows to be trained on: their batches have one or two numbers of steps for the CRF, each of which is a program of its own.
   * @default each batch is as long as its longest
   */
  train?: readonly WindowRow[] | undefined
}

/** MAF as a task: rows are windows of posts, predictions what the model says of them, reports entity scores. */
export type NerTask = Task<WindowRow, MafInputs, WindowScores, EvaluationReport>

const vector = <Data extends Float32Array | Int32Array>(data: Data): HostArray<Data> => ({
  data,
  shape: [data.length],
})

/** Makes a model a task of `@mafjs/train`. */
export function nerTask(model: Maf, { train, ...reading }: NerTaskOptions): NerTask {
  const { config, parts } = model
  const { steps } = config
  const { tokenizer, pictures: reader } = reading
  const tagging = taggingTask(config, reading, { tokens: parts.textEncoder.config.maxPositions })
  const scheme = labelIds(config)
  const unrolled = steps === 'words' ? 'words' : 'positions'
  // In all batches or in none: with them the loss is another program.
  const alternatives = train?.some(({ post }) => isLabelledInPart(post)) ?? false
  const lengthOf = train && fewLengths(train.map(row => row[unrolled]))

  /** With labels and exchanges, and few numbers of steps. */
  const trainingBatch = async (rows: readonly WindowRow[], run: RunKey) => {
    const own = steps === 'words' && { own: rows.map(row => row.own) }
    const batch = collate(examplesOf(rows), {
      tokenizer,
      scheme,
      alternatives,
      ...batchOptions(config),
      ...own,
    })
    const length = lengthOf?.(batch[unrolled]) ?? 0
    const padded =
      length > batch[unrolled] ? padBatch(batch, { [unrolled]: length }, tokenizer.specialIds.pad) : batch
    const pictures = config.interaction && (await reader?.load(postsOf(rows)))
    const arrays = batchArrays(config, padded, pictures)
    if (!pictures || !config.matching) return arrays
    return { ...arrays, exchanges: exchangesFor(config, batch.pictureIds, pictures.present, run) }
  }

  return defineTask<WindowRow, MafInputs, WindowScores, EvaluationReport>({
    ...tagging,
    model,
    collate: async (rows, run) => (run ? await trainingBatch(rows, run) : tagging.collate(rows)),
    // Who is trained on was checked when the posts were read.
    loss: (inputs, options) => ({ ...model.apply(inputs, { ...options, checkValues: false }).losses! }),
    outputs: inputs => mafOutputs(model, inputs),
    async score(scores, rows) {
      const posts = rows.flatMap(({ post, isFirst }) => (isFirst ? [post] : []))
      const tagged = await decodePosts(model, rows, scores)
      const predicted = predictionsToScore(
        posts,
        tagged.map(({ labels }) => labels),
      )
      return evaluateLabels({ gold: goldLabels(posts), predicted })
    },
    metric: ({ strict }) => strict.micro.f1,
    aliases: PARAMETER_ALIASES,
    depth: name => textDepth(config, name),
  })
}

/** Who of a batch is given whose picture, in arrays. */
function exchangesFor(config: MafConfig, ids: readonly string[], present: Float32Array, run: RunKey) {
  const rule = config.matching?.exchange
  const { partners, labels } = exchangesOf(rule, ids, present, run)
  const exchanges = { partners: vector(partners), labels: vector(labels) }
  if (config.exchange !== 'pictures') return exchanges
  // As many rows in every batch, so that one program does for all.
  const { rows, pictures, places } = exchangedRows(partners, mostExchanged(rule, ids.length))
  return { ...exchanges, again: { rows: vector(rows), pictures: vector(pictures), places: vector(places) } }
}
