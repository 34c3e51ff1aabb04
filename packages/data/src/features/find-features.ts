import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FrozenImageEncoder } from '@mafjs/encoders'
import { createLimit } from '../pictures/create-limit'
import type { LoadedPicture } from '../pictures/pictures'
import { picturesAtOnce } from '../pictures/pictures-at-once'
import { encodeNone, encodeOne } from './encode-one'
import { type FeatureCache, NO_PICTURE } from './feature-cache'
import type { Features, FeatureType, Rounding } from './features'
import { joinRoundings, roundFeatures } from './round-features'

/** What features are found with. */
export interface FeatureFinderOptions {
  /** The images folder. */
  images: string
  encoder: FrozenImageEncoder
  /** Decodes a picture from its path or its bytes, as the encoder reads it. */
  load: (source: string | Uint8Array) => Promise<LoadedPicture>
  type: FeatureType
  /** Left out, nothing is kept on disk. */
  cache?: FeatureCache | undefined
  /** Bytes of features that are kept in memory. */
  memory: number
}

/** Features on their way. */
export interface Search {
  /** Resolves when what is left is done without this thread, or has been done. */
  begun: Promise<unknown>
  /** Rejects where the file is no picture. */
  found: Promise<Features>
}

/** Finds features: in memory, in the cache, or by decoding and encoding the picture. */
export interface FeatureFinder {
  /** @param file relative to the images folder */
  find(file: string): Search
  /** What the encoder makes of no picture. */
  none(): Promise<Features>
  counts(): { cached: number; computed: number; rounding?: Rounding }
  dispose(): Promise<void>
}

/** Files that are open at once. */
const READ_AT_ONCE = 128

const bytesOf = ({ states, summary, mask }: Features): number =>
  states.byteLength + summary.byteLength + mask.byteLength

/**
 * Creates a finder. What is kept in memory stays until it is disposed: each epoch asks for every picture once, in an order
 * of its own, so that to let the least recently used go would be to let go what is asked for next.
 */
export function createFeatureFinder({
  images,
  encoder,
  load,
  type,
  cache,
  memory,
}: FeatureFinderOptions): FeatureFinder {
  const digests = new Map<string, string>()
  const kept = new Map<string, Features>()
  const searches = new Map<string, Promise<Features>>()
  const counted = { cached: new Set<string>(), computed: new Set<string>() }
  const reading = createLimit(READ_AT_ONCE)
  const computing = createLimit(picturesAtOnce(encoder.threads))
  let left = memory
  let rounding: Rounding | undefined
  let none: Promise<Features> | undefined

  const rounded = async (features: Promise<Features>): Promise<Features> =>
    type === 'float16' ? roundFeatures(await features) : features

  const keep = (digest: string, features: Features, how: keyof typeof counted): Features => {
    if (!counted.cached.has(digest) && !counted.computed.has(digest)) {
      counted[how].add(digest)
      if (features.rounding) {
        rounding = joinRoundings([...(rounding ? [rounding] : []), features.rounding])
      }
    }
    const bytes = bytesOf(features)
    if (bytes <= left && !kept.has(digest)) {
      left -= bytes
      kept.set(digest, features)
    }
    return features
  }

  const compute = async (digest: string, bytes: Uint8Array): Promise<Features> => {
    const { pixels } = await load(bytes)
    const features = await rounded(encodeOne(encoder, pixels))
    await cache?.write(digest, features)
    return keep(digest, features, 'computed')
  }

  /** Reads a picture's file, and says who it is. */
  const readPicture = async (file: string): Promise<{ digest: string; bytes: Uint8Array }> => {
    const path = join(images, file)
    const bytes = await reading(() => readFile(path)).catch(async error => {
      // The loader says best what is wrong with a path.
      await load(path)
      throw error
    })
    const digest = createHash('sha256').update(bytes).digest('hex')
    digests.set(file, digest)
    return { digest, bytes }
  }

  const search = async (file: string, begin: () => void): Promise<Features> => {
    let bytes: Uint8Array | undefined
    let digest = digests.get(file)
    if (digest === undefined) ({ digest, bytes } = await readPicture(file))
    const known = kept.get(digest)
    if (known) return known
    const stored = await reading(async () => {
      const stored = await cache?.read(digest)
      begin()
      return stored?.features
    })
    if (stored) return keep(digest, stored, 'cached')
    return computing(async () => {
      const again = kept.get(digest)
      if (again) return again
      // Its file may have changed since: what is computed is of what is read now.
      const now = bytes ? { digest, bytes } : await readPicture(file)
      return compute(now.digest, now.bytes)
    })
  }

  return {
    find(file) {
      const known = searches.get(file)
      if (known) return { begun: Promise.resolve(), found: known }
      let begin = (): void => {}
      const begun = new Promise<void>(resolve => {
        begin = resolve
      })
      const found = search(file, begin).finally(() => {
        begin()
        searches.delete(file)
      })
      // Who asked ahead may never come for it.
      found.catch(() => {})
      searches.set(file, found)
      return { begun, found }
    },
    none() {
      none ??= (async () => {
        const stored = await (await cache?.read(NO_PICTURE))?.features
        if (stored) return stored
        const features = await rounded(encodeNone(encoder))
        await cache?.write(NO_PICTURE, features)
        return features
      })()
      return none
    },
    counts: () => ({
      cached: counted.cached.size,
      computed: counted.computed.size,
      ...(rounding && { rounding }),
    }),
    async dispose() {
      await Promise.allSettled(searches.values())
      kept.clear()
    },
  }
}
