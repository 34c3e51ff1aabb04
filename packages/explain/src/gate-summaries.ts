import type { GateSummary } from './explanation'
import type { Numbers, WordPlace } from './numbers'

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]

/**
 * How far gates are open for words.
 *
 * @param gate `[batch, tokens, channels]`, each from 0 to 1
 * @param places of the words
 * @returns one for each place; quantiles lie between the two nearest channels, as NumPy's `linear` has them
 */
export function gateSummaries(
  { data, shape: [, tokens, channels] }: Numbers,
  places: readonly WordPlace[],
): GateSummary[] {
  return places.map(({ row, token }) => {
    const start = (row * tokens! + token) * channels!
    const sorted = Float64Array.from({ length: channels! }, (_, channel) => data[start + channel]!).sort()
    const at = (share: number): number => {
      const place = share * (sorted.length - 1)
      const below = sorted[Math.floor(place)]!
      return below + (sorted[Math.ceil(place)]! - below) * (place % 1)
    }
    return {
      mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
      quantiles: QUANTILES.map(at) as GateSummary['quantiles'],
    }
  })
}
