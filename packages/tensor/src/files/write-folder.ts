import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InvalidArgumentError } from '../errors'
import { assertWritableParent } from './assert-writable-parent'
import { exists } from './exists'
import { folderPath } from './folder-path'
import { nameFailure } from './name-failure'
import { recoverFolder, swapFolder, swapPlaces } from './swap-folder'

/** A kind of folder that we write: which folder may take the place of which. */
export interface FolderKind {
  /** What such a folder is called. */
  name: string
  /** The file by which one is known. */
  mark: string
  /** Whether a folder is one. */
  isOne: (folder: string) => Promise<boolean>
}

/** How a folder is written. */
export interface WriteFolderOptions {
  kind: FolderKind
  /** Replaces a folder of the same kind. @default false */
  overwrite?: boolean | undefined
  /** What the folder was given as, for errors. @default 'out' */
  argument?: string | undefined
}

/**
 * Refuses a folder that is there already, before any work is done for it; with `overwrite`, a folder of another kind, so
 * that a mistyped path deletes nothing. What an interrupted writer left of it is put in order first.
 *
 * @throws InvalidArgumentError naming the folder and the way out.
 */
export async function assertWritableFolder(
  folder: string,
  { kind, overwrite = false, argument = 'out' }: WriteFolderOptions,
): Promise<void> {
  const target = await folderPath(folder)
  await assertWritableParent(target, argument)
  await recoverFolder(target)
  if (!(await exists(target))) return
  if (!overwrite) {
    throw new InvalidArgumentError({
      argument,
      rule: 'must not exist yet',
      received: folder,
      fix: 'Choose another folder, or replace this one with overwrite: true.',
    })
  }
  if (await kind.isOne(target)) return
  throw new InvalidArgumentError({
    argument: 'overwrite',
    rule: `replaces only ${kind.name}`,
    received: `${folder}, which holds no ${kind.mark} of one`,
    fix: 'Choose another folder, or remove this one yourself.',
  })
}

/** What a file is to hold; chunks are written one after another, so that they never need to be in memory together. */
export type FileContent = Uint8Array | string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** Writes a file and waits until the disk has it, so that a rename after it never uncovers an empty file. */
export async function writeSynced(path: string, content: FileContent): Promise<void> {
  const file = await open(path, 'w')
  try {
    const isWhole = typeof content === 'string' || content instanceof Uint8Array
    await nameFailure(path, async () => {
      for await (const chunk of isWhole ? [content] : content) await file.writeFile(chunk)
      await file.sync()
    })
  } finally {
    await file.close()
  }
}

/** Makes the names in a folder survive a power cut; Windows has no such thing. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Writes a folder of files aside, syncs them, and renames the folder into place: a reader (`readWhole`) sees the whole of
 * it or the whole of the one before, whatever happens in between. Other files of a replaced folder stay, but for those
 * that are `undefined` here: files of the kind that this folder does without.
 *
 * @throws InvalidArgumentError as `assertWritableFolder` does.
 */
export async function writeFolder(
  folder: string,
  files: Record<string, FileContent | undefined>,
  options: WriteFolderOptions,
): Promise<void> {
  await assertWritableFolder(folder, options)
  const target = await folderPath(folder)
  const { partial } = swapPlaces(target)
  const names = Object.keys(files)
  try {
    await mkdir(partial, { recursive: true })
    for (const name of names) {
      if (files[name] !== undefined) await writeSynced(join(partial, name), files[name])
    }
    await syncFolder(partial)
    await swapFolder(target)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
  for (const name of names) if (files[name] === undefined) await rm(join(target, name), { force: true })
  await syncFolder(dirname(target))
}
