import { createLimit } from './create-limit'
import { picturesAtOnce } from './pictures-at-once'

/**
 * Calls for every picture, some at once, and gives the results in order.
 *
 * @param threads that bound how many are decoded at once. @default one for each processor that this process may use
 */
export function eachPicture<Item, Result>(
  items: readonly Item[],
  threads: number | undefined,
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const limited = createLimit(picturesAtOnce(threads))
  return Promise.all(items.map(item => limited(() => act(item))))
}
