import { type Engine, useEngine } from '@mafjs/compile/engine'
import { assertTrainable, type CutPost, cutPosts, dividedPosts, type Post, windowRows } from '@mafjs/data'
import type { WordTokenizer } from '@mafjs/encoders'
import type { EvaluationReport } from '@mafjs/evaluate'
import { type FitOptions, type FitResult, fit, type Run, type Snapshot } from '@mafjs/train'
import type { Maf } from '../../src/model/maf'
import { type NerTaskOptions, nerTask } from '../../src/task/ner-task'

type Fit = Omit<FitOptions<never, EvaluationReport>, 'engine' | 'train' | 'valid' | 'run'>
type Last = NonNullable<Awaited<ReturnType<Run<EvaluationReport>['begin']>>['last']>

/** What a model is trained on here: posts. */
export interface FitMafInputs extends Fit, Omit<NerTaskOptions, 'train'> {
  model: Maf
  tokenizer: WordTokenizer
  train: readonly Post[]
  valid?: readonly Post[] | undefined
  windowOverlap?: number | undefined
  engine?: Engine
  /** Called with the weights of every epoch that is the best so far. */
  onBest?: (snapshot: Snapshot, epoch: number) => Promise<void>
  onCheckpoint?: Run<EvaluationReport>['saveLast']
  /** Where to go on. */
  resume?: Last | undefined
}

export type FitMafResult = FitResult<EvaluationReport> & {
  cut: CutPost[]
  windows: { posts: number; examples: number }
}

/** A run that is nowhere but in the hands of a test. */
const runOf = ({ onBest, onCheckpoint, resume }: FitMafInputs): Run<EvaluationReport> => ({
  folder: 'nowhere',
  kept: async () => undefined,
  load: async () => {},
  check: async () => {},
  locked: work => work(),
  begin: async () => ({ last: resume, notes: [] }),
  logEvent: () => {},
  saveBest: async (snapshot, metrics) => onBest?.(snapshot, (metrics as { epoch: number }).epoch),
  saveLast: async checkpoint => onCheckpoint?.(checkpoint),
  finish: async () => {},
})

/** Trains a model on posts. */
export async function fitMaf(inputs: FitMafInputs): Promise<FitMafResult> {
  const { model, tokenizer, train, valid, windowOverlap, pictures } = inputs
  assertTrainable({ train, valid, labels: model.config.labels })
  const rowsOf = (posts: readonly Post[]) =>
    windowRows(posts, { config: model.config, tokenizer, windowOverlap })
  const rows = rowsOf(train)
  const task = nerTask(model, { tokenizer, pictures, train: rows })
  const { engine = await useEngine(), settings, checkpointEvery, onEvent, onNote, signal, test } = inputs
  const watched = inputs.onBest || inputs.onCheckpoint || inputs.resume
  const result = await fit(task, {
    ...{ engine, train: rows, valid: valid && rowsOf(valid), test, settings, checkpointEvery },
    ...{ onEvent, onNote, signal, run: watched && runOf(inputs) },
  })
  return { ...result, cut: cutPosts(rows), windows: { posts: dividedPosts(rows), examples: rows.length } }
}
