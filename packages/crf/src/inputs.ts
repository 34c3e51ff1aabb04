import { assertDtype, assertShape, InvalidArgumentError } from '@mafjs/tensor'
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'

/** What a linear-chain CRF has learned. */
export interface CrfScores {
  /** `[labels]`: the score of starting with a label. */
  start: Tensor1D
  /** `[labels]`: the score of ending with a label. */
  end: Tensor1D
  /** `[labels, labels]`: the score of going from the row's label to the column's. */
  transitions: Tensor2D
}

/** One batch of sentences before their labels are known. */
export interface CrfEmissions {
  /** `[batch, positions, labels]`: the score of every label at every position. */
  emissions: Tensor3D
  /** `[batch, positions]`, float32: 1 = real, 0 = padding, which is on the right only. */
  mask: Tensor2D
}

/** One batch of sentences with the labels they should have. */
export interface CrfInputs extends CrfEmissions {
  /** `[batch, positions]`, int32: label ids; where the mask is 0 any number may stand. */
  labels: Tensor2D
  /**
   * `[batch, positions, labels]`, float32: above 0 = this label may be the right one too, where who labelled the data did not say;
   * the given label always may.
   * @default the given labels alone
   */
  alternatives?: Tensor3D | undefined
}

/** The sizes a batch and its parameters agree on. */
export interface CrfSizes {
  batch: number
  positions: number
  labels: number
}

/**
 * Checks that emissions, mask and scores belong together.
 * @throws InvalidArgumentError naming the tensor of a wrong shape or dtype.
 */
export function assertCrfShapes({
  emissions,
  mask,
  start,
  end,
  transitions,
}: CrfEmissions & CrfScores): CrfSizes {
  const sizes = assertShape('start', start, ['labels'])
  assertShape('end', end, ['labels'], sizes)
  assertShape('transitions', transitions, ['labels', 'labels'], sizes)
  assertShape('emissions', emissions, ['batch', 'positions', 'labels'], sizes)
  assertShape('mask', mask, ['batch', 'positions'], sizes)
  assertDtype('emissions', emissions, 'float32')
  assertDtype('mask', mask, 'float32')
  if (emissions.size === 0) {
    throw new InvalidArgumentError({
      argument: 'emissions',
      rule: 'must hold at least one sentence, one position and one label',
      received: `[${emissions.shape.join(', ')}]`,
    })
  }
  return sizes as unknown as CrfSizes
}

/**
 * The length of every sentence.
 *
 * @param mask `[batch, positions]`, row-major
 * @throws InvalidArgumentError for a value other than 0 and 1, or a real position after padding.
 */
export function lengthsOf(mask: ArrayLike<number>, batch: number, positions: number): number[] {
  return Array.from({ length: batch }, (_, sentence) => {
    const row = Array.from({ length: positions }, (_, position) => mask[sentence * positions + position]!)
    const padding = row.indexOf(0)
    const length = padding < 0 ? positions : padding
    if (!row.every((value, position) => value === (position < length ? 1 : 0))) {
      throw new InvalidArgumentError({
        argument: `mask[${sentence}]`,
        rule: 'must be ones followed by zeros',
        received: row,
        fix: 'Move the padding to the right end of the sentence.',
      })
    }
    return length
  })
}

/**
 * Checks the label ids of every real position.
 *
 * @param ids `[batch, positions]`, row-major
 * @throws InvalidArgumentError naming the sentence and the position.
 */
export function assertLabelIds(
  ids: ArrayLike<number>,
  lengths: readonly number[],
  { positions, labels }: CrfSizes,
): void {
  for (const [sentence, length] of lengths.entries()) {
    for (let position = 0; position < length; position++) {
      const id = ids[sentence * positions + position]!
      if (id < 0 || id >= labels) {
        throw new InvalidArgumentError({
          argument: `labels[${sentence}][${position}]`,
          rule: `must be a label id from 0 to ${labels - 1} where the mask is 1`,
          received: id,
          fix: 'Mask the position, or map its label into the label set.',
        })
      }
    }
  }
}
