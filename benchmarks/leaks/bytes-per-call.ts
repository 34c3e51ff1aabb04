import { setImmediate } from 'node:timers/promises'
import { BroadcastChannel } from 'node:worker_threads'

const POINTS = 10

/**
 * Measures what is still held after each call when all garbage is gone, in this thread and the others: the median of the
 * slopes between all pairs of points, which start-up and single outliers do not move. Needs `--expose-gc`.
 *
 * @param options.calls that are measured; a tenth as many again, and at least 50, go before them
 * @param options.threads beside this one, each loaded with `thread-memory.cjs`
 * @returns bytes that are held more after each call: of typed arrays, and of JavaScript objects
 */
export async function bytesPerCall(
  call: (index: number) => Promise<unknown>,
  { calls, threads }: { calls: number; threads: number },
) {
  const channel = new BroadcastChannel('memory')
  let done = 0
  const advance = async (more: number): Promise<void> => {
    for (const end = done + more; done < end; done++) await call(done)
  }
  await advance(Math.max(50, calls / 10))
  const points: { at: number; arrayBuffers: number; heap: number }[] = []
  for (let point = 0; point <= POINTS; point++) {
    if (point > 0) await advance(calls / POINTS)
    points.push({ at: done, ...(await memoryNow(channel, threads)) })
  }
  channel.close()
  const slope = (of: 'arrayBuffers' | 'heap'): number => {
    const slopes = points.flatMap((to, i) =>
      points.slice(0, i).map(from => (to[of] - from[of]) / (to.at - from.at)),
    )
    return slopes.sort((a, b) => a - b)[Math.floor(slopes.length / 2)]!
  }
  return { arrayBuffers: slope('arrayBuffers'), heap: slope('heap') }
}

async function memoryNow(channel: BroadcastChannel, threads: number) {
  const all = await threadMemories(channel, threads)
  // What a collection frees by finalisers is gone only after the next turn of the event loop.
  for (let i = 0; i < 3; i++) {
    await setImmediate()
    globalThis.gc!()
  }
  all.push(process.memoryUsage())
  return {
    arrayBuffers: all.reduce((sum, { arrayBuffers }) => sum + arrayBuffers, 0),
    heap: all.reduce((sum, { heapUsed }) => sum + heapUsed, 0),
  }
}

type Memory = Pick<NodeJS.MemoryUsage, 'arrayBuffers' | 'heapUsed'>

/** Asks every other thread. */
function threadMemories(channel: BroadcastChannel, threads: number): Promise<Memory[]> {
  const heard: Memory[] = []
  if (threads === 0) return Promise.resolve(heard)
  return new Promise(resolve => {
    channel.onmessage = message => {
      heard.push((message as { data: Memory }).data)
      if (heard.length === threads) resolve(heard)
    }
    channel.postMessage('ask')
  })
}
