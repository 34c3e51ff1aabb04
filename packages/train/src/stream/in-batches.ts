/** Groups a stream; when it fails, what came before is given first, so that no post goes without a result. */
export async function* inBatches<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  size: number,
): AsyncGenerator<Item[]> {
  let batch: Item[] = []
  try {
    for await (const item of items) {
      batch.push(item)
      if (batch.length < size) continue
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
