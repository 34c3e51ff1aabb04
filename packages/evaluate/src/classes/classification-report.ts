import { InvalidArgumentError } from '@mafjs/tensor/errors'

/** A class, by name or number. */
export type Class = string | number

/** How well one class was predicted; shares from 0 to 1. */
export interface ClassScore {
  precision: number
  recall: number
  f1: number
  /** How often it is right. */
  support: number
}

/** How well classes were predicted; shares from 0 to 1. */
export interface ClassificationReport<Label extends Class> {
  accuracy: number
  /** Means over the classes, each as heavy as any other. */
  macro: Omit<ClassScore, 'support'>
  /** Means over the classes, each as heavy as it is frequent. */
  weighted: Omit<ClassScore, 'support'>
  classes: Map<Label, ClassScore>
}

/** What is compared. */
export interface ClassificationPairs<Label extends Class> {
  /** The right class of every row. */
  gold: readonly Label[]
  /** The predicted class of every row. */
  predicted: readonly Label[]
  /** All classes; one that is neither right nor predicted anywhere scores 0. @default those that are */
  classes?: readonly Label[]
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/**
 * Scores predicted classes, one for each row, as scikit-learn's `classification_report` does with `zero_division=0`: F1 is
 * `2 right / (gold + predicted)` of a class.
 *
 * @throws InvalidArgumentError for lists of different lengths, empty ones, or a class that is none of `classes`.
 */
export function classificationReport<Label extends Class>({
  gold,
  predicted,
  classes = [...new Set([...gold, ...predicted])].sort(),
}: ClassificationPairs<Label>): ClassificationReport<Label> {
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument, rule, received })
  }
  if (gold.length === 0) refuse('gold', 'must have at least one row', 'none')
  if (gold.length !== predicted.length) {
    refuse('predicted', `must have a class for each of the ${gold.length} rows of gold`, predicted.length)
  }
  const counts = new Map(classes.map(label => [label, { gold: 0, predicted: 0, right: 0 }]))
  const countOf = (argument: string, label: Label) =>
    counts.get(label) ?? refuse(argument, `must be one of the classes ${classes.join(', ')}`, label)
  let right = 0
  for (const [row, label] of gold.entries()) {
    const found = predicted[row]!
    countOf('gold', label).gold += 1
    countOf('predicted', found).predicted += 1
    if (found !== label) continue
    countOf('gold', label).right += 1
    right += 1
  }
  const scores = [...counts].map(([label, count]): [Label, ClassScore] => [
    label,
    {
      precision: share(count.right, count.predicted),
      recall: share(count.right, count.gold),
      f1: share(2 * count.right, count.gold + count.predicted),
      support: count.gold,
    },
  ])
  const mean = (weightOf: (score: ClassScore) => number): Omit<ClassScore, 'support'> => {
    const total = scores.reduce((sum, [, score]) => sum + weightOf(score), 0)
    const of = (name: 'precision' | 'recall' | 'f1'): number =>
      scores.reduce((sum, [, score]) => sum + weightOf(score) * score[name], 0) / total
    return { precision: of('precision'), recall: of('recall'), f1: of('f1') }
  }
  return {
    accuracy: right / gold.length,
    macro: mean(() => 1),
    weighted: mean(({ support }) => support),
    classes: new Map(scores),
  }
}
