import { rm, stat } from 'node:fs/promises'
import { contentPath, rememberCommit, snapshotFolder } from './hub-cache'
import { HubError } from './hub-error'
import { reasonOf } from './hub-failure'
import { describe, describeHub, isCommit, type Repository } from './repository'

type Hub = typeof import('@huggingface/hub')

/** What a repository holds at one commit. */
export interface Snapshot {
  commit: string
  /** The files at its top by name, with their bytes and the name of their content in the cache. */
  files: Map<string, { bytes: number; etag: string }>
}

/** What every call of `@huggingface/hub` is told; it takes no `undefined`. */
const reach = ({ endpoint, accessToken }: Repository) => ({
  ...(endpoint && { hubUrl: endpoint }),
  ...(accessToken && { accessToken }),
})

/** Asks the hub which commit the revision names, and for its files. */
export async function listSnapshot(hub: Hub, repository: Repository): Promise<Snapshot> {
  const { name, revision } = repository
  const { sha } = await hub.modelInfo({ name, revision, additionalFields: ['sha'], ...reach(repository) })
  if (!isCommit(sha)) {
    throw new HubError(`${describeHub(repository)} named no commit for ${describe(repository)} but "${sha}".`)
  }
  const files: Snapshot['files'] = new Map()
  const repo = { type: 'model', name } as const
  for await (const entry of hub.listFiles({ repo, revision: sha, ...reach(repository) })) {
    const etag = entry.lfs?.oid ?? entry.xetHash ?? entry.oid ?? ''
    if (entry.type === 'file') files.set(entry.path, { bytes: entry.size, etag })
  }
  return { commit: sha, files }
}

/**
 * Downloads files into the cache; those that are there already stay.
 *
 * @returns the folder of the commit.
 * @throws HubError naming the file that did not arrive whole.
 */
export async function downloadSnapshot(
  hub: Hub,
  repository: Repository,
  { commit, files }: Snapshot,
  names: readonly string[],
): Promise<string> {
  const { name, cacheFolder } = repository
  for (const path of names) {
    const fail = (reason: string, cause?: unknown): never => {
      throw new HubError(
        `${path} of ${describe(repository)} could not be downloaded (${reason}). Run it again; the files that are whole ` +
          `stay in the cache ${cacheFolder}.`,
        { cause },
      )
    }
    const request = {
      repo: { type: 'model', name },
      path,
      revision: commit,
      cacheDir: cacheFolder,
      ...reach(repository),
    } as const
    const link = await hub.downloadFileToCacheDir(request).catch(error => fail(reasonOf(error), error))
    const { bytes, etag } = files.get(path)!
    const { size } = await stat(link)
    if (size !== bytes) {
      await rm(link)
      await rm(contentPath(repository, etag), { force: true })
      fail(`${size} of ${bytes} bytes arrived`)
    }
  }
  await rememberCommit(repository, commit)
  return snapshotFolder(repository, commit)
}
