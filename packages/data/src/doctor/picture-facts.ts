import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checkPicture, PictureError, pictureHeader } from '@mafjs/encoders'
import { brokenReason } from '../pictures/broken-picture'
import { eachPicture } from '../pictures/each-picture'

/** What one picture file is. */
export interface PictureFacts {
  /** Relative to the images folder. */
  path: string
  bytes: number
  /** As its content has it, e.g. `jpeg`. */
  format?: string | undefined
  width?: number | undefined
  height?: number | undefined
  /** Why it cannot be used; absent where it can, or was not decoded. */
  fault?: string | undefined
  /** Whether it may be whole, of a format that is not read. */
  isUnread?: boolean | undefined
}

/** How pictures are looked at. */
export interface PictureFactsOptions {
  /** Read the headers only: a picture cut off behind its header is not found. @default false */
  quick?: boolean | undefined
  /** That bound how many are decoded at once. @default one for each processor that this process may use */
  threads?: number | undefined
}

async function readFacts(images: string, path: string, quick: boolean): Promise<PictureFacts> {
  const full = join(images, path)
  const facts: PictureFacts = { path, bytes: 0 }
  try {
    facts.bytes = (await stat(full)).size
    Object.assign(facts, await pictureHeader(full))
    if (!quick) await checkPicture(full)
    return facts
  } catch (error) {
    const isUnread = error instanceof PictureError && error.fault === 'format not read'
    return { ...facts, fault: brokenReason(error, full), isUnread }
  }
}

/** Looks at picture files: what they are, and whether they can be used. */
export async function readPictureFacts(
  images: string,
  paths: readonly string[],
  { quick = false, threads }: PictureFactsOptions = {},
): Promise<Map<string, PictureFacts>> {
  const facts = await eachPicture(paths, threads, path => readFacts(images, path, quick))
  return new Map(facts.map(one => [one.path, one]))
}
