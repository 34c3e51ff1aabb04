import { constants, copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { recoverFolder, swapPlaces, writeSynced } from '@mafjs/tensor/files'
import type { SplitterName } from '../../posts/split-words'
import { type Examination, examine } from '../examine'
import type { Repair } from './repair'
import { repairFiles } from './repair-files'

/** Where a repaired copy goes. */
export interface WriteCopyOptions {
  /** A folder that does not exist, without links in its path. */
  target: string
  /** Where the source's pictures are. */
  images?: string | undefined
  /** How texts become words. @default 'tweet' */
  splitter?: SplitterName | undefined
}

/** What was written. */
export interface RepairedCopy {
  folder: string
  repairs: Repair[]
  /** What the copy still has that `fix` leaves alone: warnings and notes only. */
  findings: Examination['findings']
}

/**
 * Writes a repaired copy: `data` with the files of posts, `images` with the pictures that they name, and `repairs.jsonl`.
 * It is put together aside, examined, and renamed into place; the source is only read.
 *
 * @throws InvalidArgumentError when nothing of a file can be kept.
 */
export async function writeCopy(
  examination: Pick<Examination, 'files' | 'pictures'>,
  { target, images, splitter }: WriteCopyOptions,
): Promise<RepairedCopy> {
  const { texts, pictures, repairs } = repairFiles(examination)
  await recoverFolder(target)
  const { partial } = swapPlaces(target)
  const data = join(partial, 'data')
  const copies = join(partial, 'images')
  try {
    await mkdir(data, { recursive: true })
    for (const [name, text] of texts) await writeSynced(join(data, name), text)
    const lines = repairs.map(repair => `${JSON.stringify(repair)}\n`)
    await writeSynced(join(partial, 'repairs.jsonl'), lines.join(''))
    if (images !== undefined) {
      await mkdir(copies)
      for (const [from, to] of pictures) {
        await mkdir(dirname(join(copies, to)), { recursive: true })
        // A file system that can shares the content until one of the two is written to; a link would share it for good.
        await copyFile(join(images, from), join(copies, to), constants.COPYFILE_FICLONE)
      }
    }
    // One file may have any name; a folder's files have those of splits.
    const written = texts.size === 1 ? join(data, ...texts.keys()) : data
    const repaired = {
      data: written,
      splitter,
      images: images === undefined ? undefined : copies,
      quick: true,
    }
    const { findings } = await examine(repaired)
    const errors = findings.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) {
      throw new Error(`The repaired copy still has errors: ${JSON.stringify(errors.slice(0, 5))}`)
    }
    await rename(partial, target)
    const inPlace = (text: string): string => text.replaceAll(partial, target)
    const placed = findings.map(one => ({
      ...one,
      file: inPlace(one.file),
      message: inPlace(one.message),
    }))
    return { folder: target, repairs, findings: placed }
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
}
