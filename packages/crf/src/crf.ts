import {
  type ApplyOptions,
  createParameters,
  disposeParameters,
  InvalidArgumentError,
  type Module,
  uniformInitializer,
} from '@mafjs/tensor'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { constraintsOf } from './constraints'
import type { CrfEmissions, CrfInputs, CrfScores } from './inputs'
import { type Lattice, readLattice } from './lattice'
import { type CrfCheckOptions, crfLogLikelihood } from './log-likelihood'
import { crfMarginals } from './marginals'
import { type LabelSpan, spanProbabilities } from './span-probabilities'
import { type ViterbiResult, viterbi } from './viterbi'

/** The options of `createCrf`, and its configuration. */
export interface CrfConfig {
  /** The names of the labels in the order of their ids, or how many there are. */
  labels: readonly string[] | number
  /**
   * What decoding, marginals and span probabilities may not do; training is never constrained.
   * @default 'bio' for names, 'none' for a number
   */
  constraints?: 'bio' | 'none'
  /** Seed of the first transition scores. @default 0 */
  seed?: number
}

/** What `apply` gives. */
export interface CrfOutputs extends Record<string, Scalar | Tensor1D> {
  /** The mean negative log likelihood of the sentences. */
  loss: Scalar
  /** `[batch]` */
  logLikelihood: Tensor1D
}

/** An entity by the name of its type; positions count from 0, `end` is exclusive. */
export interface TypedSpan {
  type: string
  start: number
  end: number
}

/** A linear-chain CRF layer. */
export interface Crf extends Module<CrfInputs, CrfOutputs, Required<CrfConfig>> {
  apply(inputs: CrfInputs, options?: ApplyOptions & CrfCheckOptions): CrfOutputs
  /** The batch under this layer's scores and constraints, read once; for several of the calls below in one. */
  lattice(inputs: CrfEmissions): Promise<Lattice>
  /** The best legal path of every sentence. */
  decode(inputs: CrfEmissions): Promise<ViterbiResult>
  /** The probability of every label, `[sentence][position][label]`, padding removed. */
  marginals(inputs: CrfEmissions): Promise<number[][][]>
  /**
   * The probability of exactly each of these entities (`B-type`, then `I-type`, then anything else), one list per sentence.
   * @throws InvalidArgumentError for a type without a label, or a span outside its sentence.
   */
  spanProbabilities(
    inputs: CrfEmissions | Lattice,
    spans: readonly (readonly TypedSpan[])[],
  ): Promise<number[][]>
}

/**
 * A linear-chain CRF (Lafferty et al. 2001) with the parameters of pytorch-crf: `start_transitions`, `end_transitions`
 * and `transitions [from, to]`, first drawn uniformly from [-0.1, 0.1).
 *
 * @throws InvalidArgumentError for labels or constraints it does not know.
 */
export function createCrf({
  labels,
  constraints = typeof labels === 'number' ? 'none' : 'bio',
  seed = 0,
}: CrfConfig): Crf {
  const count = countOf(labels)
  const rules = constraintsOf({ labels, constraints })
  const initializer = uniformInitializer(0.1)
  const parameters = createParameters(
    {
      start_transitions: { shape: [count], initializer },
      end_transitions: { shape: [count], initializer },
      transitions: { shape: [count, count], initializer },
    },
    seed,
  )
  const scores: CrfScores = {
    start: parameters['start_transitions'],
    end: parameters['end_transitions'],
    transitions: parameters['transitions'],
  }
  const lattice = ({ emissions, mask }: CrfEmissions): Promise<Lattice> =>
    readLattice({ emissions, mask, ...scores, constraints: rules })
  return {
    config: { labels: typeof labels === 'number' ? labels : [...labels], constraints, seed },
    apply: (inputs, { checkValues } = {}) =>
      tf.tidy(() => {
        const logLikelihood = crfLogLikelihood({ ...inputs, ...scores }, { checkValues })
        return { loss: tf.neg(tf.mean(logLikelihood)) as Scalar, logLikelihood }
      }),
    lattice,
    decode: async inputs => viterbi(await lattice(inputs)),
    marginals: async inputs => crfMarginals(await lattice(inputs)),
    spanProbabilities: async (inputs, spans) =>
      spanProbabilities(
        'lengths' in inputs ? inputs : await lattice(inputs),
        spans.map((list, i) => list.map((span, j) => labelSpan(labels, `spans[${i}][${j}]`, span))),
      ),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}

function countOf(labels: readonly string[] | number): number {
  const count = typeof labels === 'number' ? labels : labels?.length
  if (Number.isInteger(count) && count > 0) return count
  throw new InvalidArgumentError({
    argument: 'labels',
    rule: 'must be a list of at least one name, or how many labels there are',
    received: labels,
  })
}

function labelSpan(
  labels: readonly string[] | number,
  argument: string,
  { type, start, end }: TypedSpan,
): LabelSpan {
  const names = typeof labels === 'number' ? [] : labels
  const begin = names.indexOf(`B-${type}`)
  const inside = names.indexOf(`I-${type}`)
  if (begin < 0 || (inside < 0 && end - start > 1)) {
    throw new InvalidArgumentError({
      argument: `${argument}.type`,
      rule: `must have a label ${begin < 0 ? 'B' : 'I'}-${type}`,
      received: typeof labels === 'number' ? `${labels} labels without names` : labels.join(', '),
      fix: 'Span probabilities need a label set with names.',
    })
  }
  if (!Number.isInteger(start) || !Number.isInteger(end) || end <= start) {
    throw new InvalidArgumentError({
      argument,
      rule: 'must have whole numbers start < end',
      received: `${start} to ${end}`,
    })
  }
  const run = [begin, ...new Array<number>(end - start - 1).fill(inside)]
  return inside < 0 ? { start, labels: run } : { start, labels: run, notNext: inside }
}
