import { explanationScript } from '@mafjs/explain/page'
import type { FastifyInstance } from 'fastify'
import { playgroundScript, playgroundStyle } from '../playground/carried'
import { PLAYGROUND_FILES, PLAYGROUND_POLICY, playgroundPage } from '../playground/playground-page'

/** What of the server the page shows. */
export interface PlaygroundRoutesOptions {
  /** Of the model that answers now. */
  readsPictures(): boolean
  asksKey: boolean
}

const FILES = [
  [PLAYGROUND_FILES.view, 'text/javascript', explanationScript],
  [PLAYGROUND_FILES.script, 'text/javascript', playgroundScript],
  [PLAYGROUND_FILES.style, 'text/css', playgroundStyle],
] as const

/** `GET /`, where a person tries the model, and what that page loads. */
export function playgroundRoutes(
  app: FastifyInstance,
  { readsPictures, asksKey }: PlaygroundRoutesOptions,
): void {
  const schema = { hide: true }
  app.get('/', { schema }, async (_request, reply) =>
    reply
      .headers({ 'content-security-policy': PLAYGROUND_POLICY, 'cache-control': 'no-cache' })
      .type('text/html; charset=utf-8')
      .send(playgroundPage({ readsPictures: readsPictures(), asksKey })),
  )
  for (const [path, type, { text, hash }] of FILES) {
    const etag = `"${hash}"`
    app.get(`/${path}`, { schema }, async (request, reply) => {
      reply.headers({ etag, 'cache-control': 'no-cache' })
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      return reply.type(`${type}; charset=utf-8`).send(text)
    })
  }
}
