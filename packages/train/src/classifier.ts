import type { Given, HostArray, RunKey } from '@mafjs/compile'
import { type ClassificationReport, type ClassScore, classificationReport } from '@mafjs/evaluate'
import type { ApplyOptions } from '@mafjs/tensor'
import { crossEntropy } from '@mafjs/tensor/compose'
import { InvalidArgumentError } from '@mafjs/tensor/errors'
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { sumLosses, type Task } from './task'

/** The class of a row, as a model has it. */
export interface ClassPrediction {
  label: string
  /** Its probability, from 0 to 1. */
  score: number
}

/** How well classes were predicted; shares from 0 to 1. */
export interface ClassifierReport extends Omit<ClassificationReport<string>, 'classes'> {
  /** Macro F1, which chooses the epoch. */
  score: number
  classes: (ClassScore & { label: string })[]
}

/** A classifier's arrays: the model's, and in training the classes. */
export type ClassifierInputs<Inputs extends object> = Inputs & { labels?: Tensor1D | undefined }

/** A task whose predictions are classes. */
export type ClassifierTask<Row, Inputs extends object> = Task<
  Row,
  ClassifierInputs<Inputs>,
  ClassPrediction,
  ClassifierReport
>

/** What makes a classifier; what stands here beside these fields is as in `Task`. */
export interface ClassifierOptions<Row, Inputs extends object>
  extends Pick<ClassifierTask<Row, Inputs>, 'length' | 'ahead' | 'aliases' | 'depth'> {
  /** Gives `logits`, `[batch, classes]`, and as `losses`, by name, what else is minimised. */
  model: ClassifierTask<Row, Inputs>['model'] & {
    apply(
      inputs: Inputs,
      options?: ApplyOptions,
    ): { logits: Tensor2D; losses?: Readonly<Record<string, Scalar>> | undefined }
  }
  /** In the order of the logits. */
  classes: readonly string[]
  /** The right class of a row; undefined where it is not known, which only prediction allows. */
  classOf(row: Row): string | undefined
  /** The model's arrays of some rows; the classes are added to them as `labels`. */
  collate(rows: readonly Row[], run?: RunKey): Given<NoInfer<Inputs>> | Promise<Given<NoInfer<Inputs>>>
  /** What the model's losses are multiplied by in the sum. @default 1 */
  weights?: Readonly<Record<string, number>> | undefined
}

/**
 * The task of putting rows into classes: softmax and cross entropy over a model's logits, scored as scikit-learn's
 * `classification_report` does.
 *
 * @throws InvalidArgumentError for fewer than two classes or the same twice; in training and evaluating for a row whose class
 * is none of them.
 */
export function defineClassifier<Row, Inputs extends object>({
  model,
  classes,
  classOf,
  collate,
  weights = {},
  ...rest
}: ClassifierOptions<Row, Inputs>): ClassifierTask<Row, Inputs> {
  const ids = new Map(classes.map((label, id) => [label, id]))
  if (classes.length < 2 || ids.size < classes.length) {
    const rule = 'must be two different names or more'
    throw new InvalidArgumentError({ argument: 'classes', rule, received: classes.join(', ') || 'none' })
  }
  const known = (row: Row, index: number): string => {
    const label = classOf(row)
    if (label !== undefined && ids.has(label)) return label
    const rule = `must have one of the classes ${classes.join(', ')}`
    throw new InvalidArgumentError({ argument: `rows[${index}]`, rule, received: label ?? 'no class' })
  }
  const arraysOf = (arrays: Given<NoInfer<Inputs>>, rows: readonly Row[], run: RunKey | undefined) => {
    const labels = run && Int32Array.from(rows, (row, index) => ids.get(known(row, index))!)
    return { ...arrays, ...(labels && { labels }) } as Given<ClassifierInputs<Inputs>>
  }
  const predictionOf = (probabilities: HostArray, row: number): ClassPrediction => {
    const own = Array.from(classes, (_, id) => Number(probabilities.data[row * classes.length + id]))
    const score = Math.max(...own)
    return { label: classes[own.indexOf(score)]!, score }
  }
  return {
    ...rest,
    model,
    async collate(rows, run) {
      return arraysOf(await collate(rows, run), rows, run)
    },
    loss(inputs, options) {
      const { logits, losses = {} } = model.apply(inputs, options)
      if (Object.hasOwn(losses, 'classification')) {
        const rule = 'must have other names than classification, the loss of the classes'
        throw new InvalidArgumentError({ argument: 'losses', rule, received: Object.keys(losses).join(', ') })
      }
      return sumLosses({ classification: crossEntropy(logits, inputs.labels!), ...losses }, weights)
    },
    outputs: inputs => ({ probabilities: tf.softmax(model.apply(inputs).logits) }),
    decode: ({ probabilities }, rows) => rows.map((_, row) => predictionOf(probabilities!, row)),
    score(predictions, rows) {
      const gold = rows.map(known)
      const predicted = predictions.map(({ label }) => label)
      const { classes: scores, ...report } = classificationReport({ gold, predicted, classes })
      const named = Array.from(scores, ([label, score]) => ({ label, ...score }))
      return { ...report, score: report.macro.f1, classes: named }
    },
  }
}
