import { assertSizes, permutation } from '@mafjs/tensor'

/** How examples are put into batches. */
export interface BatchOrderOptions {
  batchSize: number
  /** @default 0 */
  seed?: number | undefined
  /** Every epoch has an order of its own. @default 0 */
  epoch?: number | undefined
  /** Whether the order is random. @default false */
  shuffle?: boolean | undefined
  /**
   * The length of every example; with them, batches hold examples of like length, so that little is padding. Without shuffling the
   * longest come first: what the memory does not hold is known at once.
   * @default lengths play no part
   */
  lengths?: ArrayLike<number> | undefined
}

/** How many batches are filled together by length: enough to find alike ones, few enough to stay random. */
const GROUP = 32

/** Sorts each stretch of some batches by length, then puts the batches in random order. */
function groupByLength(
  order: readonly number[],
  lengths: ArrayLike<number>,
  { batchSize, seed = 0, epoch = 0 }: BatchOrderOptions,
): number[][] {
  const batches: number[][] = []
  for (let start = 0; start < order.length; start += GROUP * batchSize) {
    const stretch = order.slice(start, start + GROUP * batchSize).sort((a, b) => lengths[b]! - lengths[a]!)
    for (let i = 0; i < stretch.length; i += batchSize) batches.push(stretch.slice(i, i + batchSize))
  }
  return permutation(batches.length, { seed, step: epoch, site: 'data.batchOrder.batches' }).map(
    i => batches[i]!,
  )
}

/**
 * The examples of each batch of one epoch, by index: every example once, one batch with what is left. The same
 * seed and epoch give the same batches on every machine, whatever ran before.
 *
 * @throws InvalidArgumentError when `batchSize` is not a positive whole number.
 */
export function batchOrder(count: number, options: BatchOrderOptions): number[][] {
  const { batchSize, seed = 0, epoch = 0, shuffle = false, lengths } = options
  assertSizes({ batchSize })
  const order = shuffle
    ? permutation(count, { seed, step: epoch, site: 'data.batchOrder' })
    : Array.from({ length: count }, (_, index) => index)
  if (shuffle && lengths) return groupByLength(order, lengths, options)
  if (lengths) order.sort((a, b) => lengths[b]! - lengths[a]!)
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, batch) =>
    order.slice(batch * batchSize, (batch + 1) * batchSize),
  )
}
