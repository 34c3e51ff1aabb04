import { createSession, type OnnxGraph, type SessionOptions } from '@mafjs/compile'
import { evaluateLabels } from '@mafjs/evaluate'
import type { LoadedCheckpoint } from '../checkpoint/load-checkpoint'
import type { ModelRunner } from '../engine/model-runner'
import { goldLabels } from '../evaluate'
import { tagInBatches } from '../predict/tag-in-batches'
import { createGraphRunner } from './graph-runner'
import type { ValidationData } from './validation-data'

/** What a graph of a model says of labelled posts. */
export interface GraphScore {
  /** One list for each post. */
  labels: string[][]
  /** Strict micro F1, from 0 to 1. */
  f1: number
  /** Entities of the posts. */
  support: number
}

/** Gives a graph of a model to ONNX Runtime. */
export async function openGraph(
  graph: OnnxGraph,
  { config }: Pick<LoadedCheckpoint, 'config'>,
  session: SessionOptions | undefined,
): Promise<ModelRunner> {
  const { pictureSize } = config.preprocessing
  const size = graph.inputs.some(({ name }) => name === 'pixels') ? pictureSize : undefined
  return createGraphRunner(await createSession(graph, session), size)
}

/** Scores a runner of a model on labelled posts. */
export async function scoreRunner(
  runner: ModelRunner,
  { model, tokenizer, config }: LoadedCheckpoint,
  { split: { examples }, loadPictures }: ValidationData,
): Promise<GraphScore> {
  const { windowOverlap } = config.preprocessing
  const windows = windowOverlap !== undefined && { windowOverlap }
  const tagged = await tagInBatches(examples, { model, runner, tokenizer, loadPictures, ...windows })
  const labels = tagged.map(post => post.labels)
  const { f1, support } = evaluateLabels({ gold: goldLabels(examples), predicted: labels }).strict.micro
  return { labels, f1, support }
}
