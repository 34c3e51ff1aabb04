import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Job } from '../queue/job'
import { AnnotationSchema, PostSchema } from '../schemas/post-schema'
import { HttpProblem } from './http-problem'
import { bodyChunks, readBody } from './read-body'
import { readForm } from './read-form'
import { PROBLEMS } from './route-schemas'
import { askWorker, beginWork, mediaTypeOf, refuseType, type Service, type Work } from './service'

/** The post of a request. */
async function readPost(request: FastifyRequest, { limits }: Service, work: Work): Promise<Job> {
  const type = mediaTypeOf(request)
  if (type === 'application/json') {
    return { kind: 'json', bytes: await readBody(request.raw, limits, work) }
  }
  if (type !== 'multipart/form-data') return refuseType(request, 'application/json or multipart/form-data')
  const { headers } = request
  const contentType = headers['content-type']!
  return readForm(bodyChunks(request.raw, limits, work), { ...headers, 'content-type': contentType }, limits)
}

/** `POST /annotate`: one post, answered with its annotation. */
export function annotateRoute(app: FastifyInstance, service: Service): void {
  app.post(
    '/annotate',
    {
      schema: {
        summary: 'Annotate one post',
        description: 'As JSON, or as a form with a part `text` and pictures as parts `image`.',
        consumes: ['application/json', 'multipart/form-data'],
        body: PostSchema,
        response: { 200: AnnotationSchema, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const work = beginWork(service, reply)
      const job = await readPost(request, service, work)
      const answer = await askWorker(service, job, work.signal)
      if (answer.status === 200) return reply.type('application/json').send(answer.body)
      if (answer.cause) request.log.error({ cause: answer.cause }, 'a post could not be annotated')
      throw new HttpProblem(answer.status, answer.detail)
    },
  )
}
