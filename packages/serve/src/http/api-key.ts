import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { HttpProblem } from './http-problem'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The key of a request: `Authorization: Bearer KEY`, or `X-API-Key: KEY`. */
function keyOf({ headers }: FastifyRequest): string {
  const bearer = /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1]
  const own = headers['x-api-key']
  return bearer ?? (typeof own === 'string' ? own : '')
}

/**
 * Refuses requests without one of the keys. Digests are compared, all of them and each to its end: how long it takes tells nothing
 * of a key.
 *
 * @throws HttpProblem 401
 */
export function keyCheck(keys: readonly string[]): (request: FastifyRequest) => Promise<void> {
  const digests = keys.map(digest)
  return async request => {
    const given = digest(keyOf(request))
    const matches = digests.filter(one => timingSafeEqual(one, given))
    if (matches.length > 0) return
    const detail = 'A key must be sent: "Authorization: Bearer KEY", or "X-API-Key: KEY".'
    throw new HttpProblem(401, detail, { 'www-authenticate': 'Bearer' })
  }
}
