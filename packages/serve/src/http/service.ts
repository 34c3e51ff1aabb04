import { setMaxListeners } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ByteBudget } from '../queue/byte-budget'
import type { Answer, Job } from '../queue/job'
import { type JobQueue, QueueFullError } from '../queue/job-queue'
import type { PostLimits } from '../workers/worker-messages'
import { HttpProblem } from './http-problem'
import type { Metrics } from './metrics'
import { type BodyLimits, busy, clientLeft, type Held, holdIn } from './read-body'

/** What routes stand on. */
export interface Service {
  queue: JobQueue
  budget: ByteBudget
  metrics: Metrics
  limits: BodyLimits & PostLimits
  /** Workers that have loaded the model. */
  workers(): number
  /** Aborted when nothing new is taken any more. */
  stopping: AbortSignal
  /** Requests that are worked on. */
  open: Set<FastifyReply>
  /** Seconds until a full queue may have room. */
  wait(): number
}

/** What a request is worked on with. */
export interface Work extends Held {
  /** Aborted when the client leaves. */
  signal: AbortSignal
}

/** Said to what comes after a server was told to stop. */
export const STOPPING = 'The server is stopping and takes nothing new. Send it to another one, or later.'

/**
 * Begins to work on a request.
 *
 * @throws HttpProblem 503 where the server stops, 429 where its queue is full
 */
export function beginWork({ queue, budget, stopping, open, wait }: Service, reply: FastifyReply): Work {
  if (stopping.aborted) throw new HttpProblem(503, STOPPING, { connection: 'close' })
  if (queue.isFull) throw busy(wait())
  const held = holdIn(budget, wait)
  const left = new AbortController()
  // The lines of a stream all listen to it, which Node would take for a leak.
  setMaxListeners(0, left.signal)
  open.add(reply)
  reply.raw.once('close', () => {
    open.delete(reply)
    held.release()
    left.abort(clientLeft())
  })
  return { ...held, signal: left.signal }
}

/** Asks a worker. @throws HttpProblem 429 where the queue is full */
export async function askWorker({ queue, wait }: Service, job: Job, signal: AbortSignal): Promise<Answer> {
  try {
    return await queue.ask(job, signal)
  } catch (error) {
    if (error instanceof QueueFullError) throw busy(wait())
    throw error
  }
}

/** The media type of a request, without its parameters. */
export const mediaTypeOf = ({ headers }: FastifyRequest): string =>
  (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()

/** @throws HttpProblem 415 */
export function refuseType(request: FastifyRequest, wanted: string): never {
  const received = JSON.stringify(mediaTypeOf(request).slice(0, 60))
  throw new HttpProblem(415, `The content type must be ${wanted}. Received: ${received}.`)
}
