import { type FrozenImageEncoder, loadPicture, type PicturePreparation } from '@mafjs/encoders'
import type { PictureFolder } from '../pictures/broken-picture'
import type { PictureBatch } from '../pictures/picture-batch'
import { createPictureStore, type PictureStoreOptions, type Pictures } from '../pictures/pictures'
import { picturesAtOnce } from '../pictures/pictures-at-once'
import { cacheBytes, DEFAULT_CACHE_SIZE, defaultFeatureCache, type FeatureCacheOptions } from './cache-folder'
import { openFeatureCache } from './feature-cache'
import { createFeatureStore, type FeatureStore } from './feature-store'
import { assertFeatureType } from './features'

/** Bytes of features that a run keeps in memory. */
export const FEATURE_MEMORY = 512e6

/** Whose features are read, and by what they are made. */
export interface OpenFeaturesOptions extends PictureFolder, FeatureCacheOptions {
  /** Of `freezeEncoder`; whoever made it frees it. */
  encoder: FrozenImageEncoder
  /** Bytes of features kept in memory. @default FEATURE_MEMORY */
  memory?: number | undefined
  /** Is told what a person should know of the cache. */
  onNote?: ((note: string) => void) | undefined
}

/**
 * Opens the features of the pictures in a folder, as a frozen image encoder makes them: every picture is encoded once and kept
 * on disk, and whether it comes from there or not changes no bit.
 *
 * @throws InvalidArgumentError for a cache that cannot be used.
 */
export async function openFeatures({
  encoder,
  memory = FEATURE_MEMORY,
  onNote = () => {},
  featureCache = defaultFeatureCache(),
  featureCacheSize = DEFAULT_CACHE_SIZE,
  featureType = 'float32',
  ...folder
}: OpenFeaturesOptions): Promise<FeatureStore> {
  assertFeatureType(featureType)
  const limit = cacheBytes(featureCacheSize)
  const made = { root: featureCache, limit, type: featureType, onNote }
  const cache =
    featureCache === 'none'
      ? undefined
      : await openFeatureCache({ ...made, source: await encoder.identity() })
  return createFeatureStore({
    ...folder,
    ...{ encoder, cache, memory },
    load: source => loadPicture(source, encoder.preparation),
    type: featureType,
  })
}

/** Whose pictures are read as they are. */
export interface OpenPicturesOptions extends PictureFolder, Pick<PictureStoreOptions, 'fill'> {
  preparation: PicturePreparation
  /** That compute, which bounds how many pictures are decoded at once. */
  threads?: number | undefined
}

/** Opens the pictures in a folder, decoded, for a model whose image encoder is a part of it. */
export const openPictures = ({
  preparation,
  threads,
  ...folder
}: OpenPicturesOptions): Pictures<PictureBatch> =>
  createPictureStore({
    ...folder,
    size: preparation.size,
    load: path => loadPicture(path, preparation),
    inFlight: picturesAtOnce(threads),
  })
