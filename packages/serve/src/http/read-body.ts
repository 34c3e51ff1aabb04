import type { IncomingMessage } from 'node:http'
import { gatherBytes } from '@mafjs/data'
import type { ByteBudget } from '../queue/byte-budget'
import { HttpProblem, tooLarge } from './http-problem'

/** What bounds the body of a request. */
export interface BodyLimits {
  /** Bytes of one body. */
  bodyBytes: number
  /** Seconds until it must be there. */
  bodySeconds: number
}

/** Said where the server holds as much as it may. */
export const busy = (seconds: number): HttpProblem =>
  new HttpProblem(429, 'The server has as many posts as it may hold. Send the post again later.', {
    'retry-after': String(seconds),
  })

/** Bytes that a request keeps in memory, until they are given back. */
export interface Held {
  /** @throws HttpProblem 429 */
  hold(bytes: number): void
  release(): void
}

/** A share of the budget that grows with a request. @param wait seconds until there may be room again */
export function holdIn(budget: ByteBudget, wait: () => number): Held {
  let held = 0
  return {
    hold(bytes) {
      if (!budget.take(bytes)) throw busy(wait())
      held += bytes
    },
    release() {
      budget.giveBack(held)
      held = 0
    },
  }
}

/**
 * The chunks of a body, counted. What is left of one that is refused is read and thrown away, so that its client sees the answer.
 *
 * @throws HttpProblem 413 for more bytes than it may have, 408 where they do not come in time, 429 for no room
 */
export async function* bodyChunks(
  request: IncomingMessage,
  { bodyBytes, bodySeconds }: BodyLimits,
  { hold }: Pick<Held, 'hold'>,
): AsyncGenerator<Buffer> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), bodySeconds * 1000)
  const tooLate = new Promise<never>((_, reject) => {
    late.signal.addEventListener('abort', () =>
      reject(
        new HttpProblem(408, `The body must be there within ${bodySeconds} seconds.`, {
          connection: 'close',
        }),
      ),
    )
  })
  tooLate.catch(() => {})
  const chunks = request.iterator({ destroyOnReturn: false })
  let bytes = 0
  let isRead = false
  try {
    if (Number(request.headers['content-length'] ?? 0) > bodyBytes) throw tooLarge('The body', bodyBytes)
    for (;;) {
      const { done, value } = await Promise.race([nextOf(chunks), tooLate])
      if (done) {
        isRead = true
        return
      }
      bytes += (value as Buffer).length
      if (bytes > bodyBytes) throw tooLarge('The body', bodyBytes)
      hold((value as Buffer).length)
      yield value as Buffer
    }
  } finally {
    clearTimeout(timer)
    if (!isRead && !request.destroyed) void throwAway(request, chunks, bodySeconds)
  }
}

/** Said to nobody: the log and the counts have it. */
export const clientLeft = (): HttpProblem => new HttpProblem(499, 'The client has left.')

/** @throws HttpProblem 499 where the client leaves in the middle, which is no failure of the server */
const nextOf = (chunks: AsyncIterator<unknown>): Promise<IteratorResult<unknown>> =>
  chunks.next().catch(() => {
    throw clientLeft()
  })

/** Reads the rest of a body for nobody, for a while. Its iterator does: beside one, `resume()` would read nothing. */
async function throwAway(
  request: IncomingMessage,
  chunks: AsyncIterator<unknown>,
  seconds: number,
): Promise<void> {
  const end = setTimeout(() => request.destroy(), seconds * 1000)
  try {
    while (!(await chunks.next()).done);
  } catch {
    // The client has left, or was given up.
  } finally {
    clearTimeout(end)
  }
}

/** A whole body. */
export async function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  held: Pick<Held, 'hold'>,
): Promise<Uint8Array> {
  const body = gatherBytes()
  for await (const chunk of bodyChunks(request, limits, held)) body.add(chunk)
  return body.take()
}
