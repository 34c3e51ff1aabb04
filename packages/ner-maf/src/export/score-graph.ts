import { createSession, type OnnxGraph, type SessionOptions } from '@mafjs/compile'
import { goldLabels, predictionsToScore } from '@mafjs/data'
import { evaluateLabels } from '@mafjs/evaluate'
import type { LoadedCheckpoint } from '../checkpoint/load-checkpoint'
import type { MafProgram } from '../task/maf-program'
import { tag } from '../task/tag'
import { graphPictures, graphProgram, outputsToTag } from './graph-feeds'
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
): Promise<MafProgram> {
  return graphProgram(
    await createSession(graph, session),
    graphPictures(graph.inputs, config.preprocessing.pictureSize),
    outputsToTag(graph.outputs),
  )
}

/** Scores what computes a model on labelled posts. */
export async function scoreProgram(
  program: MafProgram,
  { model, tokenizer, config }: LoadedCheckpoint,
  { split: { examples }, pictures }: ValidationData,
): Promise<GraphScore> {
  const { windowOverlap } = config.preprocessing
  const tagged = await tag(examples, { model, program, tokenizer, pictures, windowOverlap })
  const labels = tagged.map(post => post.labels)
  const predicted = predictionsToScore(examples, labels)
  const { f1, support } = evaluateLabels({ gold: goldLabels(examples), predicted }).strict.micro
  return { labels, f1, support }
}
