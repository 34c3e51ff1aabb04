import type { DisentangledConfig } from './disentangled-config'

/** How many rows the table of distances has on either side. */
export const spanOf = ({ buckets, farthest }: Pick<DisentangledConfig, 'buckets' | 'farthest'>): number =>
  buckets > 0 ? buckets : farthest

/**
 * The row of the table for every distance from `-positions` to `positions`: one for each, or, with buckets, for each of the
 * nearest, and for those farther away one for more and more of them, by their logarithm.
 */
export function distanceRows(
  positions: number,
  { buckets, farthest }: Pick<DisentangledConfig, 'buckets' | 'farthest'>,
): Int32Array {
  const span = spanOf({ buckets, farthest })
  return Int32Array.from({ length: 2 * positions + 1 }, (_, i) => {
    const distance = i - positions
    const step =
      buckets > 0 ? Math.sign(distance) * bucketOf(Math.abs(distance), { buckets, farthest }) : distance
    return Math.min(Math.max(step + span, 0), 2 * span - 1)
  })
}

/** In the precision in which it was trained: rounding decides where a bucket ends. */
function bucketOf(
  distance: number,
  { buckets, farthest }: Pick<DisentangledConfig, 'buckets' | 'farthest'>,
): number {
  const middle = Math.floor(buckets / 2)
  if (distance <= middle) return distance
  const logarithm = (far: number): number => Math.fround(Math.log(Math.fround(far / middle)))
  const part = Math.fround(logarithm(distance) / logarithm(farthest - 1))
  return Math.ceil(Math.fround(part * (middle - 1))) + middle
}
