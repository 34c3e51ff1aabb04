import { untilAborted } from './until-aborted'

/**
 * The items of a stream until one of some signals is aborted, be it while the next item is waited for. The stream is closed,
 * however the reading ends.
 */
export async function* streamUntil<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  signals: readonly (AbortSignal | undefined)[],
): AsyncGenerator<Item> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  let isWaiting = false
  let isOver = false
  const next = async (): Promise<IteratorResult<Item>> => {
    isWaiting = true
    try {
      const found = await iterator.next()
      isOver = found.done === true
      return found
    } catch (error) {
      isOver = true
      throw error
    } finally {
      isWaiting = false
    }
  }
  const read = () => untilAborted(signals, next)
  try {
    for (let found = await read(); !found.done; found = await read()) yield found.value
  } finally {
    if (!isOver) {
      const closed = Promise.resolve(iterator.return?.())
      // One that gives nothing would close only after what it is still asked for.
      if (isWaiting) closed.catch(() => {})
      else await closed
    }
  }
}
