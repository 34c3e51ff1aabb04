import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { availableThreads } from '@mafjs/compile'
import { assertSizes } from '@mafjs/tensor/errors'
import type { Logger } from 'pino'
import { createApp } from './http/create-app'
import { createMetrics } from './http/metrics'
import { type Service, STOPPING } from './http/service'
import { createByteBudget } from './queue/byte-budget'
import { createJobQueue } from './queue/job-queue'
import { completeOptions, type ServeOptions } from './serve-options'
import { stderrLog } from './stderr-log'
import { version } from './version'
import { startWorker } from './workers/start-worker'
import { createWorkerPool, type WorkerPool } from './workers/worker-pool'

/** A server that listens. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:8080`. */
  url: string
  /** Loads the model anew, without a request lost; where that fails, the old one stays. @throws what kept it from loading */
  reload(): Promise<void>
  /**
   * Takes nothing new, answers what was taken, and ends all processes.
   *
   * @param seconds after which what is left is answered with 503. @default 30
   * @returns whether all was answered
   */
  stop(seconds?: number): Promise<boolean>
}

/** UTF-16 units of a batch, each text as long as the longest. */
const BATCH_LENGTH = 8192

/** Milliseconds that a worker waits for as many posts as it had, while others already wait. */
const LINGER = 1

/** How often a server that stops looks whether all is answered, in milliseconds. */
const LOOK = 20

/** How long connections are left open after the last answer, in milliseconds. */
const LINGERING = 500

/**
 * Serves a trained model over HTTP: this process talks to clients and computes nothing, worker processes hold the model.
 *
 * @param log @default JSON lines on stderr; texts of posts are never in it
 * @throws InvalidArgumentError for an option out of range; ModelNotLoadedError; what keeps the port from being listened on
 */
export async function startServer(options: ServeOptions, log: Logger = stderrLog()): Promise<RunningServer> {
  const { workers = availableThreads(), ...complete } = completeOptions(options)
  assertSizes({ workers })
  const { model, host, port, apiKeys, minScore, onBrokenPicture } = complete
  const { engine, backend, longTexts, windowOverlap, shrinkOnLoad, pixelLimit } = complete
  const { bodyBytes, bodySeconds, textLength, pictures, pictureBytes } = complete
  const limits = { bodyBytes, bodySeconds, text: textLength, pictures, pictureBytes }
  const queue = createJobQueue({
    posts: complete.queuePosts,
    batch: { posts: complete.batchSize, length: BATCH_LENGTH },
    linger: LINGER,
  })
  const budget = createByteBudget(complete.queueBytes)
  let pool: WorkerPool | undefined
  /** Whether the model reads pictures that answers now. */
  let readsPictures = false
  const stopping = new AbortController()
  const open: Service['open'] = new Set()
  /** Posts per millisecond of late, for who must come again. */
  let pace = 0
  const metrics = createMetrics({
    queuePosts: () => queue.length,
    heldBytes: () => budget.taken,
    workers: () => pool?.ready ?? 0,
  })
  const setup = {
    ...{ model, limits, minScore, onBrokenPicture },
    load: { engine, backend, longTexts, windowOverlap, shrinkOnLoad, pixelLimit },
  } as const
  const service: Service = {
    ...{ queue, budget, metrics, limits, open, stopping: stopping.signal },
    workers: () => pool?.ready ?? 0,
    wait: () => Math.min(60, Math.max(1, Math.ceil(pace > 0 ? queue.length / pace / 1000 : 1))),
  }
  const playground = complete.playground ? { readsPictures: () => readsPictures } : undefined
  const app = await createApp({ service, log, version, apiKeys, playground })
  pool = await createWorkerPool({
    ...{ queue, workers },
    start: signal => startWorker(setup, { seconds: complete.batchSeconds, signal }),
    onReady(pid, loaded) {
      metrics.worker('started')
      readsPictures = loaded.readsPictures
      log.info({ worker: pid, ...loaded }, 'a worker has loaded the model')
    },
    onFailure(error, pid) {
      metrics.worker('failed')
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      log.error({ worker: pid, reason }, 'a worker has failed and is started again')
    },
    onBatch(batch, milliseconds) {
      metrics.batch(batch.length, milliseconds / 1000)
      const now = performance.now()
      for (const { since } of batch) metrics.waited(Math.max(0, now - milliseconds - since) / 1000)
      const own = (workers * batch.length) / Math.max(1, milliseconds)
      pace = pace === 0 ? own : 0.9 * pace + 0.1 * own
    },
  }).catch(async error => {
    metrics.stop()
    await app.close()
    throw error
  })
  try {
    await app.listen({ host, port })
    metrics.start()
  } catch (error) {
    await pool.stop({ atOnce: true })
    metrics.stop()
    throw error
  }
  const { address, family, port: bound } = app.server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`
  log.info({ url, workers, keys: apiKeys.length }, 'listening')
  if (apiKeys.length === 0 && !/^(127\.|::1$)/.test(address)) {
    log.warn({ url }, 'open to whoever reaches this address: no API key is asked for')
  }
  let ending: Promise<boolean> | undefined
  async function end(seconds: number): Promise<boolean> {
    stopping.abort(new Error(STOPPING))
    log.info({ seconds }, 'stopping: what was taken is answered')
    const until = performance.now() + seconds * 1000
    while (open.size > 0 && performance.now() < until) await sleep(LOOK)
    const isLate = open.size > 0
    queue.answerAll({ status: 503, detail: STOPPING })
    const closed = app.close()
    await pool!.stop({ atOnce: isLate })
    queue.answerAll({ status: 503, detail: STOPPING })
    // All is answered: what is still open waits for nothing, or sends what nobody reads any more.
    await Promise.race([closed, sleep(LINGERING, undefined, { ref: false })])
    app.server.closeAllConnections()
    await closed
    metrics.stop()
    log.info({ isLate }, 'stopped')
    return !isLate
  }
  return {
    url,
    async reload() {
      log.info('loading the model anew')
      try {
        await pool!.reload()
        metrics.reload('ok')
        log.info('the new model answers')
      } catch (error) {
        metrics.reload('failed')
        log.error(
          { reason: (error as Error).message },
          'the new model could not be loaded; the old one stays',
        )
        throw error
      }
    },
    stop(seconds = 30) {
      ending ??= end(seconds)
      return ending
    },
  }
}
