import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, vi } from 'vitest'

/** Every thread that a test started, and what was sent to it and came back. */
export interface Traffic {
  threads: Set<Worker>
  /** Methods that were called. */
  asked: string[]
  /** Bytes of arrays. */
  sent: number
  received: number
}

/** Bytes that travel with a message: of a view, all that it is a view of. */
function bytesOf(message: unknown): number {
  if (ArrayBuffer.isView(message)) return message.buffer.byteLength
  if (typeof message !== 'object' || message === null) return 0
  return Object.values(message).reduce((sum: number, value) => sum + bytesOf(value), 0)
}

/** Watches the threads of each test of a file, and ends them after it. */
export function watchThreads(): Traffic {
  const traffic: Traffic = { threads: new Set(), asked: [], sent: 0, received: 0 }
  beforeEach(() => {
    Object.assign(traffic, { threads: new Set(), asked: [], sent: 0, received: 0 })
    const { postMessage, on } = Worker.prototype
    vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (
      this: Worker,
      message: { method: string },
      transfer,
    ) {
      traffic.threads.add(this)
      traffic.asked.push(message.method)
      traffic.sent += bytesOf(message)
      postMessage.call(this, message, transfer as undefined)
    })
    vi.spyOn(Worker.prototype, 'on').mockImplementation(function (this: Worker, event, listener) {
      const heard = (given: unknown): void => {
        if (event === 'message') traffic.received += bytesOf(given)
        listener(given)
      }
      return on.call(this, event as 'message', heard)
    })
  })
  afterEach(async () => {
    for (const thread of traffic.threads) await thread.terminate()
    vi.restoreAllMocks()
  })
  return traffic
}
