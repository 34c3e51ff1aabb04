import { type Engine, threadsOf } from '@mafjs/compile/engine'
import { type BrokenPicture, createPictureStore, type Example, picturesAtOnce } from '@mafjs/data'
import { loadPicture, type PicturePreparation } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import { type ImageParts, isFrozen, openPictureEncoder } from '../engine/open-picture-encoder'
import type { LoadPictures } from '../model/batch-arrays'
import { cacheBytes, DEFAULT_CACHE_SIZE, defaultFeatureCache, type FeatureCacheOptions } from './cache-folder'
import { openFeatureCache } from './feature-cache'
import type { FeatureCounts } from './feature-counts'
import { createFeatureStore, type FeatureStore } from './feature-store'
import { assertFeatureType } from './features'
import { sourceDigest } from './source-digest'

/** Bytes of features that a run keeps in memory. */
export const FEATURE_MEMORY = 512e6

/** Where the pictures of a run come from. */
export interface OpenPicturesOptions extends FeatureCacheOptions {
  /** The image encoder. */
  parts: ImageParts
  engine: Engine
  /** The images folder. */
  images: string
  preparation: PicturePreparation
  /** A broken picture is an error. @default false */
  strict?: boolean
  /** Pictures that are known to be broken. @default none */
  broken?: readonly BrokenPicture[]
  /** Bytes of features kept in memory. @default FEATURE_MEMORY */
  memory?: number
  /** Is told what a person should know of the cache. */
  onNote?: (note: string) => void
}

/** Gives the pictures of a run, as its model takes them. */
export interface PictureSource {
  loadBatch: LoadPictures
  /** Told of the posts that are asked for next. */
  readAhead(examples: readonly Example[]): Promise<void>
  /** The broken pictures met so far, each once, by name. */
  broken(): BrokenPicture[]
  /** Where features came from; none for a model that reads the pictures themselves. */
  counts(): FeatureCounts | undefined
  dispose(): Promise<void>
}

/**
 * Opens the features of the pictures in a folder, as the frozen image encoder of a model makes them: whether they come from
 * the cache or not changes no bit.
 *
 * @throws InvalidArgumentError for a cache that cannot be used, or an image encoder that is trained.
 */
export async function openFeatures({
  parts,
  engine,
  images,
  preparation,
  strict,
  broken,
  memory = FEATURE_MEMORY,
  onNote = () => {},
  featureCache = defaultFeatureCache(),
  featureCacheSize = DEFAULT_CACHE_SIZE,
  featureType = 'float32',
}: OpenPicturesOptions): Promise<FeatureStore> {
  assertFeatureType(featureType)
  if (!isFrozen(parts)) {
    throw new InvalidArgumentError({
      argument: 'imageEncoder',
      rule: 'must be one that is not trained',
      received: parts.imageEncoder ? 'one that is, as any from random weights' : 'none',
      fix: 'What is trained gives other features after every step: read the pictures themselves.',
    })
  }
  const limit = cacheBytes(featureCacheSize)
  const cache =
    featureCache === 'none'
      ? undefined
      : await openFeatureCache({
          root: featureCache,
          limit,
          source: await sourceDigest({ parts, preparation, engine }),
          type: featureType,
          onNote,
        })
  return createFeatureStore({
    images,
    size: preparation.size,
    load: source => loadPicture(source, preparation),
    openEncoder: () => openPictureEncoder(parts, engine),
    type: featureType,
    memory,
    inFlight: picturesAtOnce(threadsOf(engine)),
    ...(cache && { cache }),
    ...(strict !== undefined && { strict }),
    ...(broken && { broken }),
  })
}

/**
 * Opens the pictures in a folder for a model: their features where its image encoder is frozen, else the pictures themselves.
 *
 * @throws InvalidArgumentError for a cache that cannot be used.
 */
export async function openPictures(options: OpenPicturesOptions): Promise<PictureSource> {
  if (isFrozen(options.parts)) return openFeatures(options)
  const { images, preparation, strict, broken, engine } = options
  const store = createPictureStore({
    images,
    size: preparation.size,
    load: path => loadPicture(path, preparation),
    inFlight: picturesAtOnce(threadsOf(engine)),
    ...(strict !== undefined && { strict }),
    ...(broken && { broken }),
  })
  return { ...store, readAhead: async () => {}, counts: () => undefined, dispose: async () => {} }
}
