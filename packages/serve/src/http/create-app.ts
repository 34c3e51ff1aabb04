import { createServer, STATUS_CODES } from 'node:http'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { Logger } from 'pino'
import { annotateRoute, explainRoute } from './annotate-route'
import { keyCheck } from './api-key'
import { healthRoutes } from './health-routes'
import { HttpProblem, PROBLEM_TYPE, problemBody } from './http-problem'
import { inTurns } from './in-turns'
import { linesRoute } from './lines-route'
import { type PlaygroundRoutesOptions, playgroundRoutes } from './playground-routes'
import type { Service } from './service'

/** What the routes are made with. */
export interface AppOptions {
  service: Service
  log: Logger
  version: string
  /** Any of them opens what computes; none where it is open to all. */
  apiKeys: readonly string[]
  /** Left out where there is no playground. */
  playground?: Omit<PlaygroundRoutesOptions, 'asksKey'> | undefined
}

/** A route that nobody has asked for by its name may not become a label of its own. */
const UNKNOWN_ROUTE = 'none'

/** What the log and the counts have of a request. */
interface EndedRequest {
  method: string | undefined
  route: string
  status: number
}

/** Makes the HTTP side of a server; nothing listens yet. */
export async function createApp({
  service,
  log,
  version,
  apiKeys,
  playground,
}: AppOptions): Promise<FastifyInstance> {
  const ended = (to: Pick<Logger, 'info'>, request: EndedRequest, milliseconds: number): void => {
    service.metrics.request(request.route, request.status, milliseconds / 1000)
    to.info({ ...request, milliseconds: Math.round(milliseconds) })
  }
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger,
    // One line for each request, when it is over.
    logController: new LogController({ disableRequestLogging: true }),
    // Bodies are read and judged where they are needed, pictures by the workers; schemas are for people.
    forceCloseConnections: 'idle',
    serverFactory: (handle, options) => {
      const take = inTurns<Parameters<typeof handle>>((request, response) => {
        // Its end is over: who begins to work on it now would wait for it for ever.
        if (response.destroyed) ended(log, { method: request.method, route: UNKNOWN_ROUTE, status: 499 }, 0)
        else handle(request, response)
      })
      return createServer(options, take)
    },
    clientErrorHandler(error, socket) {
      const status =
        error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
      const body = JSON.stringify(problemBody(status, 'The request must be HTTP/1.1.', ''))
      if (socket.writable) {
        const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${PROBLEM_TYPE}\r\n`
        socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`)
      }
    },
  })
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => value => JSON.stringify(value))
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))

  app.addHook('onRequest', async (request, reply) => {
    const started = performance.now()
    reply.raw.once('close', () => {
      const status = reply.raw.writableFinished ? reply.raw.statusCode : 499
      const route = request.routeOptions.url ?? UNKNOWN_ROUTE
      ended(request.log, { method: request.method, route, status }, performance.now() - started)
    })
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
  })
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const isOwn = error instanceof HttpProblem
    const status = isOwn ? error.status : (error.statusCode ?? 500)
    if (isOwn) reply.headers(error.headers)
    if (status >= 500 && !isOwn) request.log.error({ error: error.name, stack: placesOf(error) }, 'a failure')
    const detail = status < 500 || isOwn ? error.message : 'The server has failed; its log has the reason.'
    return reply
      .code(status)
      .type(PROBLEM_TYPE)
      .send(problemBody(status, detail, request.id))
  })
  app.setNotFoundHandler((request, reply) => {
    const detail = 'There is no such route; GET /openapi.json lists all.'
    return reply
      .code(404)
      .type(PROBLEM_TYPE)
      .send(problemBody(404, detail, request.id))
  })

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'MAF.js', description: 'Multimodal named entity recognition', version },
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
  await app.register(async open => {
    healthRoutes(open, service)
    if (playground) playgroundRoutes(open, { ...playground, asksKey: apiKeys.length > 0 })
    open.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  })
  await app.register(async closed => {
    if (apiKeys.length > 0) closed.addHook('onRequest', keyCheck(apiKeys))
    annotateRoute(closed, service)
    explainRoute(closed, service)
    linesRoute(closed, service)
    closed.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
      const { registry } = service.metrics
      return reply.type(registry.contentType).send(await registry.metrics())
    })
  })
  return app
}

/** Where an error comes from, without its message, which may quote a post. */
const placesOf = ({ stack = '' }: Error): string[] => stack.split('\n').filter(line => /^\s+at /.test(line))
