import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What a server counts, as Prometheus reads it. */
export interface Metrics {
  registry: Registry
  request(route: string, status: number, seconds: number): void
  batch(posts: number, seconds: number): void
  waited(seconds: number): void
  worker(event: 'started' | 'failed'): void
  reload(result: 'ok' | 'failed'): void
  line(result: 'ok' | 'error'): void
  /** Begins to watch the event loop: what is loaded before anybody can ask holds nobody. */
  start(): void
  stop(): void
}

/** What is asked whenever somebody looks. */
export interface Gauges {
  queuePosts(): number
  heldBytes(): number
  workers(): number
}

/** A timer of the monitor fires so often, in milliseconds; that much is no delay. */
const RESOLUTION = 10

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Counts from nothing. */
export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(value())
      },
    })
  }
  gauge('maf_queue_posts', 'Posts that wait for a worker', gauges.queuePosts)
  gauge('maf_held_bytes', 'Bytes of requests in memory', gauges.heldBytes)
  gauge('maf_workers_ready', 'Workers that have loaded the model', gauges.workers)
  gauge('maf_event_loop_delay_max_seconds', 'The longest that the event loop was held since the start', () =>
    Math.max(0, delay.max / 1e9 - RESOLUTION / 1e3),
  )
  const requests = new Counter({
    ...{ name: 'maf_http_requests_total', help: 'Requests that ended; 499: the client left', registers },
    labelNames: ['route', 'status'] as const,
  })
  const seconds = new Histogram({
    ...{
      name: 'maf_http_request_seconds',
      help: 'From the head of a request to the end of its answer',
      registers,
    },
    ...{ labelNames: ['route'] as const, buckets: SECONDS },
  })
  const batchPosts = new Histogram({
    ...{ name: 'maf_batch_posts', help: 'Posts of a batch', registers, buckets: [1, 2, 4, 8, 16, 32, 64] },
  })
  const batchSeconds = new Histogram({
    ...{ name: 'maf_batch_seconds', help: 'What a batch took', registers, buckets: SECONDS },
  })
  const waited = new Histogram({
    ...{ name: 'maf_queue_seconds', help: 'What a post waited for a worker', registers, buckets: SECONDS },
  })
  const counter = <Label extends string>(name: string, help: string, label: Label): Counter<Label> =>
    new Counter({ name, help, registers, labelNames: [label] })
  const workers = counter('maf_worker_events_total', 'Workers that started, and that failed', 'event')
  const reloads = counter('maf_reloads_total', 'Reloads of the model', 'result')
  const lines = counter('maf_lines_total', 'Lines of streams that were answered', 'result')
  return {
    registry,
    request(route, status, time) {
      requests.inc({ route, status })
      seconds.observe({ route }, time)
    },
    batch(posts, time) {
      batchPosts.observe(posts)
      batchSeconds.observe(time)
    },
    waited: time => waited.observe(time),
    worker: event => workers.inc({ event }),
    reload: result => reloads.inc({ result }),
    line: result => lines.inc({ result }),
    start: () => {
      delay.enable()
    },
    stop: () => {
      delay.disable()
    },
  }
}
