import { Readable } from 'node:stream'
import { streamLines } from '@mafjs/data'
import { mapAhead, streamUntil } from '@mafjs/train'
import type { FastifyInstance } from 'fastify'
import type { Answer } from '../queue/job'
import { PROBLEMS } from './route-schemas'
import { beginWork, mediaTypeOf, refuseType, type Service, STOPPING, type Work } from './service'

/** Lines of a stream that wait or are computed at a time. */
const AT_ONCE = 64

/** Seconds in which a stream must give or take something. */
const IDLE_SECONDS = 120

const TYPES = ['application/x-ndjson', 'application/jsonl', 'application/jsonlines']

interface Line {
  bytes: Uint8Array
  line: number
}

/** The lines of a request while no more of them are in memory than one body may be; each by its number. */
async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  { limits, stopping }: Service,
  open: { bytes: number; settled(): Promise<void> },
): AsyncGenerator<Line> {
  let line = 0
  const lines = streamLines(chunks, { longest: limits.bodyBytes })
  for await (const bytes of streamUntil(lines, [stopping])) {
    line += 1
    open.bytes += bytes.length
    yield { bytes, line }
    while (open.bytes >= limits.bodyBytes) await open.settled()
  }
}

/** The answers to the lines of a request, in their order. */
async function* answersOf(
  chunks: AsyncIterable<Buffer>,
  service: Service,
  { signal }: Work,
): AsyncGenerator<string> {
  const waiting: (() => void)[] = []
  const open = { bytes: 0, settled: () => new Promise<void>(resolve => waiting.push(resolve)) }
  const answer = async ({ bytes, line }: Line): Promise<Answer> => {
    try {
      await service.queue.room(signal)
      return await service.queue.ask({ kind: 'line', bytes, line }, signal)
    } finally {
      open.bytes -= bytes.length
      for (const go of waiting.splice(0)) go()
    }
  }
  const results = mapAhead(
    linesOf(chunks, service, open),
    { atOnce: AT_ONCE, stop: () => {} },
    async one => ({
      ...(await answer(one)),
      line: one.line,
    }),
  )
  let last = 0
  try {
    for await (const result of results) {
      const isError = result.status !== 200 || result.isErrorLine === true
      service.metrics.line(isError ? 'error' : 'ok')
      const { line } = result
      last = line
      yield `${result.status === 200 ? result.body : JSON.stringify({ line, error: result.detail })}\n`
    }
  } catch (error) {
    if (!service.stopping.aborted) throw error
    yield `${JSON.stringify({ line: last + 1, error: `${STOPPING} Lines from this one on were not read.` })}\n`
  }
}

/** `POST /annotate/lines`: posts as JSONL, each answered by a line, in order and as soon as it is there. */
export function linesRoute(app: FastifyInstance, service: Service): void {
  app.post(
    '/annotate/lines',
    {
      schema: {
        summary: 'Annotate a stream of posts',
        description:
          'One post in JSON on each line; each is answered by one line, in order, with its number as `line`, its `id`, text and tokens, and its annotation, or with an `error`.',
        consumes: [TYPES[0]!],
        produces: [TYPES[0]!],
        response: { 200: { type: 'string', description: 'JSONL' }, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      if (!TYPES.includes(mediaTypeOf(request))) return refuseType(request, TYPES[0]!)
      const work = beginWork(service, reply)
      // What its lines may hold, all at once: a stream is never told to come back in its middle.
      work.hold(2 * service.limits.bodyBytes)
      request.raw.socket.setTimeout(IDLE_SECONDS * 1000, () => request.raw.destroy())
      const chunks = request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
      return reply.type(TYPES[0]!).send(Readable.from(answersOf(chunks, service, work), { objectMode: true }))
    },
  )
}
