import type { CrfInputs, CrfScores } from '@mafjs/crf'
import { maskFromLengths, uniform } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

/** A random batch with its scores as tensors and, for oracles, as plain numbers. */
export function randomBatch({
  lengths,
  labels,
  seed,
  scale = 2,
  positions = Math.max(...lengths),
}: {
  lengths: number[]
  labels: number
  seed: number
  scale?: number
  positions?: number
}) {
  const draw = (shape: number[], site: string, size = scale) => {
    const count = shape.reduce((product, axis) => product * axis, 1)
    return tf.tensor(
      uniform(count, { seed, site }).map(value => (2 * value - 1) * size),
      shape,
    )
  }
  const batch = lengths.length
  const tensors = {
    emissions: draw([batch, positions, labels], 'emissions') as tf.Tensor3D,
    labels: tf.cast(
      tf.floor(tf.mul(tf.add(draw([batch, positions], 'labels', 1), 1), labels / 2)),
      'int32',
    ) as tf.Tensor2D,
    mask: maskFromLengths(lengths, positions),
    start: draw([labels], 'start', 1) as tf.Tensor1D,
    end: draw([labels], 'end', 1) as tf.Tensor1D,
    transitions: draw([labels, labels], 'transitions', 1) as tf.Tensor2D,
  }
  return { tensors, numbers: numbersOf(tensors, lengths) }
}

/** The plain numbers of a batch. */
export function numbersOf(tensors: CrfInputs & CrfScores, lengths: number[]) {
  return {
    lengths,
    count: tensors.start.size,
    emissions: tensors.emissions.arraySync(),
    labels: tensors.labels.arraySync(),
    start: tensors.start.arraySync(),
    end: tensors.end.arraySync(),
    transitions: tensors.transitions.arraySync(),
  }
}

/** The plain numbers of a batch. */
export type Numbers = ReturnType<typeof numbersOf>

/** The score of one path, term by term, in double precision. */
export function scoreOf(numbers: Numbers, sentence: number, path: readonly number[]): number {
  if (path.length === 0) return 0
  const terms = path.map((label, t) => numbers.emissions[sentence]![t]![label]!)
  const steps = path.slice(1).map((label, t) => numbers.transitions[path[t]!]![label]!)
  return [numbers.start[path[0]!]!, ...terms, ...steps, numbers.end[path.at(-1)!]!].reduce((a, b) => a + b)
}

/** Every path of a sentence with its score; `legal` leaves some out. */
export function allPaths(
  numbers: Numbers,
  sentence: number,
  legal: (path: readonly number[]) => boolean = () => true,
): { path: number[]; score: number }[] {
  let paths: number[][] = [[]]
  for (let t = 0; t < numbers.lengths[sentence]!; t++) {
    paths = paths.flatMap(path => Array.from({ length: numbers.count }, (_, label) => [...path, label]))
  }
  return paths.filter(legal).map(path => ({ path, score: scoreOf(numbers, sentence, path) }))
}

/** `log(sum(exp(values)))`. */
export function logSumOf(values: readonly number[]): number {
  const largest = Math.max(...values)
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0))
}
