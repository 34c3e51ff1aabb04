export { batchFeatures, type EncodedPictures } from './batch-features'
export {
  assertFeatureOptions,
  DEFAULT_CACHE_SIZE,
  defaultFeatureCache,
  type FeatureCacheOptions,
} from './cache-folder'
export { encodeOne, type PictureEncoder } from './encode-one'
export { type EncodeRows, rowEncoder } from './encode-rows'
export { describeCounts, type FeatureCounts } from './feature-counts'
export type { FeatureStore } from './feature-store'
export { FEATURE_TYPES, type Features, type FeatureType, type Rounding } from './features'
export {
  type OpenFeaturesOptions,
  type OpenPicturesOptions,
  openFeatures,
  openPictures,
} from './open-features'
export { relativeError } from './round-features'
