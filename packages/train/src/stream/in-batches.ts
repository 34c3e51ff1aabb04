/**
 * Groups a stream, by number and after every item that ends a group; when it fails, what came before is given first, so that no post goes without a result.
 */
export async function* inBatches<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  size: number,
  endsBatch: (item: Item) => boolean = () => false,
): AsyncGenerator<Item[]> {
  let batch: Item[] = []
  try {
    for await (const item of items) {
      batch.push(item)
      if (batch.length < size && !endsBatch(item)) continue
      const full = batch
      batch = []
      yield full
    }
  } catch (error) {
    if (batch.length > 0) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
}
