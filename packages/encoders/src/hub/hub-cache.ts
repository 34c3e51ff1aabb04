import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isCommit, type Repository } from './repository'

/** A place in a repository's part of the cache: `models--owner--name/...`, the layout all Hugging Face libraries share. */
const cachePath = ({ cacheFolder, name }: Repository, ...parts: string[]): string =>
  join(cacheFolder, ['models', ...name.split('/')].join('--'), ...parts)

/** Where the files of one commit are, as links to their content. */
export const snapshotFolder = (repository: Repository, commit: string): string =>
  cachePath(repository, 'snapshots', commit)

/** Where the content of a file is. */
export const contentPath = (repository: Repository, etag: string): string =>
  cachePath(repository, 'blobs', etag)

/** The commit that the revision named when it was last downloaded. */
export async function cachedCommit(repository: Repository): Promise<string | undefined> {
  if (isCommit(repository.revision)) return repository.revision
  try {
    const commit = (await readFile(cachePath(repository, 'refs', repository.revision), 'utf8')).trim()
    return isCommit(commit) ? commit : undefined
  } catch {
    return undefined
  }
}

/** Remembers the commit a branch or tag names now. */
export async function rememberCommit(repository: Repository, commit: string): Promise<void> {
  if (repository.revision === commit) return
  const path = cachePath(repository, 'refs', repository.revision)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, commit)
}

/** The names of the files in a folder; none where there is no such folder. */
export async function fileNames(folder: string): Promise<Set<string>> {
  try {
    return new Set(await readdir(folder))
  } catch {
    return new Set()
  }
}
