import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { INDEX_ENDING, shardsOf } from '../weights'
import { CHECKPOINT_FILES, type CheckpointFile, chooseFiles } from './checkpoint-files'
import { downloadSnapshot, listSnapshot, type Snapshot } from './download-snapshot'
import { cachedCommit, fileNames, snapshotFolder } from './hub-cache'
import { HubError } from './hub-error'
import { hubFailure, isUnreachable } from './hub-failure'
import { describe, isRepositoryName, isRevision, type Repository } from './repository'

/** Where a checkpoint comes from and what of it is needed. */
export interface ResolveCheckpointOptions {
  /** The files to download. @default CHECKPOINT_FILES */
  files?: readonly CheckpointFile[] | undefined
  /** Branch, tag or commit hash. @default 'main' */
  revision?: string | undefined
  /** Folder of the cache. @default that of the Hugging Face libraries: HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub */
  cacheFolder?: string | undefined
  /** Address of the hub. @default HF_ENDPOINT, else that of `@huggingface/hub` */
  endpoint?: string | undefined
  /** Token for private and gated repositories. @default HF_TOKEN */
  accessToken?: string | undefined
}

/**
 * The local folder of a checkpoint: an existing folder as it is, otherwise a repository of the hub, `owner/name` or
 * `name`, of which the needed files are downloaded through `@huggingface/hub` into its cache. The hub is asked every
 * time which commit the revision names, so that an update is seen; where it cannot be reached (or HF_HUB_OFFLINE is
 * set) the last downloaded commit is used.
 *
 * @throws InvalidArgumentError for what is neither a folder nor a hub name, or no revision.
 * @throws HubError for a repository or file that cannot be had.
 */
export async function resolveCheckpoint(
  nameOrFolder: string,
  {
    files = CHECKPOINT_FILES,
    revision = 'main',
    cacheFolder,
    endpoint = process.env['HF_ENDPOINT'] || undefined,
    accessToken = process.env['HF_TOKEN'] || undefined,
  }: ResolveCheckpointOptions = {},
): Promise<string> {
  if (await isExistingFolder(nameOrFolder)) return nameOrFolder
  if (!isRevision(revision)) {
    throw new InvalidArgumentError({
      argument: 'revision',
      rule: 'must be a branch, a tag or a commit hash',
      received: revision,
    })
  }
  const hub = await importHub()
  const repository: Repository = {
    name: nameOrFolder,
    revision,
    endpoint: endpoint?.replace(/\/+$/, ''),
    accessToken,
    cacheFolder: cacheFolder ?? hub.getHFHubCachePath(),
  }
  let snapshot: Snapshot
  try {
    if (isOffline()) throw new TypeError('not tried', { cause: { code: 'HF_HUB_OFFLINE is set' } })
    snapshot = await listSnapshot(hub, repository)
  } catch (error) {
    if (error instanceof HubError) throw error
    const cached = isUnreachable(error) ? await cachedFolder(repository, files) : undefined
    if (cached === undefined) throw hubFailure(repository, error)
    return cached
  }
  const { chosen, missing } = chooseFiles(files, new Set(snapshot.files.keys()))
  if (missing.length > 0 || chosen.length === 0) {
    const present = [...snapshot.files.keys()].slice(0, 20).join(', ') || 'nothing'
    throw new HubError(
      `${describe(repository)} lacks ${missing.join(', ') || 'every file that is wanted'} at its top; it has ${present}. Choose a ` +
        'repository that has them.',
    )
  }
  const folder = await downloadSnapshot(hub, repository, snapshot, chosen)
  const shards = await listedShards(folder, chosen)
  const absent = shards.filter(name => !snapshot.files.has(name))
  if (absent.length > 0)
    throw new HubError(`${describe(repository)} lacks ${absent.join(', ')}, which its index lists.`)
  return shards.length > 0 ? downloadSnapshot(hub, repository, snapshot, shards) : folder
}

/** The files that the indices among the files of a folder list. */
async function listedShards(folder: string, names: readonly string[]): Promise<string[]> {
  const indices = names.filter(name => name.endsWith(INDEX_ENDING))
  return (await Promise.all(indices.map(name => shardsOf(join(folder, name))))).flat()
}

async function isExistingFolder(nameOrFolder: string): Promise<boolean> {
  const stats = await stat(nameOrFolder).catch(() => undefined)
  if (stats?.isDirectory()) return true
  if (stats || !isRepositoryName(nameOrFolder)) {
    throw new InvalidArgumentError({
      argument: 'nameOrFolder',
      rule: 'must be an existing folder or a hub name (owner/name)',
      received: stats ? `the file ${nameOrFolder}` : nameOrFolder === '' ? 'an empty text' : nameOrFolder,
      fix: 'Name the folder that holds config.json and the weights.',
    })
  }
  return false
}

const isOffline = (): boolean => /^(1|true|yes|on)$/i.test(process.env['HF_HUB_OFFLINE'] ?? '')

/** The last downloaded commit's folder, if every file that is needed is in it. */
async function cachedFolder(
  repository: Repository,
  files: readonly CheckpointFile[],
): Promise<string | undefined> {
  const commit = await cachedCommit(repository)
  if (!commit) return undefined
  const folder = snapshotFolder(repository, commit)
  const present = new Set(await fileNames(folder))
  const { chosen, missing } = chooseFiles(files, present)
  const isWhole =
    missing.length === 0 && (await listedShards(folder, chosen)).every(name => present.has(name))
  return isWhole ? folder : undefined
}

async function importHub(): Promise<typeof import('@huggingface/hub')> {
  try {
    return await import('@huggingface/hub')
  } catch (cause) {
    throw new HubError(
      'The package @huggingface/hub is needed for hub names. Install it, or name a local folder.',
      { cause },
    )
  }
}
