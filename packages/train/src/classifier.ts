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
  /** What else the model says of the row, by name. */
  extras?: Readonly<Record<string, number>>
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

/** What the model of a classifier gives. */
export interface ClassifierModelOutputs {
  /** `[batch, classes]` */
  logits: Tensor2D
  /** What is minimised beside the cross entropy, by name. */
  losses?: Readonly<Record<string, Scalar>> | undefined
  /** What a prediction tells beside the class, by name, such as the probability of a match; each `[batch]`. */
  extras?: Readonly<Record<string, Tensor1D>> | undefined
}

/** What makes a classifier; what stands here beside these fields is as in `Task`. */
export interface ClassifierOptions<Row, Inputs extends object>
  extends Pick<ClassifierTask<Row, Inputs>, 'length' | 'ahead' | 'aliases' | 'depth'> {
  /** What is minimised and predicted. */
  model: ClassifierTask<Row, Inputs>['model'] & {
    apply(inputs: Inputs, options?: ApplyOptions): ClassifierModelOutputs
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

/** Refuses what a model gives under the name that the classifier's own has. */
function refuseName(argument: string, given: object, name: string): void {
  if (!Object.hasOwn(given, name)) return
  const rule = `must have other names than ${name}, which is the classifier's own`
  throw new InvalidArgumentError({ argument, rule, received: Object.keys(given).join(', ') })
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
  const predictionOf = (
    { probabilities, ...extras }: Readonly<Record<string, HostArray>>,
    row: number,
  ): ClassPrediction => {
    const own = Array.from(classes, (_, id) => Number(probabilities!.data[row * classes.length + id]))
    const score = Math.max(...own)
    const said = Object.entries(extras).map(([name, { data }]) => [name, Number(data[row])])
    return {
      ...{ label: classes[own.indexOf(score)]!, score },
      ...(said.length > 0 && { extras: Object.fromEntries(said) }),
    }
  }
  return {
    ...rest,
    model,
    async collate(rows, run) {
      return arraysOf(await collate(rows, run), rows, run)
    },
    loss(inputs, options) {
      const { logits, losses = {} } = model.apply(inputs, options)
      refuseName('losses', losses, 'classification')
      return sumLosses({ classification: crossEntropy(logits, inputs.labels!), ...losses }, weights)
    },
    outputs(inputs) {
      const { logits, extras = {} } = model.apply(inputs)
      refuseName('extras', extras, 'probabilities')
      return { ...extras, probabilities: tf.softmax(logits) }
    },
    decode: (outputs, rows) => rows.map((_, row) => predictionOf(outputs, row)),
    score(predictions, rows) {
      const gold = rows.map(known)
      const predicted = predictions.map(({ label }) => label)
      const { classes: scores, ...report } = classificationReport({ gold, predicted, classes })
      const named = Array.from(scores, ([label, score]) => ({ label, ...score }))
      return { ...report, score: report.macro.f1, classes: named }
    },
  }
}
