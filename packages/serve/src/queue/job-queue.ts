import { type Answer, bytesOf, type Job, lengthOf } from './job'
import { type BatchLimits, type Picked, pickBatch } from './pick-batch'

/** A job that waits, or is under way. */
export interface Ticket extends Picked {
  job: Job
  /** When it came, of `performance.now()`. */
  since: number
  settle(answer: Answer): void
  /** Whether nobody waits for it any more. */
  isLeft(): boolean
}

/** What a queue holds at most, and how batches are made of it. */
export interface JobQueueOptions {
  posts: number
  batch: BatchLimits
  /** Milliseconds that a worker which was busy waits for as many jobs as it had; 5 at most. */
  linger: number
}

/** Thrown where a queue is full. */
export class QueueFullError extends Error {
  override name = 'QueueFullError'
}

/** Jobs between those who ask and the workers that answer. */
export interface JobQueue {
  /** Jobs that wait. */
  readonly length: number
  readonly bytes: number
  readonly isFull: boolean
  /** @throws QueueFullError  @throws the reason of a signal that is aborted before the answer */
  ask(job: Job, signal: AbortSignal): Promise<Answer>
  /** Waits until there is room. */
  room(signal: AbortSignal): Promise<void>
  /** The next batch, once there is one; none after the signal is aborted. @param before jobs of the batch that was just answered */
  take(signal: AbortSignal, before: number): Promise<Ticket[]>
  /** Gives jobs back that a worker did not answer: they are next, each by itself. */
  giveBack(tickets: readonly Ticket[]): void
  /** Answers all that wait. */
  answerAll(answer: Answer): void
}

interface Waiter {
  give(batch: Ticket[]): void
}

/** Makes an empty queue. */
export function createJobQueue({ posts, batch, linger }: JobQueueOptions): JobQueue {
  let waiting: Ticket[] = []
  let bytes = 0
  const idle: Waiter[] = []
  const roomless: (() => void)[] = []
  let isPlanned = false

  const remove = (gone: ReadonlySet<Ticket>): void => {
    waiting = waiting.filter(ticket => !gone.has(ticket))
    for (const { job } of gone) bytes -= bytesOf(job)
    while (waiting.length < posts && roomless.length > 0) roomless.shift()!()
  }
  const pick = (): Ticket[] => {
    const share = Math.ceil(waiting.length / Math.max(1, idle.length))
    const picked = pickBatch(waiting, { ...batch, posts: Math.min(batch.posts, share) })
    remove(new Set(picked))
    return picked
  }
  const deal = (): void => {
    isPlanned = false
    while (waiting.length > 0 && idle.length > 0) {
      const picked = pick()
      idle.shift()!.give(picked)
    }
  }
  // All that came in by the same turn of the event loop goes together, which nobody waits for.
  const plan = (): void => {
    if (isPlanned || idle.length === 0 || waiting.length === 0) return
    isPlanned = true
    setImmediate(deal)
  }

  return {
    get length() {
      return waiting.length
    },
    get bytes() {
      return bytes
    },
    get isFull() {
      return waiting.length >= posts
    },
    ask(job, signal) {
      signal.throwIfAborted()
      if (waiting.length >= posts) throw new QueueFullError(`${posts} posts wait already`)
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          if (waiting.includes(ticket)) remove(new Set([ticket]))
          reject(signal.reason)
        }
        const ticket: Ticket = {
          ...{ job, length: lengthOf(job), alone: false, since: performance.now() },
          settle(answer) {
            signal.removeEventListener('abort', leave)
            resolve(answer)
          },
          isLeft: () => signal.aborted,
        }
        signal.addEventListener('abort', leave, { once: true })
        waiting.push(ticket)
        bytes += bytesOf(job)
        plan()
      })
    },
    async room(signal) {
      while (waiting.length >= posts) {
        signal.throwIfAborted()
        await new Promise<void>(resolve => {
          const go = (): void => {
            signal.removeEventListener('abort', go)
            resolve()
          }
          roomless.push(go)
          signal.addEventListener('abort', go, { once: true })
        })
      }
    },
    async take(signal, before) {
      if (linger > 0 && waiting.length > 0 && waiting.length < before) {
        await new Promise(resolve => setTimeout(resolve, linger))
      }
      if (signal.aborted) return []
      return new Promise(resolve => {
        const end = (): void => {
          idle.splice(idle.indexOf(waiter), 1)
          resolve([])
        }
        const waiter: Waiter = {
          give(picked) {
            signal.removeEventListener('abort', end)
            resolve(picked)
          },
        }
        idle.push(waiter)
        signal.addEventListener('abort', end, { once: true })
        plan()
      })
    },
    giveBack(tickets) {
      const again = tickets.filter(ticket => !ticket.isLeft())
      for (const ticket of again) {
        ticket.alone = true
        bytes += bytesOf(ticket.job)
      }
      waiting = [...again, ...waiting]
      plan()
    },
    answerAll(answer) {
      const all = waiting
      remove(new Set(all))
      for (const ticket of all) ticket.settle(answer)
    },
  }
}
