import type { Explanation } from '@mafjs/explain'

/** A post as a person has it before them. */
export interface Question {
  text: string
  picture: File | null
  /** Whether regions of the picture are hidden one by one. */
  occlusion: boolean
}

/** How it is asked. */
export interface AskOptions {
  /** Sent where it is not empty. */
  key: string
  signal: AbortSignal
  /** Told when the server has no room, before it is asked again. */
  onWait(seconds: number): void
}

/** What the server says is wrong. */
export class ServerError extends Error {
  override name = 'ServerError'
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail)
  }
}

/** The server's own sentence; whoever stands before it may answer with something else than a problem. */
async function errorOf(response: Response): Promise<ServerError> {
  const { status, statusText } = response
  const problem: unknown = await response.json().catch(() => undefined)
  const detail = (problem as { detail?: unknown } | undefined)?.detail
  return new ServerError(status, typeof detail === 'string' ? detail : `${status} ${statusText}`.trim())
}

const pause = (seconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end)
      resolve()
    }, seconds * 1000)
    signal.addEventListener('abort', end, { once: true })
  })

/**
 * Asks the server why a post is read as it is, again while it has no room.
 *
 * @throws ServerError for what is wrong; TypeError where the server cannot be reached; the signal's reason
 */
export async function askExplanation(
  { text, picture, occlusion }: Question,
  { key, signal, onWait }: AskOptions,
): Promise<Explanation> {
  const isPictured = picture !== null
  const query = `withoutPicture=${isPictured}&occlusion=${isPictured && occlusion}`
  const headers: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` }
  for (;;) {
    const body = new FormData()
    // As a file, which stays as it is: in a field, the ends of lines become two signs each.
    body.append('text', new Blob([text]))
    if (isPictured) body.append('image', picture)
    const response = await fetch(`explain?${query}`, { method: 'POST', body, headers, signal })
    if (response.ok) return response.json() as Promise<Explanation>
    if (response.status !== 429) throw await errorOf(response)
    const seconds = Math.max(1, Number(response.headers.get('retry-after')) || 1)
    onWait(seconds)
    await pause(seconds, signal)
  }
}
