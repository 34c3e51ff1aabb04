import type { Worker } from 'node:worker_threads'

/** A request to a thread. */
export interface WorkerRequest {
  id: number
  method: string
  arguments: unknown[]
}

/** A thread's answer: what the method gave, or the error it threw. */
export type WorkerAnswer = { id: number; result: unknown } | { id: number; error: unknown }

/** Calls a method of a thread; arrays whose memory is in `transfer` change hands instead of being copied. */
export type CallWorker = (
  method: string,
  given?: readonly unknown[],
  transfer?: readonly ArrayBuffer[],
) => Promise<unknown>

/** The methods of a thread. */
export interface WorkerCalls {
  call: CallWorker
  /** Calls the method `dispose`, unless the thread has died, and ends it. */
  end(): Promise<void>
}

/**
 * Calls methods of a thread by name and waits for their answers; a thread that ends leaves no caller waiting. A thread
 * keeps the process alive only while it is asked for something.
 *
 * @param what the thread does, for the error of a caller whom it leaves: "trains"
 */
export function callWorker(thread: Worker, what: string): WorkerCalls {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: unknown) => void }>()
  let count = 0
  let ended: Error | undefined
  const settle = (
    id: number,
  ): { resolve: (result: unknown) => void; reject: (error: unknown) => void } | undefined => {
    const caller = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) thread.unref()
    return caller
  }
  const endAll = (error: Error): void => {
    ended = error
    for (const id of [...waiting.keys()]) settle(id)?.reject(error)
  }
  thread.on('message', (answer: WorkerAnswer) => {
    const caller = settle(answer.id)
    if ('error' in answer) caller?.reject(answer.error)
    else caller?.resolve(answer.result)
  })
  thread.on('error', error => endAll(error instanceof Error ? error : new Error(String(error))))
  thread.on('exit', code => endAll(new Error(`The thread that ${what} has ended (code ${code}).`)))
  thread.unref()
  const call: CallWorker = (method, given = [], transfer = []) =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended)
      count += 1
      const request: WorkerRequest = { id: count, method, arguments: [...given] }
      thread.postMessage(request, [...transfer])
      waiting.set(count, { resolve, reject })
      thread.ref()
    })
  return {
    call,
    async end() {
      try {
        await call('dispose')
      } catch (error) {
        if (!ended) throw error
      } finally {
        await thread.terminate()
      }
    },
  }
}
