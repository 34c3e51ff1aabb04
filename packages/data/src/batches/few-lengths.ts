/** How much of the padding a second length must save to be worth a program of its own. */
const WORTH = 0.5

/**
 * Leads every length to one of one or two, for what has a program of its own for each length: to the greatest of all, or, of
 * those far shorter than it, to the greatest of them, where that halves what is computed.
 *
 * @param lengths of all rows
 * @returns the length that a batch is padded to, by the length of its longest row
 */
export function fewLengths(lengths: readonly number[]): (longest: number) => number {
  const sorted = [...lengths].sort((a, b) => a - b)
  const most = sorted.at(-1) ?? 0
  let short = { length: most, computed: WORTH * most * sorted.length }
  for (const [index, length] of sorted.entries()) {
    if (sorted[index + 1] === length) continue
    const computed = length * (index + 1) + most * (sorted.length - index - 1)
    if (computed < short.computed) short = { length, computed }
  }
  return longest => (longest <= short.length ? short.length : Math.max(most, longest))
}
