import type { Given, HostArray, Losses, RunKey } from '@mafjs/compile'
import { type ApplyOptions, InvalidArgumentError, type Module } from '@mafjs/tensor'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** Axes of a batch's arrays that may have any length. */
export interface TaskAxes {
  /**
   * By the path of an array, such as `text.ids`, a name for each axis; null for a length that is always the same. The axis of
   * the rows is `batch`: a loss has a program for each number of rows, since most compute with it.
   */
  axes: Readonly<Record<string, readonly (string | null)[]>>
  /** The greatest length of a named axis, where the model checks it. */
  largest?: Readonly<Record<string, number>> | undefined
}

/**
 * What is learned, in five verbs: rows are collated into arrays, the arrays give a loss or outputs, the outputs are decoded into
 * predictions, and those are scored. `fit`, `predict`, `evaluate`, `openRun` and `exportTask` know nothing else.
 */
export interface Task<Row, Inputs extends object, Prediction, Report extends object> {
  /** What is trained, saved and exported. */
  readonly model: Pick<Module, 'parameters' | 'dispose'> & { readonly config: object }
  /**
   * The arrays of some rows: typed arrays (vectors) or `{ data, shape }`, in a record of any depth.
   *
   * @param run given in training alone: whatever is drawn is drawn from its seed and step
   */
  collate(rows: readonly Row[], run?: RunKey): Given<NoInfer<Inputs>> | Promise<Given<NoInfer<Inputs>>>
  /** The losses of a batch, `total` or one scalar being what is minimised; computes and nothing else, for it may be recorded once for each shape. */
  loss(inputs: Inputs, options: ApplyOptions): Losses
  /** What prediction reads, by name; recorded too. */
  outputs(inputs: Inputs): Record<string, Tensor>
  /** One prediction for every row, from the numbers of the outputs; `arrays` are what `collate` gave. */
  decode(
    outputs: Readonly<Record<string, HostArray>>,
    rows: readonly Row[],
    arrays: Given<NoInfer<Inputs>>,
  ): readonly Prediction[] | Promise<readonly Prediction[]>
  /** The scores of predictions; its number `score`, or what `metric` makes of it, chooses the best epoch. */
  score(predictions: readonly Prediction[], rows: readonly Row[]): Report | Promise<Report>
  /** What chooses the best epoch: more is better. @default the report's `score` */
  metric?(report: Report): number
  /** Rows of like length are put into one batch. @default all are alike */
  length?(row: Row): number
  /** Is told of the rows of the next batch while one is computed. @default nobody is */
  ahead?(rows: readonly Row[]): Promise<void>
  /** Which axes of some arrays, in training or in prediction, may have any length. @default found from the arrays of a few batches */
  axes?(inputs: Given<NoInfer<Inputs>>): TaskAxes
  /** Names for groups of parameters, for `settings.groups`. @default names, beginnings of names and patterns alone */
  readonly aliases?: Readonly<Record<string, (parameter: string) => boolean>>
  /** How many layers a parameter lies below the top, for `settings.layerDecay`. @default there are no layers */
  depth?(parameter: string): number
}

/** A task as it stands; its types are found from its verbs. */
export const defineTask = <Row, Inputs extends object, Prediction, Report extends object>(
  task: Task<Row, Inputs, Prediction, Report>,
): Task<Row, Inputs, Prediction, Report> => task

/**
 * The losses of a task: each part by its name, and as `total` their sum. Every part is in events, progress and curves.
 *
 * @param weights what a part is multiplied by in the sum. @default 1
 * @throws InvalidArgumentError for a weight that is no number or of no part, or a part called `total`.
 */
export function sumLosses<Parts extends Record<string, Scalar>>(
  parts: Parts,
  weights: { readonly [Name in keyof Parts]?: number | undefined } = {},
): { total: Scalar } & Parts {
  const names = Object.keys(parts)
  if (names.length === 0 || names.includes('total')) {
    const rule = 'must have names other than "total", which is their sum'
    throw new InvalidArgumentError({ argument: 'parts', rule, received: names.join(', ') || 'none' })
  }
  for (const [name, weight] of Object.entries<number | undefined>(weights)) {
    const argument = `weights.${name}`
    if (!names.includes(name)) {
      const rule = `must be the weight of one of the losses ${names.join(', ')}`
      throw new InvalidArgumentError({ argument, rule, received: weight })
    }
    if (weight === undefined || Number.isFinite(weight)) continue
    throw new InvalidArgumentError({ argument, rule: 'must be a finite number', received: weight })
  }
  const weighted = Object.entries(parts).map(([name, part]) => tf.mul(part, weights[name] ?? 1))
  return { total: tf.addN(weighted) as Scalar, ...parts }
}
