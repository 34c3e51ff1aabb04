import { availableThreads } from '@mafjs/compile'

/** Threads that Node has for files and decoding, unless UV_THREADPOOL_SIZE says otherwise. */
const POOL = 4

/**
 * How many pictures are decoded at once: each takes a thread of Node's pool, and one of libvips where `sharp.concurrency()` is 1.
 *
 * @param threads that compute @default {@link availableThreads}
 */
export const picturesAtOnce = (threads: number = availableThreads()): number => Math.min(threads, POOL)
