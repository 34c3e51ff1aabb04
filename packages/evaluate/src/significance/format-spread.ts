import { spreadOf } from './seed-test'

/**
 * Mean and deviation of shares from 0 to 1, in percent: `75.9 ±0.7`; the mean alone of one.
 *
 * @param decimals @default 1
 */
export function formatSpread(shares: readonly number[], decimals = 1): string {
  const { mean, deviation } = spreadOf(shares)
  const text = (share: number): string => (100 * share).toFixed(decimals)
  return deviation === null ? text(mean) : `${text(mean)} ±${text(deviation)}`
}
