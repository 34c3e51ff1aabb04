/** A repository of the hub at one revision, and how to reach it. */
export interface Repository {
  /** `owner/name`, or `name` for the oldest ones. */
  name: string
  /** A branch, tag or commit hash. */
  revision: string
  /** The hub's address; without one, the address that `@huggingface/hub` has. */
  endpoint: string | undefined
  accessToken: string | undefined
  /** The folder of all cached repositories. */
  cacheFolder: string
}

const PART = '[A-Za-z0-9][A-Za-z0-9._-]{0,95}'
const NAME = new RegExp(`^${PART}(/${PART})?$`)
const REVISION = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/
const COMMIT = /^[0-9a-f]{40}$/

const climbs = (path: string): boolean => path.split('/').includes('..')

/** Whether a text can be a repository's name; such a text can still be a path. */
export const isRepositoryName = (text: string): boolean => NAME.test(text)

/** Whether a text can be a revision: it becomes part of a path in the cache. */
export const isRevision = (text: string): boolean => REVISION.test(text) && !climbs(text)

/** Whether a text is a commit hash. */
export const isCommit = (text: unknown): text is string => typeof text === 'string' && COMMIT.test(text)

/** How errors call a repository. */
export const describe = ({ name, revision }: Repository): string => `"${name}" at revision "${revision}"`

/** How errors call its hub. */
export const describeHub = ({ endpoint }: Repository): string =>
  endpoint ? `the hub at ${endpoint}` : 'the hub'
