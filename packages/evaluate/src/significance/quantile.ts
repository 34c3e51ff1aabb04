import { InvalidArgumentError } from '@mafjs/tensor/errors'

/**
 * Where a share of some values lies, by linear interpolation between the two nearest: 0.5 is the median.
 *
 * @param share 0 to 1
 * @throws InvalidArgumentError for no values.
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) {
    throw new InvalidArgumentError({ argument: 'values', rule: 'must be at least one', received: 'none' })
  }
  const sorted = Float64Array.from(values).sort()
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const low = sorted[below]!
  return low + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - low)
}
