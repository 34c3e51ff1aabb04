import { InvalidArgumentError } from '@mafjs/tensor'
import { storeFloat16, toFloat32 } from '@mafjs/tensor/safetensors'
import type { Features, Rounding } from './features'

/** The greatest finite float16. */
const LARGEST_HALF = 65504

/** Where the steps of float16 stop getting finer. */
const FINEST = 2 ** -14

/** Roundings of several things as one. */
export const joinRoundings = (roundings: readonly Rounding[]): Rounding =>
  roundings.reduce(
    (all, { largest, errors, squares }) => ({
      largest: Math.max(all.largest, largest),
      errors: all.errors + errors,
      squares: all.squares + squares,
    }),
    { largest: 0, errors: 0, squares: 0 },
  )

/** Root mean square of the error, relative to that of the numbers. */
export const relativeError = ({ errors, squares }: Rounding): number =>
  squares === 0 ? 0 : Math.sqrt(errors / squares)

function compare(values: Float32Array, rounded: Float32Array): Rounding {
  let [largest, errors, squares] = [0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const error = Math.abs(rounded[i]! - value)
    largest = Math.max(largest, error / Math.max(Math.abs(value), FINEST))
    errors += error * error
    squares += value * value
  }
  return { largest, errors, squares }
}

/**
 * Features as they come back from float16, and what that did to them.
 *
 * @throws InvalidArgumentError for a number that float16 has no place for.
 */
export function roundFeatures(features: Features): Features {
  const round = (values: Float32Array): Float32Array => {
    const rounded = toFloat32(storeFloat16(values, [values.length]))
    const misfit = rounded.findIndex(value => !Number.isFinite(value))
    if (misfit < 0) return rounded
    throw new InvalidArgumentError({
      argument: 'featureType',
      rule: `may be float16 only where the image encoder gives finite numbers up to ${LARGEST_HALF}`,
      received: values[misfit],
      fix: 'Take float32.',
    })
  }
  const [states, summary] = [round(features.states), round(features.summary)]
  const rounding = joinRoundings([compare(features.states, states), compare(features.summary, summary)])
  return { ...features, states, summary, rounding }
}
