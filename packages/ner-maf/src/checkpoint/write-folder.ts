import { access, constants, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { exists, folderPath, recoverFolder, swapFolder, swapPlaces } from './swap-folder'

/** The nearest folder above that is there already must let a folder be made in it. */
async function assertWritableParent(target: string): Promise<void> {
  let parent = dirname(target)
  while (!(await exists(parent)) && dirname(parent) !== parent) parent = dirname(parent)
  const refuse = (received: string): never => {
    throw new InvalidArgumentError({
      argument: '--out',
      rule: 'must be in a folder that can be written',
      received,
      fix: 'Choose another folder.',
    })
  }
  if (!(await stat(parent)).isDirectory()) refuse(`${target}, but ${parent} is a file`)
  await access(parent, constants.W_OK).catch(error =>
    refuse(`${target} (${(error as NodeJS.ErrnoException).code} in ${parent})`),
  )
}

/** What a file of a folder of ours says it is. */
const modelType = (folder: string, file: string): Promise<unknown> =>
  readFile(join(folder, file), 'utf8').then(
    text => JSON.parse(text)?.model_type,
    () => undefined,
  )

async function isCheckpoint(folder: string): Promise<boolean> {
  if ((await modelType(folder, 'config.json').catch(() => undefined)) === 'maf') return true
  // A run that has no best model yet.
  return (await modelType(folder, 'run.json').catch(() => undefined)) === 'maf-run'
}

/**
 * Refuses a folder that is there already, before any work is done for it; with `overwrite`, a folder that is not one
 * of ours, so that a mistyped path deletes nothing. What an interrupted writer left of it is put in order first.
 *
 * @throws InvalidArgumentError naming the folder and the way out.
 */
export async function assertWritableFolder(folder: string, { overwrite = false } = {}): Promise<void> {
  const target = await folderPath(folder)
  await assertWritableParent(target)
  await recoverFolder(target)
  if (!(await exists(target))) return
  if (!overwrite) {
    throw new InvalidArgumentError({
      argument: '--out',
      rule: 'must not exist yet',
      received: folder,
      fix: 'Choose another folder, or replace this one with --overwrite.',
    })
  }
  if (await isCheckpoint(target)) return
  throw new InvalidArgumentError({
    argument: '--overwrite',
    rule: 'replaces only a MAF checkpoint folder',
    received: `${folder}, which holds no config.json of one`,
    fix: 'Choose another folder, or remove this one yourself.',
  })
}

/** What a file is to hold; chunks are written one after another. */
export type FileContent = Uint8Array | string | readonly Uint8Array[]

/** Writes a file and waits until the disk has it, so that a rename after it never uncovers an empty file. */
export async function writeSynced(path: string, content: FileContent): Promise<void> {
  const file = await open(path, 'w')
  try {
    const chunks = Array.isArray(content)
      ? (content as readonly Uint8Array[])
      : [content as Uint8Array | string]
    for (const chunk of chunks) await file.writeFile(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes the names in a folder survive a power cut; Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
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
 * it or the whole of the one before, whatever happens in between. Other files of a replaced folder stay.
 *
 * @throws InvalidArgumentError as `assertWritableFolder` does.
 */
export async function writeFolder(
  folder: string,
  files: Record<string, FileContent>,
  { overwrite = false } = {},
): Promise<void> {
  await assertWritableFolder(folder, { overwrite })
  const target = await folderPath(folder)
  const { partial } = swapPlaces(target)
  try {
    await mkdir(partial, { recursive: true })
    for (const [name, content] of Object.entries(files)) await writeSynced(join(partial, name), content)
    await syncFolder(partial)
    await swapFolder(target)
    await syncFolder(dirname(target))
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}
