import { join } from 'node:path'
import { type BoundedFolder, openBoundedFolder } from './bounded-folder'
import { type EntryKey, readEntry, writeEntry } from './entry'
import type { Features, FeatureType } from './features'

/** Features of pictures on disk, of one encoder. */
export interface FeatureCache {
  /**
   * Begins to read the features of a picture.
   *
   * @param picture SHA-256 of its file, or `NO_PICTURE`
   * @returns nothing where there are none, else what they are once they are read; nothing for a damaged entry
   */
  read(picture: string): Promise<{ features: Promise<Features | undefined> } | undefined>
  /** Keeps features; a folder that cannot be written any more is said once, and the run goes on. */
  write(picture: string, features: Features): Promise<void>
}

/** What a feature cache is made of. */
export interface FeatureCacheInputs {
  /** The folder. */
  root: string
  /** The most bytes it may hold, with the entries of all encoders. */
  limit: number
  /** Of what the features are made by. */
  source: string
  type: FeatureType
  /** Is told, once each, that an entry is damaged or that nothing can be written. */
  onNote: (note: string) => void
}

/** Stands for the digest of a picture where there is none. */
export const NO_PICTURE = 'none'

/**
 * Opens the cache of one encoder.
 *
 * @throws InvalidArgumentError for a folder that cannot be used.
 */
export async function openFeatureCache({
  root,
  limit,
  source,
  type,
  onNote,
}: FeatureCacheInputs): Promise<FeatureCache> {
  const folder: BoundedFolder = await openBoundedFolder({ root, limit })
  let isWritable = true
  let isDamageSaid = false
  const keyOf = (picture: string): EntryKey => ({ source, picture, type })
  // Both types of one picture may be there, hence the name; the few files of each shelf keep listings short.
  const nameOf = (picture: string): string =>
    join(source, shelfOf(picture), `${picture}${type === 'float16' ? 'h' : ''}.safetensors`)

  const check = async (picture: string, bytes: Promise<Uint8Array>): Promise<Features | undefined> => {
    const file = await bytes.catch(() => new Uint8Array(0))
    const features = readEntry(file, keyOf(picture))
    if (!features && !isDamageSaid) {
      isDamageSaid = true
      const path = join(root, nameOf(picture))
      onNote(`A cache entry is damaged and is computed again, like any other that is: ${path}.`)
    }
    return features
  }

  return {
    async read(picture) {
      const reading = await folder.read(nameOf(picture)).catch(() => undefined)
      return reading && { features: check(picture, reading.bytes) }
    },
    async write(picture, features) {
      if (!isWritable) return
      try {
        await folder.write(nameOf(picture), writeEntry(features, keyOf(picture)))
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) throw error
        // Several may have been under way.
        if (!isWritable) return
        isWritable = false
        onNote(`Features can no longer be saved in ${root} (${error.code}); the run goes on without.`)
      }
    },
  }
}

const shelfOf = (picture: string): string => (picture === NO_PICTURE ? '00' : picture.slice(0, 2))
