import { HubError } from './hub-error'
import { describe, describeHub, type Repository } from './repository'

/** The HTTP status of an error of `@huggingface/hub`, where it has one. */
function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' ? status : undefined
}

/** What went wrong; behind `fetch failed` the cause has the code, e.g. ECONNREFUSED. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, message } = (error.cause ?? {}) as { code?: string; message?: string }
  return [error.message, code ?? message].filter(Boolean).join(': ')
}

/** Whether the hub itself was out of reach or out of order, so that the cache may answer in its place. */
export function isUnreachable(error: unknown): boolean {
  const status = statusOf(error)
  // fetch reports every failure of the network as a TypeError with a cause.
  if (status === undefined) return error instanceof TypeError && error.cause !== undefined
  return status === 429 || status >= 500
}

/** The error of a repository that could not be read, with what to do about it. */
export function hubFailure(repository: Repository, error: unknown): HubError {
  const status = statusOf(error)
  const what = describe(repository)
  const hub = describeHub(repository)
  if (status === 401 || status === 403 || status === 404) {
    return new HubError(
      `${what} is not to be had from ${hub} (status ${status}), and no folder is called so. Check the name and the ` +
        'revision; a private or gated repository needs an access token (HF_TOKEN), a local checkpoint an existing folder.',
      { cause: error },
    )
  }
  const cached = isUnreachable(error)
    ? `, and the cache ${repository.cacheFolder} does not hold it whole`
    : ''
  return new HubError(
    `${what} could not be read from ${hub} (${reasonOf(error)})${cached}. Check the network and HF_ENDPOINT, or name the ` +
      'folder of a checkpoint.',
    { cause: error },
  )
}
