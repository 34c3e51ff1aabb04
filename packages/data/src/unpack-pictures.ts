import { mkdir, readFile as readBytes } from 'node:fs/promises'
import { join } from 'node:path'
import { writeSynced } from '@mafjs/tensor/files'
import { findSplitFiles } from './dataset'
import { dataError, quoted } from './posts/data-error'
import { wrongPictureName } from './posts/picture-name'
import { readFile } from './reading/read-file'

/** Where pictures are taken from, and put. */
export interface UnpackPicturesOptions {
  /** A data folder, or one file. */
  data: string
  /** The images folder: it is made where it is not there, and what it has stays. */
  images: string
}

/**
 * Writes the pictures that stand in files of posts (in Parquet) into an images folder, under the names that their posts have for them.
 *
 * @returns how many there are.
 * @throws InvalidArgumentError for a picture where the folder has another one of its name.
 */
export async function unpackPictures({ data, images }: UnpackPicturesOptions): Promise<number> {
  let count = 0
  for (const file of (await findSplitFiles({ data })).values()) {
    const { pictures = new Map<string, Uint8Array>() } = await readFile(file)
    for (const [name, bytes] of pictures) {
      const wrong = wrongPictureName(name)
      if (wrong) throw dataError({ file, ...wrong })
      const path = join(images, name)
      const there = await readBytes(path).catch(() => undefined)
      if (there && !there.equals(bytes)) {
        throw dataError({
          file,
          rule: `must have pictures that ${images} has no others of`,
          received: `${quoted(name)}, of which there is another`,
          fix: 'Unpack into a new folder; where two files of posts name pictures alike, into one for each.',
        })
      }
      await mkdir(images, { recursive: true })
      if (!there) await writeSynced(path, bytes)
      count++
    }
  }
  return count
}
