import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { pageAddress } from './page-post'
import type { Calls, DownloadProgress, Reply, Request, SentError } from './protocol'

/** What is said with a call. */
interface CallOptions {
  signal?: AbortSignal | undefined
  onProgress?: ((progress: DownloadProgress) => void) | undefined
}

/** The worker of a model. */
export interface WorkerCalls {
  /**
   * Makes a call in it.
   *
   * @throws what it throws there, or the reason of a signal that is aborted: at once, while the call ends in the background
   */
  call<Name extends keyof Calls>(
    name: Name,
    given: Parameters<Calls[Name]>,
    options?: CallOptions,
  ): Promise<Awaited<ReturnType<Calls[Name]>>>
  /** Ends it; who still waits is told. */
  end(): void
}

interface Waiting extends CallOptions {
  resolve(result: never): void
  reject(reason: unknown): void
}

/** The refusal of calls that come too late. */
const refusal = (): InvalidArgumentError =>
  new InvalidArgumentError({
    argument: 'model',
    rule: 'must not be used after dispose()',
    received: 'a call',
    fix: 'Load it again with loadMaf, or dispose it later.',
  })

/** An error as it was thrown in the worker. */
function revived({ name, message, ...parts }: SentError): Error {
  const error = new Error(message)
  if (name === 'InvalidArgumentError') Object.setPrototypeOf(error, InvalidArgumentError.prototype)
  return Object.assign(error, { name, ...parts })
}

/** Starts a worker, which answers calls. @param script its address. @default beside this module, where bundlers put it */
export function callWorker(script?: string | URL): WorkerCalls {
  const worker =
    script === undefined
      ? new Worker(new URL('./browser-worker.js', import.meta.url), { type: 'module', name: 'maf' })
      : new Worker(pageAddress(script), { type: 'module', name: 'maf' })
  const waiting = new Map<number, Waiting>()
  let count = 0
  let over: Error | undefined

  const end = (reason: Error): void => {
    over ??= reason
    worker.terminate()
    for (const { reject } of waiting.values()) reject(over)
    waiting.clear()
  }
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    const asked = waiting.get(data.id)
    if (!asked) return
    if ('progress' in data) return asked.onProgress?.(data.progress)
    waiting.delete(data.id)
    if ('error' in data) asked.reject(revived(data.error))
    else asked.resolve(data.result as never)
  }
  worker.onerror = ({ message }) => {
    const fix = 'Is browser-worker.js there, and may the page start it (worker-src, script-src)?'
    end(new Error(`The worker of the model failed: ${message || 'its script could not be loaded'}. ${fix}`))
  }

  return {
    call(name, given, { signal, onProgress } = {}) {
      if (over) return Promise.reject(over)
      signal?.throwIfAborted()
      count += 1
      const id = count
      return new Promise<never>((resolve, reject) => {
        // First: what cannot be sent is refused here, and nobody waits for an answer to it.
        worker.postMessage({ id, call: name, given } satisfies Request)
        const onAbort = (): void => {
          waiting.delete(id)
          worker.postMessage({ id, abort: true } satisfies Request)
          reject(signal!.reason)
        }
        signal?.addEventListener('abort', onAbort)
        const done = (): void => signal?.removeEventListener('abort', onAbort)
        waiting.set(id, {
          onProgress,
          resolve: result => {
            done()
            resolve(result)
          },
          reject: reason => {
            done()
            reject(reason)
          },
        })
      })
    },
    end: () => end(refusal()),
  }
}
