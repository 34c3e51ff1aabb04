import { gatherBytes } from './gather-bytes'

const NEWLINE = 0x0a

/** Bytes of the longest line that is read: one without an end would fill the memory. */
export const LINE_LIMIT = 2 ** 24

/** How lines are told of. */
export interface StreamLinesOptions {
  /** Is given every line after which its chunk has no other whole one: more may be long in coming. */
  lastOfChunks?: WeakSet<Uint8Array> | undefined
  /** Bytes of the longest line that is read. @default LINE_LIMIT */
  longest?: number | undefined
  /** Ends the lines when it is aborted; one that has not ended then is none. */
  signal?: AbortSignal | undefined
}

/** The chunks of a stream until a signal is aborted, be it while the next one is waited for. */
async function* chunksUntil(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  let isWaiting = false
  // Nothing stays on the signal between two chunks: of a long stream that would be as much as there were chunks.
  const next = (): Promise<IteratorResult<Uint8Array>> =>
    new Promise((resolve, reject) => {
      const end = (): void => resolve({ done: true, value: undefined })
      const over = (): void => {
        isWaiting = false
        signal?.removeEventListener('abort', end)
      }
      isWaiting = true
      signal?.addEventListener('abort', end, { once: true })
      iterator.next().finally(over).then(resolve, reject)
    })
  try {
    while (!signal?.aborted) {
      const found = await next()
      if (found.done) return
      yield found.value
    }
  } finally {
    // One that gives nothing would close only after what it is still asked for.
    if (!isWaiting) await iterator.return?.()
  }
}

/**
 * The lines of a byte stream, without their line feed; split on `\n` only, because JSON may hold any other separator
 * within its strings, which Node's readline would split at. Of a line longer than `longest` one byte more is given than that.
 */
export async function* streamLines(
  chunks: AsyncIterable<Uint8Array>,
  { lastOfChunks, signal, longest = LINE_LIMIT }: StreamLinesOptions = {},
): AsyncGenerator<Uint8Array> {
  const pending = gatherBytes()
  const add = (bytes: Uint8Array): void =>
    pending.add(bytes.subarray(0, Math.max(0, longest + 1 - pending.length)))
  for await (const chunk of chunksUntil(chunks, signal)) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (signal?.aborted) return
      add(chunk.subarray(start, end))
      start = end + 1
      const line = pending.take()
      if (chunk.indexOf(NEWLINE, start) < 0) lastOfChunks?.add(line)
      yield line
    }
    if (start < chunk.length) add(chunk.subarray(start))
  }
  if (pending.length > 0 && !signal?.aborted) yield pending.take()
}
