import { setTimeout as sleep } from 'node:timers/promises'
import type { JobQueue, Ticket } from '../queue/job-queue'
import type { ModelWorker } from './start-worker'
import type { LoadedModel } from './worker-messages'

/** What a pool tells of; for the log and the metrics. */
export interface PoolEvents {
  onReady(pid: number, model: LoadedModel): void
  /** @param error why a worker ended that nobody stopped, or did not start */
  onFailure(error: unknown, pid?: number): void
  onBatch(batch: readonly Ticket[], milliseconds: number): void
}

/** What makes a pool. */
export interface WorkerPoolOptions extends PoolEvents {
  queue: JobQueue
  workers: number
  start(signal: AbortSignal): Promise<ModelWorker>
}

/** Workers that answer what is in a queue. */
export interface WorkerPool {
  /** Workers that have loaded the model. */
  readonly ready: number
  /** Loads the model anew in other workers; the old ones answer until all new ones can. @throws what kept the new model from loading */
  reload(): Promise<void>
  /** Ends the workers, after their batches unless at once. */
  stop(options: { atOnce: boolean }): Promise<void>
}

/** The first pause before a worker that ended is started again, in milliseconds; it doubles, to half a minute. */
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 30_000

const TWICE =
  'Two workers ended while they computed this post, the second with nothing but it. It is not tried again.'

/** The workers of one loading of the model. */
interface Generation {
  /** Of the model that all of them have. */
  digest: string
  /** Aborted: nothing more is taken from the queue. */
  leave: AbortController
  /** Aborted: processes are ended. */
  kill: AbortController
  over: Promise<unknown>
}

/**
 * Starts the workers.
 *
 * @throws ModelNotLoadedError of the first that could not load it; none is left then.
 */
export async function createWorkerPool({
  queue,
  workers,
  start,
  ...events
}: WorkerPoolOptions): Promise<WorkerPool> {
  let ready = 0

  /** Gives a worker batch after batch until it ends, or nothing more is to be taken. */
  async function work(worker: ModelWorker, { leave }: Generation): Promise<void> {
    let before = 0
    const either = AbortSignal.any([leave.signal, worker.gone])
    for (;;) {
      const batch = await queue.take(either, before)
      worker.gone.throwIfAborted()
      if (batch.length === 0) return worker.stop()
      before = batch.length
      const started = performance.now()
      try {
        const answers = await worker.answer(batch.map(({ job }) => job))
        for (const [i, ticket] of batch.entries()) ticket.settle(answers[i]!)
        events.onBatch(batch, performance.now() - started)
      } catch (error) {
        for (const ticket of batch) if (ticket.alone) ticket.settle({ status: 500, detail: TWICE })
        queue.giveBack(batch.filter(({ alone }) => !alone))
        throw error
      }
    }
  }

  /** Keeps one place filled with a worker. */
  async function fill(first: ModelWorker, generation: Generation): Promise<void> {
    let worker: ModelWorker | undefined = first
    let pause = FIRST_PAUSE
    while (!generation.leave.signal.aborted) {
      try {
        worker ??= await start(generation.kill.signal)
        if (worker.model.digest !== generation.digest) {
          // The folder was replaced and nobody has said so: two models may not answer side by side.
          worker.stop()
          worker = undefined
          return await reload(generation)
        }
        ready += 1
        events.onReady(worker.pid, worker.model)
        const since = performance.now()
        try {
          await work(worker, generation)
        } finally {
          ready -= 1
          if (performance.now() - since > LONGEST_PAUSE) pause = FIRST_PAUSE
        }
      } catch (error) {
        if (generation.kill.signal.aborted) return
        events.onFailure(error, worker?.pid)
        worker = undefined
        await sleep(pause, undefined, { signal: generation.leave.signal }).catch(() => {})
        pause = Math.min(2 * pause, LONGEST_PAUSE)
      }
    }
  }

  async function load(): Promise<Generation> {
    const [leave, kill] = [new AbortController(), new AbortController()]
    const starting = Array.from({ length: workers }, () => start(kill.signal))
    try {
      const started = await Promise.all(starting)
      const { digest } = started[0]!.model
      const generation: Generation = { digest, leave, kill, over: Promise.resolve() }
      generation.over = Promise.all(started.map(worker => fill(worker, generation)))
      return generation
    } catch (error) {
      kill.abort()
      await Promise.allSettled(starting)
      throw error
    }
  }

  function reload(from?: Generation): Promise<void> {
    const reloaded = changing.then(() => replace(from))
    changing = reloaded.catch(() => {})
    return reloaded
  }

  let changing: Promise<void> = Promise.resolve()
  let isStopped = false
  let current = await load()
  const all = new Set([current])

  /** @param from nothing is done where another generation has followed already */
  const replace = async (from = current): Promise<void> => {
    if (isStopped || from !== current) return
    const next = await load()
    const old = current
    current = next
    all.add(next)
    old.leave.abort()
    if (isStopped) next.leave.abort()
    void old.over.then(() => all.delete(old))
  }

  return {
    get ready() {
      return ready
    },
    reload: () => reload(),
    async stop({ atOnce }) {
      isStopped = true
      for (const { leave, kill } of all) {
        leave.abort()
        if (atOnce) kill.abort()
      }
      await Promise.all([...all].map(({ over }) => over))
    },
  }
}
