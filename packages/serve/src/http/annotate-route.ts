import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ExplainFlags, Job } from '../queue/job'
import { AnnotationSchema, ExplainQuerySchema, ExplanationSchema, PostSchema } from '../schemas/post-schema'
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

const FLAGS = ['withoutPicture', 'occlusion'] as const

/** What of an explanation is asked for. @throws HttpProblem 400 for another name or value */
function readFlags(query: Readonly<Record<string, unknown>>): ExplainFlags {
  const refuse = (name: string, rule: string, received: unknown): never => {
    throw new HttpProblem(
      400,
      `${JSON.stringify(name.slice(0, 40))} in the address must be ${rule}. Received: ${JSON.stringify(String(received).slice(0, 40))}.`,
    )
  }
  for (const [name, value] of Object.entries(query)) {
    if (!FLAGS.some(flag => flag === name))
      refuse(name, `left out: the names are ${FLAGS.join(' and ')}`, value)
    if (value !== 'true' && value !== 'false') refuse(name, 'true or false', value)
  }
  return { withoutPicture: query['withoutPicture'] === 'true', occlusion: query['occlusion'] === 'true' }
}

/** `POST /annotate`: one post, answered with its annotation. */
export const annotateRoute = (app: FastifyInstance, service: Service): void =>
  postRoute(app, service, { path: '/annotate', summary: 'Annotate one post', answer: AnnotationSchema })

/** `POST /explain`: one post, answered with why it is annotated so. */
export const explainRoute = (app: FastifyInstance, service: Service): void =>
  postRoute(app, service, {
    ...{ path: '/explain', summary: 'Explain one post', answer: ExplanationSchema, flags: readFlags },
  })

/** A route that takes one post. */
interface PostRoute {
  path: string
  summary: string
  answer: object
  flags?: ((query: Readonly<Record<string, unknown>>) => ExplainFlags) | undefined
}

function postRoute(
  app: FastifyInstance,
  service: Service,
  { path, summary, answer: said, flags }: PostRoute,
): void {
  app.post(
    path,
    {
      schema: {
        summary,
        description: 'As JSON, or as a form with a part `text` and pictures as parts `image`.',
        consumes: ['application/json', 'multipart/form-data'],
        body: PostSchema,
        ...(flags && { querystring: ExplainQuerySchema }),
        response: { 200: said, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const explain = flags?.(request.query as Record<string, unknown>)
      const work = beginWork(service, reply)
      const job = { ...(await readPost(request, service, work)), explain }
      const answer = await askWorker(service, job, work.signal)
      if (answer.status === 200) return reply.type('application/json').send(answer.body)
      if (answer.cause) request.log.error({ cause: answer.cause }, 'a post could not be annotated')
      throw new HttpProblem(answer.status, answer.detail)
    },
  )
}
