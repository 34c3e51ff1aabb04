import { InvalidArgumentError, permutation } from '@mafjs/tensor'

/** How examples are put into batches. */
export interface BatchOrderOptions {
  batchSize: number
  /** @default 0 */
  seed?: number
  /** Every epoch has an order of its own. @default 0 */
  epoch?: number
  /** Whether the order is random; evaluation keeps the file's. @default false */
  shuffle?: boolean
}

/**
 * The examples of each batch of one epoch, by index: every example once, the last batch with what is left. The same
 * seed and epoch give the same batches on every machine, whatever ran before.
 *
 * @throws InvalidArgumentError when `batchSize` is not a positive whole number.
 */
export function batchOrder(
  count: number,
  { batchSize, seed = 0, epoch = 0, shuffle = false }: BatchOrderOptions,
): number[][] {
  if (!(Number.isInteger(batchSize) && batchSize > 0)) {
    throw new InvalidArgumentError({
      argument: 'batchSize',
      rule: 'must be a positive whole number',
      received: batchSize,
    })
  }
  const order = shuffle
    ? permutation(count, { seed, step: epoch, site: 'data.batchOrder' })
    : Array.from({ length: count }, (_, index) => index)
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, batch) =>
    order.slice(batch * batchSize, (batch + 1) * batchSize),
  )
}
