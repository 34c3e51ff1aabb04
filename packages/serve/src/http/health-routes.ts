import type { FastifyInstance } from 'fastify'
import { HealthSchema } from '../schemas/post-schema'
import { HttpProblem } from './http-problem'
import { PROBLEMS } from './route-schemas'
import { type Service, STOPPING } from './service'

/** `GET /health/live` and `/health/ready`, for probes. */
export function healthRoutes(app: FastifyInstance, { workers, stopping }: Service): void {
  const response = { 200: HealthSchema, 503: PROBLEMS[503] }
  app.get('/health/live', { schema: { summary: 'Whether the process answers', response } }, async () => ({
    status: 'live',
    workers: workers(),
  }))
  app.get('/health/ready', { schema: { summary: 'Whether it takes posts', response } }, async () => {
    if (stopping.aborted) throw new HttpProblem(503, STOPPING)
    if (workers() === 0) throw new HttpProblem(503, 'No worker has the model loaded. The log says why.')
    return { status: 'ready', workers: workers() }
  })
}
