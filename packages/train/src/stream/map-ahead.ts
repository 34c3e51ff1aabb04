/** How a stream is worked on ahead. */
export interface MapAheadOptions {
  /** Calls under way at a time; nothing more is read meanwhile. */
  atOnce: number
  /** Ends what is still being read or under way, where nobody takes results any more. */
  stop(): void
}

/**
 * Calls for every item of a stream, some ahead of whoever takes the results, which come in order, each as soon as it is there. When the
 * stream fails, the results of what came before are given first.
 */
export async function* mapAhead<Item, Result>(
  items: AsyncIterable<Item>,
  { atOnce, stop }: MapAheadOptions,
  call: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const iterator = items[Symbol.asyncIterator]()
  const calls: Promise<Result>[] = []
  let reading: Promise<void> | undefined
  let end: { failure?: unknown } | undefined
  const read = async (): Promise<void> => {
    try {
      const { done, value } = await iterator.next()
      if (done) end = {}
      else calls.push(call(value))
      // Whoever takes the results is told.
      calls.at(-1)?.catch(() => {})
    } catch (failure) {
      end = { failure }
    } finally {
      reading = undefined
    }
  }
  try {
    while (!end || calls.length > 0) {
      if (!end && calls.length < atOnce) reading ??= read()
      const [first] = calls
      const isDone = first?.then(
        () => true,
        () => true,
      )
      const isRead = reading?.then(() => false)
      if (!(await Promise.race([isDone, isRead].filter(one => one !== undefined)))) continue
      calls.shift()
      yield await first!
    }
    if ('failure' in end) throw end.failure
  } finally {
    stop()
    await reading
    await Promise.allSettled(calls)
    await iterator.return?.()
  }
}
