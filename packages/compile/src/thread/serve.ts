import { parentPort } from 'node:worker_threads'
import type { WorkerAnswer, WorkerRequest } from './call-worker'

/**
 * Answers, in a thread, the calls of the one that started it.
 *
 * @param methods by name; arrays in what they return are given away
 */
export function serve(methods: Readonly<Record<string, (...given: never[]) => unknown>>): void {
  parentPort!.on('message', async ({ id, method, arguments: given }: WorkerRequest) => {
    try {
      const result = await methods[method]!(...(given as never[]))
      parentPort!.postMessage({ id, result } satisfies WorkerAnswer, [...buffersOf(result)])
    } catch (error) {
      parentPort!.postMessage({ id, error } satisfies WorkerAnswer)
    }
  })
}

/** The memory of all arrays in a value of plain records and lists. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer)
  else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found)
  }
  return found
}
